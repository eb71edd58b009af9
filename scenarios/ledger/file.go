package ledger

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// entry is a message in the ledger file: one JSON object a line.
type entry struct {
	ID
	Topic     string               `json:"topic"`
	MD5       string               `json:"md5"`
	Timestamp int64                `json:"timestamp,omitempty"`
	Measures  []Measure            `json:"measures,omitempty"`
	Invalid   string               `json:"invalid,omitempty"`
	Ingress   int32                `json:"ingress"`
	Key       string               `json:"key,omitempty"`
	At        map[string]time.Time `json:"at"`
	Notes     []Note               `json:"notes,omitempty"`
	Fates     map[string]Verdict   `json:"fates"`
}

// Write writes the ledger as JSON lines, ordered by thing and seq.
func (l *Ledger) Write(w io.Writer) error {
	buffered := bufio.NewWriter(w)
	enc := json.NewEncoder(buffered)
	for _, m := range l.Messages() {
		if err := enc.Encode(m.entry()); err != nil {
			return fmt.Errorf("write ledger: %w", err)
		}
	}
	return buffered.Flush()
}

func (m *Message) entry() entry {
	e := entry{
		ID: m.ID, Topic: m.Topic, MD5: hex.EncodeToString(m.Sum[:]), Timestamp: m.Timestamp,
		Measures: m.Measures(), Invalid: m.invalid(), Ingress: m.Ingress, Key: m.Key, Notes: m.Trouble().Notes,
		At: map[string]time.Time{}, Fates: map[string]Verdict{},
	}
	for s := range stages {
		if m.Has(s) {
			e.At[s.String()] = m.At(s)
		}
	}
	for _, s := range Sinks() {
		if m.Fates[s].Fate != "" {
			e.Fates[s.String()] = m.Fates[s]
		}
	}
	return e
}

// maxLine bounds a line of a ledger file, in bytes.
const maxLine = 1 << 20

// ErrNotFound says that a ledger file holds no such message.
var ErrNotFound = errors.New("no such message in the ledger")

// Find reads one message from a ledger file.
func Find(r io.Reader, id ID) (*Message, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("ledger line %d: %w", n, err)
		}
		if e.ID == id {
			return e.message()
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return nil, ErrNotFound
}

func (e entry) message() (*Message, error) {
	m := &Message{
		ID: e.ID, Topic: e.Topic, Timestamp: e.Timestamp, Ingress: e.Ingress, Key: e.Key,
		trouble: &Trouble{Invalid: e.Invalid, Notes: e.Notes},
	}
	for _, v := range e.Measures {
		m.names, m.values = append(m.names, v.Name), append(m.values, v.Value)
	}
	sum, err := hex.DecodeString(e.MD5)
	if err != nil || len(sum) != len(m.Sum) {
		return nil, fmt.Errorf("message %s: MD5 %q", e.ID, e.MD5)
	}
	copy(m.Sum[:], sum)
	for s := range stages {
		if at := e.At[s.String()]; !at.IsZero() {
			m.at[s] = at.UnixNano()
		}
	}
	for _, s := range Sinks() {
		m.Fates[s] = e.Fates[s.String()]
	}
	return m, nil
}
