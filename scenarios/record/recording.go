package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// Recording is what the journal of a run tells: enough to run it again, or to say
// how far it came when it was killed.
type Recording struct {
	Folder   string
	Scenario *scenarios.Scenario
	Versions map[string]string
	// Entries are those after the header.
	Entries []journal.Entry
	// Began is when the run began and Started when its fleet did, in its own
	// clock; Started is zero for a run that did not come so far.
	Began, Started time.Time
	// Hash is the run's; empty for one that has not ended.
	Hash string
	// CutOff says that the run was killed while it wrote its last entry.
	CutOff bool
}

// Open reads the journal of a run's folder.
func Open(folder string) (*Recording, error) {
	f, err := os.Open(filepath.Join(folder, JournalFile))
	if err != nil {
		return nil, fmt.Errorf("%s is not the folder of a run: %w", folder, err)
	}
	defer f.Close()
	// A link such as runs/latest may point elsewhere soon.
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	entries, err := journal.Read(f)
	cut := errors.Is(err, journal.ErrTruncated)
	if err != nil && !cut {
		return nil, fmt.Errorf("%s: %w: the file was changed after the run", folder, err)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s: the journal is empty: the run was killed before it began, or the disk was full", folder)
	}
	if entries[0].Kind != journal.HeaderKind || entries[0].Header == nil {
		return nil, fmt.Errorf("%s: the journal does not begin with a header: the file was changed after the run", folder)
	}
	r := &Recording{Folder: folder, Versions: entries[0].Header.Versions, Began: entries[0].At, Entries: entries[1:], CutOff: cut}
	if r.Scenario, err = recorded(entries[0].Header); err != nil {
		return nil, fmt.Errorf("%s: the scenario in the journal, of Shakedown %s: %w", folder, r.Versions["shakedown"], err)
	}
	for _, e := range r.Entries {
		switch {
		case e.Kind == journal.ProgressKind && e.Entity == "fleet":
			r.Started = e.At
		case e.Kind == journal.EndKind:
			r.Hash = e.Hash
		}
	}
	return r, nil
}

// recorded is the scenario in a header. What this version does not know is an
// error: without it another scenario would run.
func recorded(h *journal.Header) (*scenarios.Scenario, error) {
	var s scenarios.Scenario
	known := json.NewDecoder(bytes.NewReader(h.Scenario))
	known.DisallowUnknownFields()
	if err := known.Decode(&s); err != nil {
		return nil, err
	}
	s.Seed = h.Seed
	s.SetDefaults()
	return &s, s.Validate()
}

// Ended tells whether the run came to its end: it has a hash and fates.
func (r *Recording) Ended() bool { return r.Hash != "" }

// Interrupted is when, after its start, the fleet was stopped from outside.
func (r *Recording) Interrupted() (time.Duration, bool) {
	for _, e := range r.Entries {
		if e.Kind == journal.DecisionKind && e.Text == journal.Interrupted {
			return e.At.Sub(r.Started), true
		}
	}
	return 0, false
}

// Reached is how long the fleet is known to have run.
func (r *Recording) Reached() time.Duration {
	if n := len(r.Entries); n > 0 && !r.Started.IsZero() {
		return r.Entries[n-1].At.Sub(r.Started)
	}
	return 0
}
