package record

import (
	"strings"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// Partial is the report of a run that has no result.
func (r *Recording) Partial() *reports.Partial {
	s := r.Scenario
	p := &reports.Partial{
		Schema: reports.PartialSchema, Scenario: s.Name, Description: s.Description, Seed: s.Seed, Clock: string(s.Clock),
		Devices: s.Devices(), Planned: s.Duration, Reached: min(r.Reached(), s.Duration), Versions: r.Versions, Started: r.Started, Phase: string(scenarios.Deploying),
		Faults: []reports.Mark{}, Decisions: []reports.Mark{}, CutOff: r.CutOff, Folder: r.Folder,
	}
	killed := "this run was killed; its fates are unknown"
	for _, e := range r.Entries {
		m := reports.Mark{At: e.At.Sub(r.Started), Text: e.Text}
		switch e.Kind {
		case journal.ProgressKind:
			switch e.Entity {
			case "run":
				p.Progress = m
			case "fleet":
				p.Phase = string(scenarios.Running)
			case "phase":
				p.Phase = e.Text
			}
		case journal.FaultKind:
			p.Faults = append(p.Faults, m)
		case journal.DecisionKind:
			if r.Started.IsZero() {
				m.At = 0
			}
			p.Decisions = append(p.Decisions, m)
			if why, gaveUp := strings.CutPrefix(e.Text, journal.GaveUp); gaveUp {
				killed = "this run ended with an error (" + why + "); its fates are unknown"
			}
		case journal.EndKind:
			killed = "this run came to its end, with the hash " + e.Hash + ", and was killed before its result was written"
		}
	}
	p.Notice, p.Replay = killed, "shakedown replay "+r.Folder
	return p
}
