package tap

import (
	"bytes"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// Broker turns what the broker and the rules decide into ledger entries and signs of
// life.
func (t Tap) Broker(e event.Event) {
	t.countBroker(e)
	switch {
	case e.Kind == event.Connected:
		t.Offline.Hear(e.ClientID, e.At)
	case shape.IsTelemetry(e.Topic):
		t.telemetry(e, shape.Thing(e.Topic))
	case e.Kind == event.Accepted && shape.IsStatus(e.Topic) && !isWill(e.Payload):
		t.Offline.Hear(shape.Thing(e.Topic), e.At)
	}
}

// isWill tells a status that is the broker's word from one that is the device's.
func isWill(status []byte) bool { return bytes.Contains(status, []byte(`"offline"`)) }

// telemetry enters what becomes of a reading.
func (t Tap) telemetry(e event.Event, thing string) {
	switch e.Kind {
	case event.Accepted:
		t.Offline.Hear(thing, e.At)
		t.Ledger.Accept(thing, e.Topic, e.Payload, e.At)
	case event.Denied, event.Rejected, event.Dropped, event.Discarded:
		if isPublish(e) {
			t.Ledger.Refuse(e.ClientID, e.Payload, e.Reason, e.At)
		}
	case event.ActionDone:
		if stage, ok := stageOf(e.Action); ok {
			t.Ledger.Act(stage, thing, e.Payload, e.Resource, e.At)
		}
	case event.ActionFailed:
		t.Ledger.Fail(thing, e.Payload, "rule "+e.Rule+": "+e.Action+" action failed: "+e.Reason, e.At)
	case event.RuleFailed:
		t.Ledger.Fail(thing, e.Payload, "rule "+e.Rule+" failed: "+e.Reason, e.At)
	}
}

// isPublish tells a refusal of a publish from one of a delivery to a subscriber.
func isPublish(e event.Event) bool {
	return e.Action != "iot:Receive" && e.Action != "deliver"
}

func stageOf(action string) (ledger.Stage, bool) {
	switch action {
	case "s3":
		return ledger.Archived, true
	case "kinesis":
		return ledger.Streamed, true
	}
	return 0, false
}

// countBroker counts what the broker and the rules decide.
func (t Tap) countBroker(e event.Event) {
	q := t.Quotas
	switch e.Kind {
	case event.Connected:
		q.Connect(e.ClientID, true, e.At)
	case event.ConnectRefused:
		if e.ClientID != "" { // a CONNECT came
			q.Connect(e.ClientID, false, e.At)
		}
	case event.Disconnected:
		q.Disconnect(e.ClientID, e.At)
	case event.Subscribed:
		q.Subscribe(e.ClientID, e.Filters, e.At)
	case event.Accepted:
		if !strings.HasPrefix(e.Topic, "$aws/") {
			q.Publish(e.ClientID, e.Topic, len(e.Payload), e.At)
		}
	case event.Delivered:
		q.Deliver(e.ClientID, e.Topic, len(e.Payload), e.QoS, e.At)
	case event.Rejected:
		if e.Action == "publish" {
			q.Reject(e.Topic, len(e.Payload))
		}
	case event.Discarded:
		if e.Action == "publish" { // it counts, though it went nowhere
			q.Publish(e.ClientID, e.Topic, len(e.Payload), e.At)
		} else {
			q.Deliver(e.ClientID, e.Topic, len(e.Payload), 0, e.At)
		}
		q.Discard()
	case event.Matched, event.Filtered:
		q.Rule(len(e.Payload), e.At)
	case event.ActionFailed:
		q.Action(len(e.Payload))
	case event.ActionDone:
		q.Action(len(e.Payload))
		if e.Action == "s3" {
			q.Object(len(e.Payload), e.At)
		}
	}
}
