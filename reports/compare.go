package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// ComparisonSchema names the version of the JSON form of a Comparison.
const ComparisonSchema = "shakedown/comparison/v1"

// Comparison holds a run against an earlier one, and marks what became worse.
type Comparison struct {
	Schema string `json:"schema"`
	Before Side   `json:"before"`
	Now    Side   `json:"now"`
	// Tolerance is how much worse a measured value may be, as a share.
	Tolerance float64 `json:"tolerance"`
	// Differs says in what the two runs were not the same: then what became worse may
	// be due to that.
	Differs []string   `json:"differs"`
	Rows    []Compared `json:"rows"`

	before, now *Result
}

// Side is one of two runs.
type Side struct {
	Folder   string `json:"folder"`
	Scenario string `json:"scenario"`
	Verdict  string `json:"verdict"`
}

// Compared is one value of both runs.
type Compared struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	Now    string `json:"now"`
	// Change words the difference, such as +12 %.
	Change string `json:"change,omitempty"`
	// Mark is worse, better, or empty where they are as good as equal.
	Mark string `json:"mark,omitempty"`
}

// The marks of what is compared.
const (
	Worse  = "worse"
	Better = "better"
)

// Below these differences two measured values count as equal, whatever the
// tolerance: 1 ms is a turn of the scheduler, and one message in a thousand is one
// that a fault happened to meet.
const (
	latencySlack = time.Millisecond
	shareSlack   = 0.001
)

// Compare holds now against before. A value regresses when it is worse by more than
// the tolerance, a share; losses, alerts, silences and expectations have none.
func Compare(before, now *Result, tolerance float64) *Comparison {
	c := &Comparison{
		Schema: ComparisonSchema, Before: sideOf(before), Now: sideOf(now), Tolerance: tolerance,
		Differs: differs(before, now), before: before, now: now,
	}
	c.verdicts()
	c.sinks()
	c.outcomes()
	c.load()
	c.quotas()
	c.latencies()
	c.rates()
	c.cost()
	return c
}

func sideOf(r *Result) Side { return Side{orRun(r.Folder), r.Scenario, verdictWord(r)} }

// Regressions are the names of what became worse.
func (c *Comparison) Regressions() []string {
	var list []string
	for _, r := range c.Rows {
		if r.Mark == Worse {
			list = append(list, r.Name)
		}
	}
	return list
}

// Regressed tells whether anything became worse.
func (c *Comparison) Regressed() bool { return len(c.Regressions()) > 0 }

// Write writes the comparison as JSON.
func (c *Comparison) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(c); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

// differs lists what a comparison should know before it believes a difference.
func differs(a, b *Result) []string {
	list := []string{}
	add := func(name string, before, now any) {
		if before != now {
			list = append(list, Clean(fmt.Sprintf("%s: %v before, %v now", name, before, now)))
		}
	}
	add("scenario", a.Scenario, b.Scenario)
	if a.Scenario == b.Scenario && a.Source != b.Source {
		list = append(list, "the scenario's text is not the same")
	}
	add("seed", a.Seed, b.Seed)
	add("clock", a.Clock, b.Clock)
	add("devices", a.Devices, b.Devices)
	for _, name := range sortedKeys(b.Versions) {
		add(name, a.Versions[name], b.Versions[name])
	}
	add("processor", a.Environment.Processor, b.Environment.Processor)
	add("processors used", a.Environment.Procs, b.Environment.Procs)
	if a.Interrupted || b.Interrupted {
		list = append(list, "a run was cut short")
	}
	return list
}
