package device

import "time"

// planAbsence sets the next time that the device says goodbye.
func (r *runner) planAbsence(now time.Time) {
	r.leaveAt = time.Time{}
	if r.config.Absence == nil {
		return
	}
	if leave, back, ok := r.config.Absence(now.Sub(r.began)); ok {
		r.leaveAt, r.backAt = r.lane(r.began.Add(leave)), r.lane(r.began.Add(back))
	}
}

// leave says goodbye until backAt: no readings, no connection. What waits is kept.
func (r *runner) leave(now time.Time) {
	back := r.backAt
	r.planAbsence(now)
	if r.draining() || r.off || back.Before(now) {
		return
	}
	r.emit(Event{At: now, Kind: Left})
	r.rebootEnd, r.sampleAt = later(back, r.rebootEnd), back
	r.hangUp()
}

// hangUp ends the connection cleanly, or the attempt to make one; the next comes
// when the reboot, or whatever it is, is over.
func (r *runner) hangUp() {
	switch {
	case r.up:
		r.up = false
		_ = r.session.client.Disconnect() // an error means that the connection has ended
	case r.session == nil:
		r.plan(r.rebootEnd)
	default:
		r.session.cancel()
	}
}
