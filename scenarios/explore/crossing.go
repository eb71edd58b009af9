package explore

import (
	"fmt"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// expected are the ids of the alerts that a device's readings must cause, in the
// order in which they are on the stream: retries of a rule's action may have
// changed it against the order in which the broker took them. A reading that is
// not newer than the last one that changed a level decides nothing.
func expected(thing string, readings []telemetry.Reading) map[string]bool {
	ids := map[string]bool{}
	levels := map[string]int{}
	var changed int64
	for _, r := range readings {
		if r.Timestamp <= changed {
			continue
		}
		for _, t := range ledger.SourceThresholds() {
			value, ok := r.Metric(t.Metric)
			if !ok {
				continue
			}
			was := levels[t.Kind]
			now := level(t, value, was)
			if now != was {
				levels[t.Kind], changed = now, r.Timestamp
			}
			if now > was {
				ids[alertID(thing, t, now, r.Timestamp)] = true
			}
		}
	}
	return ids
}

// possible are the ids of the alerts that a device's readings may cause where
// some were set aside before the alert handler had seen them: those of any reading
// beyond a level.
func possible(thing string, readings []telemetry.Reading) map[string]bool {
	ids := map[string]bool{}
	for _, r := range readings {
		for _, t := range ledger.SourceThresholds() {
			if value, ok := r.Metric(t.Metric); ok {
				if now := level(t, value, 0); now > 0 {
					ids[alertID(thing, t, now, r.Timestamp)] = true
				}
			}
		}
	}
	return ids
}

func alertID(thing string, t ledger.Threshold, level int, timestamp int64) string {
	return fmt.Sprintf("%s/%s/%s/%d", thing, t.Kind, t.Levels[level-1].Severity, timestamp)
}

// level is the level of a value, 0 for none, where was is the level before: one
// that is held is left only beyond the hysteresis.
func level(t ledger.Threshold, value float64, was int) int {
	level := 0
	for i, l := range t.Levels {
		over := value - l.At
		if t.Below {
			over = -over
		}
		slack := 0.0
		if i < was {
			slack = t.Hysteresis
		}
		if over > -slack {
			level = i + 1
		}
	}
	return level
}
