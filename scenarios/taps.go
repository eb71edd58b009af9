package scenarios

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// tapBroker turns what the broker and the rules decide into ledger entries.
func (w *World) tapBroker(e event.Event) {
	w.countRules(e)
	w.meterBroker(e)
	thing := shape.Thing(e.Topic)
	switch e.Kind {
	case event.Connected:
		w.offline.Hear(e.ClientID, e.At)
		return
	case event.Accepted:
		if shape.IsTelemetry(e.Topic) || shape.IsStatus(e.Topic) {
			w.hearAccepted(e, thing)
		}
	}
	if !shape.IsTelemetry(e.Topic) {
		return
	}
	switch e.Kind {
	case event.Accepted:
		w.Ledger.Accept(thing, e.Topic, e.Payload, e.At)
	case event.Denied, event.Rejected, event.Dropped, event.Discarded:
		if isPublish(e) {
			w.Ledger.Refuse(e.ClientID, e.Payload, e.Reason, e.At)
		}
	case event.ActionDone:
		if stage, ok := stageOf(e.Action); ok {
			w.Ledger.Act(stage, thing, e.Payload, e.Resource, e.At)
		}
	case event.ActionFailed:
		w.Ledger.Fail(thing, e.Payload, "rule "+e.Rule+": "+e.Action+" action failed: "+e.Reason, e.At)
	case event.RuleFailed:
		w.Ledger.Fail(thing, e.Payload, "rule "+e.Rule+" failed: "+e.Reason, e.At)
	}
}

// hearAccepted enters a sign of life. A will is the broker's word, not the
// device's.
func (w *World) hearAccepted(e event.Event, thing string) {
	if shape.IsStatus(e.Topic) && strings.Contains(string(e.Payload), `"offline"`) {
		return
	}
	w.offline.Hear(thing, e.At)
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

// tapFunctions keeps the errors of functions for the report.
func (w *World) tapFunctions(e lambda.Event) {
	w.countFunctions(e)
	w.meterFunctions(e)
	if e.Err != "" {
		w.trouble.add("function "+e.Function+": "+string(e.Kind), e.Err)
	}
}

// trouble counts what went wrong, by kind, with the first words of the first.
type trouble struct {
	mu    sync.Mutex
	count map[string]int
	first map[string]string
}

// maxTroubles bounds the kinds that are told apart.
const maxTroubles = 100

func (t *trouble) add(kind, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil {
		t.count, t.first = map[string]int{}, map[string]string{}
	}
	if t.count[kind] == 0 {
		if len(t.count) >= maxTroubles {
			return
		}
		t.first[kind] = text
	}
	t.count[kind]++
}

// lines words the troubles, sorted by kind.
func (t *trouble) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for kind, n := range t.count {
		lines = append(lines, fmt.Sprintf("%s, %d times, first: %.200s", kind, n, t.first[kind]))
	}
	sort.Strings(lines)
	return lines
}
