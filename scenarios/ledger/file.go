package ledger

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// entry is a message in the ledger file: one JSON object a line.
type entry struct {
	ID
	Topic     string    `json:"topic"`
	MD5       string    `json:"md5"`
	Timestamp int64     `json:"timestamp,omitempty"`
	Measures  []Measure `json:"measures,omitempty"`
	Invalid   string    `json:"invalid,omitempty"`
	Ingress   int32     `json:"ingress"`
	Key       string    `json:"key,omitempty"`
	At        instants  `json:"at"`
	Notes     []Note    `json:"notes,omitempty"`
	Fates     fates     `json:"fates"`
}

// Write writes the ledger as JSON lines, ordered by thing and seq, compressed with
// gzip: a line of each message is half a kilobyte, most of it alike.
func (l *Ledger) Write(w io.Writer) error {
	packed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	// Encoding and packing take about the same time: each has a goroutine.
	lines, encoded := io.Pipe()
	go func() {
		buffered := bufio.NewWriterSize(encoded, 1<<20)
		encoded.CloseWithError(errors.Join(l.encode(buffered), buffered.Flush()))
	}()
	_, err = io.Copy(packed, lines)
	lines.CloseWithError(err) // lets the encoder end when there is nowhere to write
	if err = errors.Join(err, packed.Close()); err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

func (l *Ledger) encode(w io.Writer) error {
	enc := json.NewEncoder(w)
	for _, m := range l.Messages() {
		if err := enc.Encode(m.entry()); err != nil {
			return err
		}
	}
	return nil
}

func (m *Message) entry() entry {
	e := entry{
		ID: m.ID, Topic: m.Topic, MD5: hex.EncodeToString(m.Sum[:]), Timestamp: m.Timestamp,
		Measures: m.Measures(), Invalid: m.invalid(), Ingress: m.Ingress, Key: m.Key, Notes: m.Trouble().Notes,
		At:    m.at,
		Fates: fates{m.Fate(Archive), m.Fate(TimeSeries), m.Fate(State), m.Fate(Alert)},
	}
	return e
}

// fates are the verdicts of the sinks, in a file.
type fates struct {
	Archive    Verdict `json:"archive,omitzero"`
	TimeSeries Verdict `json:"time series,omitzero"`
	State      Verdict `json:"device state,omitzero"`
	Alert      Verdict `json:"alert,omitzero"`
}

// maxLine bounds a line of a ledger file, in bytes.
const maxLine = 1 << 20

// ErrNotFound says that a ledger file holds no such message.
var ErrNotFound = errors.New("no such message in the ledger")

// Find reads one message from a ledger file.
func Find(r io.Reader, id ID) (*Message, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	lines := bufio.NewScanner(unpacked)
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
	m.at = e.At
	for s, v := range [sinks]Verdict{e.Fates.Archive, e.Fates.TimeSeries, e.Fates.State, e.Fates.Alert} {
		m.judge(Sink(s), v)
	}
	return m, nil
}
