package reports

import (
	"encoding/json"
	"fmt"
	"io"
)

// ReplaySchema names the version of the JSON form of a Replay.
const ReplaySchema = "shakedown/replay/v1"

// Replay compares a run with the one that it repeats.
type Replay struct {
	Schema string `json:"schema"`
	// Before is the run that was replayed, Now the replay.
	Before Verdict `json:"before"`
	Now    Verdict `json:"now"`
	// Exact says that hashes must be equal: both ran in virtual time.
	Exact bool `json:"exact"`
	// Same says that nothing differs.
	Same bool `json:"same"`
	// Changes are differences of version, Go and machine.
	Changes     []string     `json:"changes"`
	Differences *Differences `json:"differences,omitempty"`
	// Note says why there is nothing to compare.
	Note string `json:"note,omitempty"`
}

// Verdict is what a run came to.
type Verdict struct {
	Folder string `json:"folder"`
	Clock  string `json:"clock"`
	// Verdict is passed, failed, cut short, killed or unknown.
	Verdict string `json:"verdict"`
	Hash    string `json:"hash,omitempty"`
}

// Passed tells whether the replay is as good as could be asked: in virtual time
// the same, in real time without a loss that was not before, and in itself where
// there is nothing to compare with.
func (r *Replay) Passed() bool {
	switch {
	case r.Note != "":
		return r.Now.Verdict == "passed"
	case r.Exact || r.Differences == nil:
		return r.Same
	}
	return r.Differences.NewlyLost == 0
}

// Write writes the comparison as JSON.
func (r *Replay) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write replay: %w", err)
	}
	return nil
}

// ReplayText writes the comparison for a terminal.
func ReplayText(w io.Writer, r *Replay) error {
	t := &text{w: w}
	t.line("before    %s  %s", r.Before.Verdict, r.Before.Folder)
	t.line("now       %s  %s", r.Now.Verdict, r.Now.Folder)
	t.line("")
	switch {
	case r.Note != "":
		t.paragraph("", r.Note)
	case r.Exact && r.Same:
		t.line("same run: hash %s", r.Now.Hash)
	case r.Exact:
		t.line("another run: hash %s before,", r.Before.Hash)
		t.line("                  %s now", r.Now.Hash)
	case r.Same:
		t.line("same fates; in real time, hashes differ")
	default:
		t.line("other fates, as real time may have it; %d newly lost", r.Differences.NewlyLost)
	}
	if r.Differences != nil {
		t.differences(r.Differences)
	}
	return t.err
}

func (t *text) differences(d *Differences) {
	if d.Any() {
		t.line("")
	}
	for _, k := range d.Kinds {
		t.line("%9s %s", count(k.Count), k.Kind)
	}
	if len(d.Examples) > 0 {
		t.line("")
		t.line("the first messages with another fate:")
	}
	for _, e := range d.Examples {
		t.paragraph("  ", e.Message+"  "+e.Kind())
	}
	t.list("what else differs", d.Facts)
	if !d.Any() {
		t.line("no fate differs among %s messages", count(d.Messages))
	}
}
