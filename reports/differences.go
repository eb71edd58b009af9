package reports

import (
	"fmt"
	"strings"
)

// Differences are what two runs of one scenario made otherwise of the same messages.
type Differences struct {
	// Messages is how many were compared.
	Messages int              `json:"messages"`
	Kinds    []DifferenceKind `json:"kinds"`
	// Examples are the first messages with another fate.
	Examples []Difference `json:"examples"`
	// Facts are other things that one of the runs found: faults, alerts, silences.
	Facts []string `json:"facts,omitempty"`
	// NewlyLost counts fates that are lost now and were not.
	NewlyLost int `json:"newly_lost"`
}

// Any tells whether there is a difference.
func (d *Differences) Any() bool { return len(d.Kinds) > 0 || len(d.Facts) > 0 }

// Difference is one message with another fate in a sink.
type Difference struct {
	Message string `json:"message"`
	// Sink is empty where the message itself is missing in one of the runs.
	Sink   string `json:"sink,omitempty"`
	Before string `json:"before"`
	Now    string `json:"now"`
}

// Kind is the difference without the message.
func (d Difference) Kind() string {
	change := d.Before + " → " + d.Now
	if d.Sink == "" {
		return change
	}
	return d.Sink + ": " + change
}

// DifferenceKind counts differences of one kind.
type DifferenceKind struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Facts are what the run found besides fates, without times: two runs of one
// scenario in real time should agree on them.
func (r *Result) Facts() []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, Clean(fmt.Sprintf(format, args...))) }
	for _, f := range r.Faults {
		add("fault %d: %s on %s, %d things", f.Index, f.Kind, f.Target, f.Things)
	}
	for _, o := range r.Offline {
		add("offline: %s %s", o.Thing, o.Verdict)
	}
	for _, a := range r.Alerts.List {
		add("alert: %s %s %s", a.Thing, strings.TrimSpace(a.Kind+" "+a.Severity), a.Verdict)
	}
	for _, c := range r.Commands {
		done := "acted on"
		if c.Acted.IsZero() {
			done = "not acted on"
		}
		add("command: %s %s %s", c.Thing, c.Action, done)
	}
	for _, f := range r.Findings {
		add("finding: %s", f)
	}
	return list
}
