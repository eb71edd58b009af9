package scenarios

import (
	"slices"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// truth is what the simulator knows of each device: when it had a connection, by
// its own account, and which faults were on it. The cloud sees none of this.
type truth struct {
	faults []fault.Fault

	mu     sync.Mutex
	things map[string][]truthEvent
	fleet  []truthEvent // of faults that befall everybody
}

// truthEvent is one thing that happened, in 16 bytes.
type truthEvent struct {
	at    int64 // Unix ns
	fault int32 // index in the schedule
	what  truthKind
	clean bool // the device wanted the connection to end
}

// truthKind is in the order in which events of one instant count: the world's
// acts first, then what devices make of them.
type truthKind uint8

const (
	faultEnded truthKind = iota
	faultBegan
	deviceLeft
	connectionLost
	connectionMade
)

func newTruth(faults []fault.Fault) *truth {
	return &truth{faults: faults, things: map[string][]truthEvent{}}
}

// connected enters that a device has a connection.
func (t *truth) connected(thing string, at time.Time) {
	t.enter([]string{thing}, truthEvent{at: at.UnixNano(), what: connectionMade})
}

// disconnected enters that a device knows its connection to be gone.
func (t *truth) disconnected(thing string, at time.Time, clean bool) {
	t.enter([]string{thing}, truthEvent{at: at.UnixNano(), what: connectionLost, clean: clean})
}

// left enters that a device goes away for a while.
func (t *truth) left(thing string, at time.Time) {
	t.enter([]string{thing}, truthEvent{at: at.UnixNano(), what: deviceLeft})
}

// begin and end enter fault i of the schedule on things.
func (t *truth) begin(i int, things []string, at time.Time) { t.act(i, things, at, faultBegan) }
func (t *truth) end(i int, things []string, at time.Time)   { t.act(i, things, at, faultEnded) }

func (t *truth) act(i int, things []string, at time.Time, what truthKind) {
	e := truthEvent{at: at.UnixNano(), fault: int32(i), what: what}
	if t.faults[i].Kind == fault.BrokerRestart {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.fleet = append(t.fleet, e)
		return
	}
	t.enter(things, e)
}

func (t *truth) enter(things []string, e truthEvent) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, thing := range things {
		t.things[thing] = append(t.things[thing], e)
	}
}

// spans are a thing's states until end, the first from its first connection on.
func (t *truth) spans(thing string, end time.Time) []span {
	t.mu.Lock()
	events := slices.Concat(t.things[thing], t.fleet)
	t.mu.Unlock()
	slices.SortStableFunc(events, inTruthOrder)
	return foldTruth(events, t.faults, end.UnixNano())
}

// inTruthOrder leaves what a device tells of one instant in its order.
func inTruthOrder(a, b truthEvent) int {
	if a.at != b.at {
		return int(min(max(a.at-b.at, -1), 1))
	}
	return int(min(a.what, connectionLost)) - int(min(b.what, connectionLost))
}
