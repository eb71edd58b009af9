package device

import "time"

// EventKind says what happened.
type EventKind int

// The kinds of events.
const (
	// Connecting: a dial begins. Attempt counts all of them from 1.
	Connecting EventKind = iota
	// Connected: CONNACK and SUBACK are there.
	Connected
	// ConnectFailed: Err says why.
	ConnectFailed
	// Disconnected: a connection has ended; Err is nil when the device wanted it.
	Disconnected
	// Sampled: a reading exists; Payload is what will be sent. At is when it was due,
	// Late how much later it was taken.
	Sampled
	// Sent: a message was written for the first time. At is just before that.
	Sent
	// Resent: a message was written again.
	Resent
	// Acked: its PUBACK came.
	Acked
	// Dropped: a message was given up; Err says why. It was never sent, except with
	// ErrPowerLoss: then the device cannot know.
	Dropped
	// Command: a command was received; Payload is it.
	Command
	// Acted: the command was obeyed, or refused with Err.
	Acted
	// Stopped: Run returns.
	Stopped
	// Unread: there is no reading; Err says why, io.EOF that there will be no more.
	Unread
	// Left: the device says goodbye for a while (Config.Absence).
	Left
	// Skipped: Count readings were not taken, as the simulator was too late.
	Skipped
)

var kindNames = [...]string{"connecting", "connected", "connect failed", "disconnected", "sampled", "sent",
	"resent", "acked", "dropped", "command", "acted", "stopped", "unread", "left", "skipped"}

// String is the kind in words.
func (k EventKind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return "unknown"
	}
	return kindNames[k]
}

// Event is something that happened to a device. Fields without a meaning for the
// kind are empty. The payload must not be changed.
type Event struct {
	At    time.Time
	Kind  EventKind
	Thing string
	// Seq counts the messages of Topic from 1.
	Seq     uint64
	Topic   string
	QoS     byte
	Payload []byte
	Err     error
	// Command is the action of a command.
	Command string
	// Attempt counts the dials from 1.
	Attempt int
	Late    time.Duration
	Count   int
}
