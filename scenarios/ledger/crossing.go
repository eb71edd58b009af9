package ledger

import "sort"

// Threshold is one kind of alert: which metric, in which direction, at which
// levels, and how far a metric must come back before the level counts as left.
type Threshold struct {
	Kind       string
	Metric     string
	Below      bool // alert when the metric falls under the level
	Levels     []Level
	Hysteresis float64
}

// Level is a severity and the value beyond which it holds; levels of a
// Threshold go from mild to severe.
type Level struct {
	Severity string
	At       float64
}

// SourceThresholds are the source document's: temperature over 40 and 50 °C,
// battery under 10 %; two units of hysteresis.
func SourceThresholds() []Threshold {
	return []Threshold{
		{Kind: "temperature", Metric: "temperature", Levels: []Level{{"WARNING", 40}, {"CRITICAL", 50}}, Hysteresis: 2},
		{Kind: "battery", Metric: "battery_pct", Below: true, Levels: []Level{{"WARNING", 10}}, Hysteresis: 2},
	}
}

// ExpectedAlert is an alert that a reading must cause.
type ExpectedAlert struct {
	Message  *Message
	Kind     string
	Severity string
}

// Crossings returns the alerts that the readings on the stream must cause: one for
// each time a device's metric rises to a more severe level, in the order of the
// stream. What a rule could not put there decides nothing. A reading that is not newer than the
// last one that changed a level of its device decides nothing.
func (l *Ledger) Crossings(thresholds []Threshold) []ExpectedAlert {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ordered []*Message
	for _, m := range l.messages {
		if m.order > 0 && m.invalid() == "" {
			ordered = append(ordered, m)
		}
	}
	sort.Slice(ordered, func(i, j int) bool { return ordered[i].order < ordered[j].order })
	type key struct{ thing, kind string }
	level := map[key]int{}
	changed := map[string]int64{}
	var expected []ExpectedAlert
	for _, m := range ordered {
		if m.Timestamp <= changed[m.ID.Thing] {
			continue
		}
		for _, t := range thresholds {
			value, ok := m.measure(t.Metric)
			if !ok {
				continue
			}
			k := key{m.ID.Thing, t.Kind}
			was := level[k]
			now := t.level(value, was)
			level[k] = now
			if now != was {
				changed[m.ID.Thing] = m.Timestamp
			}
			if now > was {
				expected = append(expected, ExpectedAlert{m, t.Kind, t.Levels[now-1].Severity})
			}
		}
	}
	return expected
}

// level is the level of a value, where was is the level before: 0 is none.
func (t Threshold) level(value float64, was int) int {
	level := 0
	for i, l := range t.Levels {
		limit := l.At
		held := i < was
		if t.Below {
			if held {
				limit += t.Hysteresis
			}
			if value < limit {
				level = i + 1
			}
			continue
		}
		if held {
			limit -= t.Hysteresis
		}
		if value > limit {
			level = i + 1
		}
	}
	return level
}
