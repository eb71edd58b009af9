package device

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// errStopped is why a message that waits at the end is never sent.
var errStopped = errors.New("the device was stopped")

// errBroken is why a message is given up that the broker does not take.
var errBroken = fmt.Errorf("the connection ended %d times in a row while it was the oldest in flight", maxBroken)

// hear takes news of the session.
func (r *runner) hear(n news) {
	switch {
	case n.ended:
		r.lost(n.err)
	case r.off:
		if n.client != nil { // it came up as the power went
			r.session.client = n.client
			vanish(n.conn)
		}
	case n.client != nil:
		r.session.client, r.session.conn = n.client, n.conn
		r.up = true
		r.emit(Event{Kind: Connected, Attempt: r.attempts})
		r.announce()
	case n.command != nil:
		r.receive(n.command.Payload)
	default:
		if m := r.out.acked(n.acked); m != nil {
			r.failures = 0
			r.emitMessage(Acked, m, time.Time{}, nil)
		}
	}
}

// announce puts the status in front of everything else that waits.
func (r *runner) announce() {
	var answer command
	if r.rebooted != nil {
		answer = *r.rebooted
		r.rebooted = nil
		r.emit(Event{Kind: Acted, Command: answer.Action})
	}
	r.out.addFirst(r.status(answer, nil))
}

// status makes a status message, which answers a command if it has an action.
func (r *runner) status(c command, refusal error) *message {
	s := status{Status: "online"}
	if r.ill != "" {
		s.Sensor, s.Reason = "failed", r.ill
	}
	if c.known() {
		s.Command, s.ID, s.Result = c.Action, c.ID, "done"
		if refusal != nil {
			s.Result, s.Detail = "refused", refusal.Error()
		}
	}
	return r.statusMessage(s)
}

// statusMessage puts time and number on a status.
func (r *runner) statusMessage(s status) *message {
	skew := r.config.Skew + r.present().skew
	r.statusSeq++
	s.Timestamp, s.Seq = time.Now().Add(skew).UnixMilli(), r.statusSeq
	payload, _ := json.Marshal(s) // the id is valid JSON: it came out of a decoder
	return &message{topic: r.topics.status, seq: r.statusSeq, payload: payload}
}

// lost settles the end of a session and plans the next.
func (r *runner) lost(err error) {
	now := time.Now()
	if r.off && err != nil {
		err = ErrPowerLoss
	}
	if r.session.client == nil {
		r.emit(Event{Kind: ConnectFailed, Attempt: r.attempts, Err: err})
	} else {
		r.emit(Event{Kind: Disconnected, Attempt: r.attempts, Err: err})
	}
	r.session, r.up = nil, false
	if m := r.out.lost(); m != nil && m.copyOf == nil {
		r.emitMessage(Dropped, m, now, errBroken)
	}
	pause := time.Duration(0)
	if r.atOnce {
		// Not at the very instant at which the broker sees the old connection end:
		// which of the two comes first would be up to the scheduler.
		pause = slot
	} else if err != nil {
		pause = r.config.Backoff.Pause(r.config.Seed, r.config.Thing, r.attempts, r.failures)
		r.failures++
	}
	r.atOnce = false
	r.plan(now.Add(pause))
}

// plan sets the next dial, not before the end of a reboot or of a hold, and not
// without power.
func (r *runner) plan(at time.Time) {
	r.connectAt = time.Time{}
	if r.held || r.off {
		return
	}
	for _, other := range []time.Time{r.heldUntil, r.rebootEnd} {
		if at.Before(other) {
			at = other
		}
	}
	r.connectAt = r.lane(at)
}

// obey carries out the world's orders.
func (r *runner) obey(now time.Time) {
	o := r.takeOrders()
	if o.cut {
		r.up = false
		r.held = o.hold < 0
		r.heldUntil = now.Add(max(o.hold, 0))
		if r.session != nil {
			r.session.reset()
		} else {
			r.plan(later(r.connectAt, now))
		}
	}
	if o.restore {
		r.held, r.heldUntil = false, time.Time{}
		if r.session == nil {
			r.plan(now)
		}
	}
	if o.redial {
		r.redial(now)
	}
	if o.off != r.off {
		r.power(o.off, now)
	}
}

// redial drops the connection and dials at once.
func (r *runner) redial(now time.Time) {
	if r.session == nil {
		r.plan(now)
		return
	}
	r.up, r.atOnce = false, true
	r.session.reset()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// send publishes what waits, as far as flight and rate allow.
func (r *runner) send(now time.Time) {
	for r.up && len(r.out.waiting) > 0 && len(r.out.inflight) < maxInflight {
		if now.Sub(r.window) >= time.Second {
			r.window, r.sent = now, 0
		}
		if r.sent >= r.config.Rate {
			r.sendAt = r.lane(r.window.Add(time.Second))
			return
		}
		r.publish(r.out.take())
		r.sent++
	}
}

func (r *runner) publish(m *message) {
	at := time.Now()
	id, err := r.session.client.Publish(mqtt.Message{Topic: m.topic, Payload: m.payload, QoS: 1, Dup: m.sent})
	if errors.Is(err, mqtt.ErrClosed) || errors.Is(err, mqtt.ErrInflight) {
		r.out.giveBack() // nothing was written
		r.up = false     // and the session is about to end
		return
	}
	m.id = id
	kind := Sent
	if m.sent {
		kind = Resent
	}
	m.sent = true
	r.emitMessage(kind, m, at, err) // with an error it may still have reached the broker
	if err != nil {
		r.up = false
	}
}

// drain ends the readings; what waits may still go out until endAt.
func (r *runner) drain() {
	now := time.Now()
	r.sampleAt = time.Time{}
	if r.config.Goodbye && !r.off {
		r.queue(r.statusMessage(status{Status: "offline"}))
	}
	r.endAt = r.lane(now.Add(r.config.Grace))
	if r.rebooted == nil && r.rebootEnd.After(now) && !r.out.empty() {
		r.rebootEnd = now // an absence is over: something is still to be sent
		if r.session == nil {
			r.plan(now)
		}
	}
	r.actSoon()
}

func (r *runner) draining() bool { return !r.endAt.IsZero() }

// finished tells that Run may end.
func (r *runner) finished() bool {
	if !r.draining() || !r.actAt.IsZero() {
		return false
	}
	if !time.Now().Before(r.endAt) || r.out.empty() {
		return true
	}
	return r.session == nil && (r.connectAt.IsZero() || !r.connectAt.Before(r.endAt))
}

// close says goodbye and waits for the session.
func (r *runner) close() {
	if s := r.session; s != nil {
		if !r.up || s.client.Disconnect() != nil {
			s.cancel()
		}
		r.up = false
		for r.session != nil {
			r.hear(<-r.inbox)
		}
	}
	r.sessions.Wait()
	for _, m := range r.out.waiting {
		if !m.sent {
			r.emitMessage(Dropped, m, time.Time{}, errStopped)
		}
	}
	r.emit(Event{Kind: Stopped})
}
