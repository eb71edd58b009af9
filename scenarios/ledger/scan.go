package ledger

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"iter"
)

// Fated is a message of a ledger file with its fates only.
type Fated struct {
	ID
	MD5   string `json:"md5"`
	Fates fates  `json:"fates"`
}

// In is the fate in one sink.
func (f Fated) In(s Sink) Verdict {
	return [sinks]Verdict{f.Fates.Archive, f.Fates.TimeSeries, f.Fates.State, f.Fates.Alert}[s]
}

// Before tells whether a message comes before another in a ledger file.
func (id ID) Before(other ID) bool {
	return id.Thing < other.Thing || id.Thing == other.Thing && id.Seq < other.Seq
}

// Scan reads the messages of a ledger file one by one, ordered by thing and seq. An
// error is the last that it yields.
func Scan(r io.Reader) iter.Seq2[Fated, error] {
	return func(yield func(Fated, error) bool) {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			yield(Fated{}, fmt.Errorf("read ledger: %w", err))
			return
		}
		lines := bufio.NewScanner(unpacked)
		lines.Buffer(make([]byte, 64<<10), maxLine)
		for n := 1; lines.Scan(); n++ {
			var f Fated
			if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
				yield(Fated{}, fmt.Errorf("ledger line %d: %w", n, err))
				return
			}
			if !yield(f, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Fated{}, fmt.Errorf("read ledger: %w", err))
		}
	}
}
