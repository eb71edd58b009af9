package offline

import (
	"slices"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// Truth is what the simulator knows of each device: when it had a connection, by
// its own account, and which faults were on it. The cloud sees none of this.
type Truth struct {
	faults []fault.Fault

	mu     sync.Mutex
	things map[string][]event
	fleet  []event // of faults that befall everybody
}

// event is one thing that happened, in 16 bytes.
type event struct {
	at    int64 // Unix ns
	fault int32 // index in the schedule
	what  kind
	clean bool // the device wanted the connection to end
}

// kind is in the order in which events of one instant count: the world's
// acts first, then what devices make of them.
type kind uint8

const (
	faultEnded kind = iota
	faultBegan
	deviceLeft
	connectionLost
	connectionMade
)

// NewTruth knows the schedule, of which Begin and End tell by index, and nothing yet
// of any device.
func NewTruth(faults []fault.Fault) *Truth {
	return &Truth{faults: faults, things: map[string][]event{}}
}

// Connected enters that a device has a connection.
func (t *Truth) Connected(thing string, at time.Time) {
	t.enter([]string{thing}, event{at: at.UnixNano(), what: connectionMade})
}

// Disconnected enters that a device knows its connection to be gone.
func (t *Truth) Disconnected(thing string, at time.Time, clean bool) {
	t.enter([]string{thing}, event{at: at.UnixNano(), what: connectionLost, clean: clean})
}

// Left enters that a device goes away for a while.
func (t *Truth) Left(thing string, at time.Time) {
	t.enter([]string{thing}, event{at: at.UnixNano(), what: deviceLeft})
}

// Begin enters that fault i of the schedule begins on things.
func (t *Truth) Begin(i int, things []string, at time.Time) { t.act(i, things, at, faultBegan) }

// End enters that it ends.
func (t *Truth) End(i int, things []string, at time.Time) { t.act(i, things, at, faultEnded) }

func (t *Truth) act(i int, things []string, at time.Time, what kind) {
	e := event{at: at.UnixNano(), fault: int32(i), what: what}
	if t.faults[i].Kind == fault.BrokerRestart {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.fleet = append(t.fleet, e)
		return
	}
	t.enter(things, e)
}

func (t *Truth) enter(things []string, e event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, thing := range things {
		t.things[thing] = append(t.things[thing], e)
	}
}

// spans are a thing's states until end, the first from its first connection on.
func (t *Truth) spans(thing string, end time.Time) []span {
	t.mu.Lock()
	events := slices.Concat(t.things[thing], t.fleet)
	t.mu.Unlock()
	slices.SortStableFunc(events, inOrder)
	return spansOf(events, t.faults, end.UnixNano())
}

// inOrder leaves what a device tells of one instant in its order.
func inOrder(a, b event) int {
	if a.at != b.at {
		return int(min(max(a.at-b.at, -1), 1))
	}
	return int(min(a.what, connectionLost)) - int(min(b.what, connectionLost))
}
