package scenarios

import (
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// tapBroker turns what the broker and the rules decide into ledger entries.
func (w *World) tapBroker(e iotcore.Event) {
	thing := thingOfTopic(e.Topic)
	switch e.Kind {
	case iotcore.Connected:
		w.offline.hear(e.ClientID, e.At)
		return
	case iotcore.Accepted:
		if isTelemetry(e.Topic) || isStatus(e.Topic) {
			w.hearAccepted(e, thing)
		}
	}
	if !isTelemetry(e.Topic) {
		return
	}
	switch e.Kind {
	case iotcore.Accepted:
		w.Ledger.Accept(thing, e.Topic, e.Payload, e.At)
	case iotcore.Denied, iotcore.Rejected, iotcore.Dropped:
		w.Ledger.Refuse(e.ClientID, e.Payload, e.Reason, e.At)
	case iotcore.ActionDone:
		if stage, ok := stageOf(e.Action); ok {
			w.Ledger.Act(stage, thing, e.Payload, e.Resource, e.At)
		}
	case iotcore.ActionFailed:
		w.Ledger.Fail(thing, e.Payload, "rule "+e.Rule+": "+e.Action+" action failed: "+e.Reason, e.At)
	case iotcore.RuleFailed:
		w.Ledger.Fail(thing, e.Payload, "rule "+e.Rule+" failed: "+e.Reason, e.At)
	}
}

// hearAccepted enters a sign of life. A will is the broker's word, not the
// device's.
func (w *World) hearAccepted(e iotcore.Event, thing string) {
	if isStatus(e.Topic) && strings.Contains(string(e.Payload), `"offline"`) {
		return
	}
	w.offline.hear(thing, e.At)
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

func isTelemetry(topic string) bool {
	return strings.HasPrefix(topic, "devices/") && strings.HasSuffix(topic, "/telemetry") && strings.Count(topic, "/") == 2
}

func isStatus(topic string) bool {
	return strings.HasPrefix(topic, "devices/") && strings.HasSuffix(topic, "/status") && strings.Count(topic, "/") == 2
}

// tapFunctions keeps the errors of functions for the report.
func (w *World) tapFunctions(e lambda.Event) {
	if e.Err == "" {
		return
	}
	w.functionErrors.add(e.Function + ": " + e.Err)
}
