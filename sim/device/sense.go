package device

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// sense leaves in last what the sensors read.
func (r *runner) sense(at time.Time, sense Sense) error {
	if r.config.Read == nil {
		r.last = measure(r.config.Signals, at, sense, r.last)
		return nil
	}
	values, err := r.config.Read(at)
	if err != nil {
		return err
	}
	if len(values) != len(r.config.Signals) {
		return fmt.Errorf("the sensors read %d values, not %d", len(values), len(r.config.Signals))
	}
	first := len(r.last) == 0
	for i, s := range r.config.Signals {
		if math.IsNaN(values[i]) || math.IsInf(values[i], 0) {
			return fmt.Errorf("%s is not a finite number", s.Name)
		}
		if sense == nil {
			continue
		}
		last := values[i]
		if !first {
			last = r.last[i]
		}
		values[i] = sense(s.Name, at, values[i], last)
	}
	r.last = values
	r.recovered()
	return nil
}

// unread tells that there is no reading, as long as somebody listens: status
// messages must not push readings out of the queue.
func (r *runner) unread(err error) {
	r.emit(Event{Kind: Unread, Err: err})
	if errors.Is(err, io.EOF) {
		r.sampleAt = time.Time{}
		return
	}
	r.ill = err.Error()
	if r.up {
		r.queue(r.status(command{}, nil))
	}
}

// recovered tells that there are readings again.
func (r *runner) recovered() {
	if r.ill == "" {
		return
	}
	r.ill = ""
	if r.up {
		r.queue(r.statusMessage(status{Status: "online", Sensor: "ok"}))
	}
}
