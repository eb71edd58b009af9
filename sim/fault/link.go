package fault

import (
	"context"
	"net"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// Link is one device's way to the broker: Dial goes through it, and faults act
// on the connections it made. The zero value is a healthy link. Faults may overlap;
// each ends by itself.
type Link struct {
	// Thing and Seed decide what is drawn: jitter, and which segments are lost.
	Thing string
	Seed  uint64

	segments [2]atomic.Uint64 // sent so far, up and down
	dials    atomic.Uint64

	mu         sync.Mutex
	active     []begun
	generation int
	conditions *conditions   // nil: healthy
	changed    chan struct{} // closed at the next change; nil when nobody waits
	conns      map[*conn]struct{}
}

// begun is a fault at work.
type begun struct {
	id     int
	fault  Fault
	effect effect
}

// Begin lets a fault act on the link until End with the same id, which is the
// fault's place in its schedule. A fault of a kind that does not befall links does
// nothing. Begun again, it counts once.
func (l *Link) Begin(id int, f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin(id, f)
}

func (l *Link) begin(id int, f Fault) {
	of, ok := effects[f.Kind]
	if !ok {
		return
	}
	if l.remove(func(b begun) bool { return b.id == id }) {
		l.change()
	}
	l.generation++
	l.active = append(l.active, begun{id, f, of(id, l.generation, f)})
	l.change()
	if f.Kind == ConnectionReset {
		for c := range l.conns {
			c.cut()
		}
		l.conns = nil
	}
}

// End ends the fault with the id; what waits only because of it goes on its way.
func (l *Link) End(id int) { l.end(func(b begun) bool { return b.id == id }) }

// Heal ends all faults. A connection that was half open stays dead.
func (l *Link) Heal() { l.end(func(begun) bool { return true }) }

func (l *Link) end(which func(begun) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.remove(which) {
		l.change()
	}
}

func (l *Link) remove(which func(begun) bool) bool {
	before := len(l.active)
	l.active = slices.DeleteFunc(l.active, which)
	return len(l.active) < before
}

// change tells everybody what the faults at work now come to.
func (l *Link) change() {
	c := &conditions{seed: l.Seed, thing: l.Thing, generation: l.generation}
	for _, b := range l.active {
		b.effect.on(c)
	}
	l.conditions = c
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	l.sweep()
	for one := range l.conns {
		one.change(c)
	}
}

// current are the present conditions.
func (l *Link) current() *conditions {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now()
}

func (l *Link) now() *conditions {
	if l.conditions == nil {
		return &conditions{seed: l.Seed, thing: l.Thing}
	}
	return l.conditions
}

// watch are the present conditions, and what is closed when they change.
func (l *Link) watch() (*conditions, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.now(), l.changed
}

// numbers numbers the segments of a direction from 1, over all connections.
func (l *Link) numbers(w way) func() uint64 {
	i := 0
	if w == down {
		i = 1
	}
	return func() uint64 { return l.segments[i].Add(1) }
}

// adopt takes a connection that was just dialed; false when the link is cut.
func (l *Link) adopt(inner net.Conn) (*conn, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.cut {
		return nil, false
	}
	c := &conn{inner: inner, link: l}
	l.sweep()
	if l.conns == nil {
		l.conns = map[*conn]struct{}{}
	}
	l.conns[c] = struct{}{}
	c.change(now)
	return c, true
}

// sweep forgets connections that are over.
func (l *Link) sweep() {
	for c := range l.conns {
		if c.over.Load() {
			delete(l.conns, c)
		}
	}
}

// The ids of Cut and Freeze; Apply counts down from applied.
const (
	idCut     = -1
	idFreeze  = -2
	idApplied = -3
)

// Cut begins a connection-reset until Heal.
func (l *Link) Cut() { l.Begin(idCut, Fault{Kind: ConnectionReset}) }

// Freeze begins a half-open until Heal.
func (l *Link) Freeze() { l.Begin(idFreeze, Fault{Kind: HalfOpen}) }

// Apply begins the fault under an id of its own; Heal ends it.
func (f Fault) Apply(l *Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin(idApplied-l.generation, f)
}

// Heal ends what Apply of an equal fault has begun.
func (f Fault) Heal(l *Link) {
	l.end(func(b begun) bool { return b.id <= idApplied && reflect.DeepEqual(b.fault, f) })
}

// Dial dials through the link: refused where it is cut, waiting for the end of a
// partition or for ctx, two delays later under latency, as a handshake is.
func (l *Link) Dial(ctx context.Context, dial func(context.Context) (net.Conn, error)) (net.Conn, error) {
	if err := l.handshake(ctx); err != nil {
		return nil, err
	}
	inner, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	c, ok := l.adopt(inner)
	if !ok { // cut while it dialed
		reset(inner)
		_ = inner.Close()
		return nil, errReset("connect")
	}
	return c, nil
}
