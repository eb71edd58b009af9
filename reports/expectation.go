package reports

import "fmt"

// Expectation is a comparison that the scenario asked for, with what the run
// measured.
type Expectation struct {
	Text     string `json:"text"`
	Measured string `json:"measured"`
	Passed   bool   `json:"passed"`
}

// String is one line: the comparison and the measured value.
func (e Expectation) String() string { return fmt.Sprintf("%s: measured %s", e.Text, e.Measured) }

// Rate is how many messages a second reached a stage, the warm-up excluded.
type Rate struct {
	Stage     string  `json:"stage"`
	Count     int     `json:"count"`
	PerSecond float64 `json:"per_s"`
}

// expectations lists what was expected and what came of it.
func (t *text) expectations(r *Result) {
	for _, e := range r.Expectations {
		word := "met     "
		if !e.Passed {
			word = "NOT MET "
		}
		t.paragraph("expected  "+word, e.String())
	}
}
