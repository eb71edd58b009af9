package device

import (
	"errors"
	"time"
)

// ErrPowerLoss is why messages are Dropped that were in RAM when the power went.
// Some may have reached the broker: those that were sent and not acknowledged.
var ErrPowerLoss = errors.New("power loss")

// power takes the device down, or boots it.
func (r *runner) power(off bool, now time.Time) {
	r.off = off
	if off {
		r.lose()
		return
	}
	r.failures = 0
	if r.session == nil {
		r.plan(now)
	} else { // the old connection is about to end
		r.atOnce = true
	}
	if !r.draining() {
		r.sampleAt = now
	}
}

// lose forgets all that is in RAM.
func (r *runner) lose() {
	r.up, r.safe, r.interval = false, false, r.config.Interval
	r.connectAt, r.sampleAt, r.sendAt = time.Time{}, time.Time{}, time.Time{}
	r.rebootEnd, r.rebooted, r.commands, r.last = time.Time{}, nil, nil, nil
	if r.session != nil {
		r.session.vanish()
	}
	for _, m := range r.out.clear() {
		r.emitMessage(Dropped, m, time.Time{}, ErrPowerLoss)
	}
}
