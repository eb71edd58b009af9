package broker

import (
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

// How a session's messages are sent when its client comes back (AWS.md §1,
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#persistent-session-reconnect,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	storedPerSecond = 10
	patience3       = time.Hour         // for a PUBACK of MQTT 3.1.1
	patience5       = 960 * time.Second // and of MQTT 5
)

// release sends the next stored messages and comes back for the rest. New ones
// overtake them, as on AWS.
func (o *outbox) release(l *link) {
	sent := 0
	for sent < storedPerSecond && len(o.stored) > 0 && len(o.window) < l.window() {
		out := o.stored[0]
		may := o.mayReceive(out)
		if may && o.spend(out) != nil {
			break
		}
		if o.stored = o.stored[1:]; !may {
			continue
		}
		again := !out.sent.IsZero()
		if out.id == 0 {
			out.id = o.nextID()
		}
		if !again {
			out.sent = time.Now()
		}
		err := o.write(out)
		if o.dropTooLarge(out, err) {
			continue
		}
		o.window = append(o.window, out)
		sent++
		if err != nil {
			continue // it stays in the window for the next link
		}
		if !again {
			o.tell(event.Delivered, out, "")
		}
	}
	if len(o.stored) == 0 {
		return
	}
	o.pace = time.AfterFunc(time.Second, func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.link == l {
			o.release(l)
		}
	})
}

// putBack keeps for the next link what was not sent to this one.
func (o *outbox) putBack() {
	if o.pace != nil {
		o.pace.Stop()
		o.pace = nil
	}
	fresh := slices.IndexFunc(o.stored, func(out outgoing) bool { return out.id == 0 })
	if fresh < 0 {
		fresh = len(o.stored)
	}
	o.window = append(o.window, o.stored[:fresh]...)
	o.waiting = append(slices.Clone(o.stored[fresh:]), o.waiting...)
	o.stored = nil
}

// giveUp drops messages that were not acknowledged in time.
func (o *outbox) giveUp() {
	if o.link == nil || len(o.window) == 0 {
		return
	}
	patience := patience3
	if o.link.protocol == 5 {
		patience = patience5
	}
	now := time.Now()
	for len(o.window) > 0 && now.Sub(o.window[0].sent) > patience {
		o.tell(event.Dropped, o.window[0], "not acknowledged in "+patience.String())
		o.window = o.window[1:]
	}
}
