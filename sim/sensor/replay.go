package sensor

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Replay is a recording, as CSV with an offset from the start of the run and a
// value in each line, the first at 0:
//
//	offset,value
//	0,21.5
//	90s,22
//	1h30m,21
//
// Offsets are seconds or written as 90s, and grow; the header may be missing, and #
// begins a comment. A value holds until the next. It starts over without end.
type Replay struct {
	// CSV is the recording itself.
	CSV string `yaml:"csv,omitempty" json:"csv,omitempty"`
	// File is where it is, instead; Load reads it.
	File string `yaml:"file,omitempty" json:"file,omitempty"`
	// Every is after how long it starts over; when zero, the last value holds as
	// long as the one before.
	Every time.Duration `yaml:"every,omitempty" json:"every,omitempty"`

	once   sync.Once // many devices share one recording
	parsed recording
	err    error
}

// maxReplay bounds a recording, in bytes.
const maxReplay = 1 << 20

// maxOffset bounds its offsets.
const maxOffset = 10 * 365 * 24 * time.Hour

// Load reads File into CSV, so that the spec is complete without the file. It does
// nothing when there is no File.
func (r *Replay) Load(files fs.FS) error {
	if r.File == "" {
		return nil
	}
	f, err := files.Open(r.File)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxReplay+1))
	if err != nil {
		return fmt.Errorf("replay: %s: %w", r.File, err)
	}
	if _, err := parse(string(text), r.Every); err != nil {
		return fmt.Errorf("replay: %s: %w", r.File, err)
	}
	r.CSV, r.File, r.once = string(text), "", sync.Once{}
	return nil
}

func (r *Replay) validate() error {
	_, err := r.recording()
	return err
}

// recording parses once.
func (r *Replay) recording() (recording, error) {
	r.once.Do(func() {
		switch {
		case r.CSV != "" && r.File != "":
			r.err = errors.New("replay: give csv or file, not both")
		case r.File != "":
			r.err = fmt.Errorf("replay.file: %s was not loaded", r.File)
		default:
			if r.parsed, r.err = parse(r.CSV, r.Every); r.err != nil {
				r.err = fmt.Errorf("replay: %w", r.err)
			}
		}
	})
	return r.parsed, r.err
}

// recording is a replay's values; every is its length.
type recording struct {
	offsets []time.Duration
	values  []float64
	every   time.Duration
}

// at is the value so long after the recording began.
func (r recording) at(in time.Duration) float64 {
	if in %= r.every; in < 0 {
		in += r.every
	}
	return r.values[sort.Search(len(r.offsets), func(i int) bool { return r.offsets[i] > in })-1]
}

// parse reads a recording strictly.
func parse(text string, every time.Duration) (recording, error) {
	var r recording
	if len(text) > maxReplay {
		return r, fmt.Errorf("it is larger than %d bytes", maxReplay)
	}
	lines := csv.NewReader(strings.NewReader(text))
	lines.FieldsPerRecord, lines.Comment, lines.ReuseRecord, lines.TrimLeadingSpace = 2, '#', true, true
	for first := true; ; first = false {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return r.close(every)
		}
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := lines.FieldPos(0)
			return r, fmt.Errorf("line %d: %d columns, not offset and value", line, len(fields))
		}
		if err != nil {
			return r, err // it names the line
		}
		if first && fields[0] == "offset" && fields[1] == "value" {
			continue
		}
		if err := r.add(fields[0], fields[1]); err != nil {
			line, _ := lines.FieldPos(0)
			return r, fmt.Errorf("line %d: %w", line, err)
		}
	}
}

func (r *recording) add(offset, value string) error {
	at, err := parseOffset(strings.TrimSpace(offset))
	if err != nil {
		return err
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("value %q is not a finite number", value)
	}
	switch n := len(r.offsets); {
	case n == 0 && at != 0:
		return fmt.Errorf("the first offset is %s, not 0", at)
	case n > 0 && at <= r.offsets[n-1]:
		return fmt.Errorf("offset %s does not come after %s", at, r.offsets[n-1])
	}
	r.offsets, r.values = append(r.offsets, at), append(r.values, v)
	return nil
}

// parseOffset reads seconds, or a duration with units.
func parseOffset(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if s, isNumber := strconv.ParseFloat(text, 64); isNumber == nil {
		d, err = maxOffset+1, nil
		if math.Abs(s) <= maxOffset.Seconds() {
			d = time.Duration(math.Round(s * float64(time.Second)))
		}
	}
	if err != nil {
		return 0, fmt.Errorf("offset %q is neither seconds nor a duration such as 90s", text)
	}
	if d < 0 || d > maxOffset {
		return 0, fmt.Errorf("offset %s is not between 0 and %s", text, maxOffset)
	}
	return d, nil
}

// close settles when the recording starts over.
func (r recording) close(every time.Duration) (recording, error) {
	n := len(r.offsets)
	if n == 0 {
		return r, errors.New("there are no values")
	}
	last := r.offsets[n-1]
	switch {
	case every != 0 && every <= last:
		return r, fmt.Errorf("every: %s is not after the last offset %s", every, last)
	case every != 0:
		r.every = every
	case n == 1:
		r.every = 1
	default:
		r.every = last + last - r.offsets[n-2]
	}
	return r, nil
}
