package reports

import (
	"encoding/xml"
	"fmt"
	"io"
)

// PartialJUnit writes a killed run as a JUnit test suite with one case that fails.
func PartialJUnit(w io.Writer, p *Partial) error {
	suite := junitSuite{Name: p.Scenario, Tests: 1, Failures: 1, Time: junitSeconds(p.Reached), Timestamp: junitTime(p.Started), Cases: []junitCase{{
		Class: "shakedown." + p.Scenario, Name: "verdict",
		Failure: &junitFailure{Message: "the run did not end", Text: p.Notice + "; replay it with `" + p.Replay + "`"},
	}}}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write junit report: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return fmt.Errorf("write junit report: %w", err)
	}
	return nil
}
