package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// PartialSchema names the version of the JSON form of a Partial.
const PartialSchema = "shakedown/partial/v1"

// Partial is what is known of a run that never came to its verdict, because it
// was killed: how far it came, and not one fate.
type Partial struct {
	Schema      string `json:"schema"`
	Scenario    string `json:"scenario"`
	Description string `json:"description,omitempty"`
	Seed        uint64 `json:"seed"`
	Clock       string `json:"clock"`
	Devices     int    `json:"devices"`
	// Planned is how long the fleet was to report, and Reached how long it is known
	// to have done so, both in the run's own clock.
	Planned time.Duration `json:"planned_ns"`
	Reached time.Duration `json:"reached_ns"`
	// Phase is what the run was doing: deploying, running, draining or auditing.
	Phase    string            `json:"phase"`
	Versions map[string]string `json:"versions"`
	// Started is when the fleet started, in the run's own clock; zero when it did not.
	Started time.Time `json:"started,omitzero"`
	// Progress is the last count, with its time.
	Progress Mark `json:"progress,omitzero"`
	// Faults are the beginnings and ends of faults, Decisions what came from outside.
	Faults    []Mark `json:"faults"`
	Decisions []Mark `json:"decisions"`
	// CutOff says that the last line of the journal is incomplete.
	CutOff bool   `json:"journal_cut_off,omitempty"`
	Folder string `json:"folder"`
	// Notice says why there are no fates, and Replay is the command that finds them.
	Notice string `json:"notice"`
	Replay string `json:"replay"`
}

// Mark is something a journal tells, with its time after the fleet's start.
type Mark struct {
	At   time.Duration `json:"at_ns"`
	Text string        `json:"text"`
}

// Write writes it as JSON.
func (p *Partial) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(p); err != nil {
		return fmt.Errorf("write partial report: %w", err)
	}
	return nil
}
