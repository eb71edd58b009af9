package broker

import (
	"sync/atomic"
	"time"
)

// Lifecycle is a connected or disconnected event that is about to be published.
type Lifecycle struct {
	ClientID string
	// EventType is connected or disconnected.
	EventType string
	// Version is the event's versionNumber.
	Version int64
	At      time.Time
}

// disorder lets lifecycle events come late and more than once: "Lifecycle
// messages might be sent out of order. You might receive duplicate messages."
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
type disorder struct {
	deliveries func(Lifecycle) []time.Duration // Config.Deliveries; nil is order
	held       atomic.Int64                    // copies that wait
}

// send publishes each copy of an event in its time.
func (d *disorder) send(e presenceEvent, publish func()) {
	if d.deliveries == nil || e.VersionNumber == nil {
		publish()
		return
	}
	for _, late := range d.deliveries(Lifecycle{e.ClientID, e.EventType, *e.VersionNumber, time.UnixMilli(e.Timestamp)}) {
		if late <= 0 {
			publish()
			continue
		}
		d.held.Add(1)
		time.AfterFunc(late, func() {
			defer d.held.Add(-1)
			publish()
		})
	}
}
