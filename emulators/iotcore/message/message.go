package message

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// OffMQTT is clientid() of a message that did not come over MQTT.
const OffMQTT = "n/a"

// Message is a message on its way through rules and to subscribers. It is not
// changed after it was accepted.
type Message struct {
	Topic   string
	Payload []byte
	QoS     byte
	Retain  bool

	Properties *sql.Properties // of MQTT 5; nil is without
	Expires    time.Time       // zero is never

	// Only is the one client that may have the message, or empty: it is for no rule, no
	// shared subscription and no event's payload.
	Only string

	MQTT      bool   // published over MQTT
	ClientID  string // publisher, or OffMQTT
	Thing     string
	Principal string
	SourceIP  string
	From      *logging.Peer // as log entries have it; nil of what IoT Core itself publishes
	Trace     string
	At        time.Time // when the rules engine saw it

	// Source and seq order the messages of one instant. source is the client that
	// the message is from or about, or empty.
	Source string
	Seq    uint64
	Hops   int // republishes so far
}

func (m *Message) Event(kind event.Kind) event.Event {
	e := event.Event{
		Kind: kind, ClientID: m.ClientID, Thing: m.Thing,
		Topic: m.Topic, QoS: m.QoS, Payload: m.Payload, Trace: m.Trace, From: m.From,
	}
	if m.secret() {
		e.Payload = nil
	}
	return e
}

// secret tells whether a private key or the token that owns a certificate may be in
// the message: no event has its payload. (No rule may select from such topics.)
func (m *Message) secret() bool {
	return m.Only != "" || topic.IsReserved(m.Topic) && provisioning.IsRequest(m.Topic)
}

// Expired tells whether the message's expiry interval is over.
func (m *Message) Expired(now time.Time) bool { return !m.Expires.IsZero() && !now.Before(m.Expires) }

// LoggedID is the client id of an entry about the message.
func (m *Message) LoggedID() string {
	if m.ClientID == OffMQTT {
		return "N/A"
	}
	return m.ClientID
}

func (m *Message) Subject() logging.Subject {
	return logging.Subject{ClientID: m.ClientID, PrincipalID: m.Principal, SourceIP: m.SourceIP}
}
