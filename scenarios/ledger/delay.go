package ledger

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Delays from the sample to a stage are counted in buckets, eight between two
// powers of two of a microsecond, to be read while a run goes on: the report's
// percentiles are made of the messages themselves.
const (
	perOctave = 8
	octaves   = 40 // to twelve days
)

type delays [octaves * perOctave]atomic.Int64

// delay enters how long a message took to a stage.
func (l *Ledger) delay(m *Message, s Stage) {
	if s == Sampled || m.at[Sampled] == 0 {
		return
	}
	l.delays[s][bucketOf(time.Duration(m.at[s]-m.at[Sampled]))].Add(1)
}

func bucketOf(d time.Duration) int {
	us := uint64(max(d/time.Microsecond, 1))
	octave := bits.Len64(us) - 1
	within := int((us << perOctaveBits >> octave) & (perOctave - 1))
	return min(octave*perOctave+within, octaves*perOctave-1)
}

const perOctaveBits = 3

// upper is the upper bound of a bucket.
func upper(bucket int) time.Duration {
	octave, within := bucket/perOctave, bucket%perOctave
	return time.Duration((perOctave+uint64(within)+1)<<octave>>perOctaveBits) * time.Microsecond
}

// Delays are the delays from the sample to a stage that were counted so far.
type Delays [octaves * perOctave]int64

// Delays are those up to now. It takes no lock, like Count.
func (l *Ledger) Delays(s Stage) Delays {
	var d Delays
	for i := range d {
		d[i] = l.delays[s][i].Load()
	}
	return d
}

// Since are the delays that d has and before had not.
func (d Delays) Since(before Delays) Delays {
	for i := range d {
		d[i] -= before[i]
	}
	return d
}

// Count is how many there are.
func (d Delays) Count() int64 {
	n := int64(0)
	for _, c := range d {
		n += c
	}
	return n
}

// Quantile is an upper bound of the q-quantile, within an eighth; zero when there
// are no delays.
func (d Delays) Quantile(q float64) time.Duration {
	total := d.Count()
	rank := int64(q*float64(total-1)) + 1
	for i, c := range d {
		if rank -= c; c > 0 && rank <= 0 {
			return upper(i)
		}
	}
	return 0
}

// AtMost is how many delays do not exceed d, by the upper bounds of their buckets.
func (d Delays) AtMost(limit time.Duration) int64 {
	n := int64(0)
	for i, c := range d {
		if upper(i) <= limit {
			n += c
		}
	}
	return n
}

// Sum is an upper bound of all delays together, within an eighth.
func (d Delays) Sum() time.Duration {
	sum := time.Duration(0)
	for i, c := range d {
		sum += upper(i) * time.Duration(c)
	}
	return sum
}
