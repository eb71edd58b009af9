package device

import (
	"encoding/json"
	"fmt"
	"time"
)

// maxCommands bounds the commands that wait for the device's next instant.
const maxCommands = 100

// command is an order from the cloud (seed, steps 2 and 5).
type command struct {
	Action string
	// Interval is in seconds; nil when absent.
	Interval *float64
	// ID comes back in the answer.
	ID json.RawMessage

	err error // it could not be read
}

// known tells a command from none.
func (c command) known() bool { return c.Action != "" || c.err != nil }

// readCommand reads a command; a reason and other extra members are allowed.
func readCommand(payload []byte) command {
	var in struct {
		Action   string          `json:"action"`
		Interval *float64        `json:"interval"`
		ID       json.RawMessage `json:"id"`
	}
	err := json.Unmarshal(payload, &in)
	if err == nil && in.Action == "" {
		err = fmt.Errorf("there is no action")
	}
	if err != nil {
		return command{err: fmt.Errorf("malformed command: %w", err)}
	}
	if len(in.ID) > 128 {
		return command{Action: in.Action, err: fmt.Errorf("the id is longer than 128 bytes")}
	}
	return command{Action: in.Action, Interval: in.Interval, ID: in.ID}
}

// receive keeps a command for the device's next own instant.
func (r *runner) receive(payload []byte) {
	c := readCommand(payload)
	r.emit(Event{Kind: Command, Topic: r.topics.commands, QoS: 1, Payload: payload, Command: c.Action, Err: c.err})
	if len(r.commands) >= maxCommands {
		r.emit(Event{Kind: Acted, Command: c.Action, Err: fmt.Errorf("%d commands wait already", maxCommands)})
		return
	}
	r.commands = append(r.commands, c)
	r.actSoon()
}

// execute obeys the commands that have come.
func (r *runner) execute(now time.Time) {
	list := r.commands
	r.commands = nil
	for _, c := range list {
		err := r.perform(c, now)
		if err == nil && c.Action == "reboot" {
			continue // it is answered on the next connection
		}
		r.emit(Event{Kind: Acted, Command: c.Action, Err: err})
		r.queue(r.status(c, err))
	}
}

func (r *runner) perform(c command, now time.Time) error {
	switch {
	case c.err != nil:
		return c.err
	case c.Action == "reboot":
		return r.reboot(c, now)
	case c.Action == "update_interval":
		return r.updateInterval(c, now)
	case c.Action == "enter_safe_mode":
		if !r.safe {
			r.safe = true
			r.setInterval(r.interval*time.Duration(r.config.SafeModeFactor), now)
		}
		return nil
	}
	return fmt.Errorf("unknown command %q: reboot, update_interval and enter_safe_mode are known", c.Action)
}

func (r *runner) updateInterval(c command, now time.Time) error {
	seconds := 60.0 // as in the source: command.get("interval", 60)
	if c.Interval != nil {
		seconds = *c.Interval
	}
	// The comparison is made before the conversion, which is undefined for huge numbers.
	if !(seconds >= minInterval.Seconds() && seconds <= maxInterval.Seconds()) {
		return fmt.Errorf("interval of %v s is not between %s and %s", seconds, minInterval, maxInterval)
	}
	r.safe = false
	r.setInterval(time.Duration(seconds*1000)*slot, now)
	return nil
}

// setInterval counts from now on.
func (r *runner) setInterval(d time.Duration, now time.Time) {
	r.interval = d
	if !r.sampleAt.IsZero() {
		r.sampleAt = now.Add(d)
	}
}

func (r *runner) reboot(c command, now time.Time) error {
	if r.draining() {
		return fmt.Errorf("the device is being stopped")
	}
	if !r.rebootEnd.Before(now) {
		return fmt.Errorf("a reboot is under way")
	}
	r.rebooted = &c
	r.rebootEnd = now.Add(r.config.RebootTime)
	r.safe, r.interval = false, r.config.Interval
	r.sampleAt = r.rebootEnd
	r.hangUp()
	return nil
}
