package alerts

import "fmt"

// Level is a severity and the value beyond which it holds.
type Level struct {
	Severity string
	Limit    float64
	// Text words the message; it gets device and value.
	Text string
}

// Rule is one kind of alert: a metric with levels from mild to severe. A level
// is left when the value has come back by more than Hysteresis.
type Rule struct {
	Kind       string
	Metric     string
	Below      bool
	Levels     []Level
	Hysteresis float64
}

// Rules are the source's thresholds. Each kind stands for itself: a low battery
// does not hide a critical temperature.
func Rules() []Rule {
	return []Rule{
		{Kind: "temperature", Metric: "temperature", Hysteresis: 2, Levels: []Level{
			{"WARNING", 40, "Device %s: Temperature elevated at %v C"},
			{"CRITICAL", 50, "Device %s: Temperature critically high at %v C"},
		}},
		{Kind: "battery", Metric: "battery_pct", Below: true, Hysteresis: 2, Levels: []Level{
			{"WARNING", 10, "Device %s: Battery critically low at %v%%"},
		}},
	}
}

// level is the number of the highest level that holds for a value, from 1; 0 is
// none. was is the level before: one that held is left later than it was entered.
func (r Rule) level(value float64, was int) int {
	for n := len(r.Levels); n > 0; n-- {
		slack := 0.0
		if n <= was {
			slack = r.Hysteresis
		}
		if r.beyond(value, r.Levels[n-1].Limit, slack) {
			return n
		}
	}
	return 0
}

func (r Rule) beyond(value, limit, slack float64) bool {
	if r.Below {
		return value < limit+slack
	}
	return value > limit-slack
}

func (r Rule) message(thing string, level int, value float64) string {
	return fmt.Sprintf(r.Levels[level-1].Text, thing, value)
}
