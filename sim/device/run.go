package device

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// maxInflight is what AWS accepts unacknowledged of a client (AWS.md §1).
const maxInflight = 100

// inboxSize is how much news waits before a session does, which then reads no
// more from its connection: news is large, and there may be very many devices.
const inboxSize = 2

// Run lives the device's life until ctx is done and what waits is sent, at most
// Config.Grace longer; then it disconnects cleanly. It is called once. The error
// is that of the configuration; everything else that goes wrong is an Event.
func (d *Device) Run(ctx context.Context) error {
	r, err := d.begin()
	if err == nil {
		r.live(ctx)
	}
	return err
}

// begin is the device's state at its first instant.
func (d *Device) begin() (*runner, error) {
	if err := d.config.Validate(); err != nil {
		return nil, fmt.Errorf("device %s: %w", d.config.Thing, err)
	}
	d.ready()
	r := &runner{Device: d, topics: topicsOf(d.config.Thing), inbox: make(chan news, inboxSize), out: outbox{limit: d.config.QueueLimit}}
	r.timer = time.NewTimer(0)
	r.began = time.Now()
	r.planAbsence(r.began)
	first := next(r.began.Add(d.config.Delay), d.config.Lane)
	r.connectAt, r.sampleAt, r.actAt = first, first, first
	r.interval = d.config.Interval
	return r, nil
}

// live acts until the device has finished. It waits with little on its stack: very
// many devices do.
func (r *runner) live(ctx context.Context) {
	defer r.timer.Stop()
	done, life := ctx.Done(), context.WithoutCancel(ctx)
	for !r.finished() {
		r.arm()
		select {
		case <-done:
			done = nil
			r.drain()
		case <-r.wake:
			r.actSoon()
		case r.heard = <-r.inbox:
			r.hear(r.heard)
		case <-r.timer.C:
		}
		r.step(life)
	}
	r.close()
}

// runner is the state of a running device; it belongs to Run's goroutine.
type runner struct {
	*Device
	topics   topics
	inbox    chan news
	heard    news // last
	timer    *time.Timer
	sessions sync.WaitGroup

	session  *session // nil when there is neither a connection nor a dial
	up       bool     // the session can send
	attempts int
	failures int // since the last PUBACK

	began     time.Time
	leaveAt   time.Time // zero: not to leave
	backAt    time.Time // after leaveAt
	connectAt time.Time // zero: not to be dialed
	sampleAt  time.Time // zero: no more readings
	actAt     time.Time // commands and orders wait for it
	sendAt    time.Time // the rate does not allow sending before
	endAt     time.Time // set once ctx is done

	heldUntil time.Time
	held      bool // for ever
	rebootEnd time.Time
	rebooted  *command // to be answered on the next connection

	off    bool // no power
	atOnce bool // the next dial comes without a pause

	last      []float64 // what each signal reported last
	ill       string    // why the sensors cannot be read; empty while they can
	interval  time.Duration
	safe      bool
	seq       uint64
	statusSeq uint64
	commands  []command
	out       outbox
	window    time.Time // in which sent messages are counted
	sent      int
}

// topics are a device's own.
type topics struct{ telemetry, status, commands string }

func topicsOf(thing string) topics {
	topic := "devices/" + thing + "/"
	return topics{topic + "telemetry", topic + "status", topic + "commands"}
}

func (r *runner) emit(e Event) {
	if e.At.IsZero() {
		e.At = time.Now()
	}
	e.Thing = r.config.Thing
	r.config.Events(e)
}

func (r *runner) emitMessage(kind EventKind, m *message, at time.Time, err error) {
	r.emit(Event{At: at, Kind: kind, Topic: m.topic, Seq: m.seq, QoS: 1, Payload: m.payload, Err: err})
}

// lane is the device's first own instant at or after t.
func (r *runner) lane(t time.Time) time.Time { return next(t, r.config.Lane) }

func (r *runner) actSoon() {
	if r.actAt.IsZero() {
		r.actAt = r.lane(time.Now())
	}
}

// arm sets the timer for whatever comes first.
func (r *runner) arm() {
	var first time.Time
	for _, t := range [...]time.Time{r.connectAt, r.sampleAt, r.leaveAt, r.actAt, r.sendAt, r.endAt} {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	r.timer.Stop()
	if !first.IsZero() {
		r.timer.Reset(time.Until(first))
	}
}

// step does what is due, in a fixed order.
func (r *runner) step(ctx context.Context) {
	now := time.Now()
	act := due(&r.actAt, now)
	if act {
		r.obey(now)
	}
	if due(&r.leaveAt, now) {
		r.leave(now)
	}
	if due(&r.connectAt, now) && r.session == nil {
		r.attempts++
		r.emit(Event{Kind: Connecting, Attempt: r.attempts})
		r.open(ctx)
	}
	if !r.sampleAt.IsZero() && !r.sampleAt.After(now) {
		r.sampleDue(now)
	}
	if act {
		r.execute(now)
	}
	if !r.sendAt.After(now) {
		r.sendAt = time.Time{}
		r.send(now)
	}
}

// due takes a timer that has come.
func due(at *time.Time, now time.Time) bool {
	if at.IsZero() || at.After(now) {
		return false
	}
	*at = time.Time{}
	return true
}
