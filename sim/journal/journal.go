// Package journal is the append-only record of a run: JSON lines, each one
// entry, written as things happen, so that a run that was killed still leaves a
// readable journal.
//
//	{"kind":"header","at":…,"header":{"scenario":…,"seed":1,"versions":{…}}}
//	{"kind":"progress","at":…,"entity":"fleet","text":"started"}
//	{"kind":"fault","at":…,"entity":"fault 0","text":"connection-reset of s-00007 for 5s"}
//	{"kind":"decision","at":…,"entity":"run","text":"interrupted"}
//	{"kind":"end","at":…,"hash":"…"}
//
// Each entry is one write, and times are those of the run's own clock. What the
// run decides by itself follows from scenario and seed; a decision from outside,
// such as Ctrl-C, is an entry, so that a replay can make it again at its time.
//
// A [Hash] covers what a run decided, independent of the order in which
// unrelated things were entered.
package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Kind is what an entry records.
type Kind string

// The kinds of entries.
const (
	HeaderKind   Kind = "header"   // first line: what ran
	DecisionKind Kind = "decision" // something decided outside, such as Ctrl-C
	FaultKind    Kind = "fault"    // an injected fault
	ProgressKind Kind = "progress" // how far the run has come
	EndKind      Kind = "end"      // last line, with the run's hash
)

// The decisions about a whole run, of the entity "run".
const (
	Interrupted = "interrupted"
	GaveUp      = "gave up: " // and the error
)

// Entry is one line.
type Entry struct {
	Kind   Kind      `json:"kind"`
	At     time.Time `json:"at"`
	Entity string    `json:"entity,omitempty"`
	Text   string    `json:"text,omitempty"`
	Header *Header   `json:"header,omitempty"`
	Hash   string    `json:"hash,omitempty"`
}

// Header says what ran.
type Header struct {
	// Scenario is the scenario as it ran, in JSON.
	Scenario json.RawMessage   `json:"scenario"`
	Seed     uint64            `json:"seed"`
	Versions map[string]string `json:"versions"`
}

// Journal writes entries. It is safe for concurrent use.
type Journal struct {
	mu  sync.Mutex
	w   io.Writer
	err error
}

// New makes a journal that appends to w; each entry is one Write.
func New(w io.Writer) *Journal { return &Journal{w: w} }

// Begin writes the header and waits until it is on the disk.
func (j *Journal) Begin(h Header, at time.Time) error {
	return j.write(Entry{Kind: HeaderKind, At: at, Header: &h})
}

// Enter appends a fault or decision about an entity.
func (j *Journal) Enter(kind Kind, entity, text string, at time.Time) error {
	return j.write(Entry{Kind: kind, At: at, Entity: entity, Text: text})
}

// End writes the run's hash. A journal without it is of a run that was killed.
func (j *Journal) End(hash string, at time.Time) error {
	return j.write(Entry{Kind: EndKind, At: at, Hash: hash})
}

// write appends one entry; after a failure it keeps returning the first error.
func (j *Journal) write(e Entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if len(line) >= maxLine {
		return fmt.Errorf("journal: a line of %d bytes is longer than %d, which nobody could read again", len(line), maxLine)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	_, err = j.w.Write(append(line, '\n'))
	if err == nil && (e.Kind == HeaderKind || e.Kind == EndKind) {
		err = flush(j.w)
	}
	if err != nil {
		j.err = fmt.Errorf("journal: %w", err)
	}
	return j.err
}

// maxLine bounds a line, in bytes: the header holds the scenario with its recordings.
const maxLine = 16 << 20

// ErrTruncated says that the last line of a journal is cut off: the run was
// killed while it wrote. The entries before it are good.
var ErrTruncated = errors.New("journal: the last line is cut off; the run was killed")

// Read returns the entries of a journal. It returns those before a cut-off last
// line together with ErrTruncated.
func Read(r io.Reader) ([]Entry, error) {
	var entries []Entry
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	bad := 0
	for n := 1; lines.Scan(); n++ {
		if bad > 0 {
			return entries, fmt.Errorf("journal line %d is not an entry", bad)
		}
		var e Entry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			bad = n
			continue
		}
		entries = append(entries, e)
	}
	if err := lines.Err(); err != nil {
		return entries, fmt.Errorf("journal: %w", err)
	}
	if bad > 0 {
		return entries, ErrTruncated
	}
	return entries, nil
}
