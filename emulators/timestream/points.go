package timestream

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// point is one value. Bits are of a double or an integer; text of a varchar.
type point struct {
	at      int64 // ns since the epoch
	version int64
	bits    uint64
	text    string
	multi   []measure
}

// measure is one value of a multi-measure record.
type measure struct {
	name string
	kind value.Kind
	bits uint64
	text string
}

// set parses a measure value.
func (p *point) set(k value.Kind, text string) bool {
	switch k {
	case value.Double:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
		p.bits = math.Float64bits(f)
	case value.Bigint, value.Timestamp:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return false
		}
		if k == value.Timestamp {
			if n > math.MaxInt64/int64(time.Millisecond) || n < math.MinInt64/int64(time.Millisecond) {
				return false
			}
			n *= int64(time.Millisecond)
		}
		p.bits = uint64(n)
	case value.Boolean:
		switch strings.ToLower(text) {
		case "true":
			p.bits = 1
		case "false":
		default:
			return false
		}
	case value.Varchar:
		p.text = strings.Clone(text) // a part of a call's body would keep all of it
	}
	return true
}

// value is the point's value.
func (p point) value(k value.Kind) value.Value {
	switch k {
	case value.Double:
		return value.Value{Kind: k, F: math.Float64frombits(p.bits)}
	case value.Varchar:
		return value.Value{Kind: k, S: p.text}
	}
	return value.Value{Kind: k, I: int64(p.bits)}
}

// measured is the value of a measure of a multi-measure record, null if it has none.
func (p point) measured(name string, k value.Kind) value.Value {
	for _, m := range p.multi {
		if m.name == name && m.kind == k {
			return point{bits: m.bits, text: m.text}.value(k)
		}
	}
	return value.NullOf(k)
}

// same is that two points have one value.
func (p point) same(q point) bool {
	return p.bits == q.bits && p.text == q.text && slices.Equal(p.multi, q.multi)
}

// points are the values of a series by time: a day of a fleet has millions, and as two
// numbers each they are nothing to the garbage collector.
type points struct {
	plain    []plain
	versions []int64     // nil while all are 1
	texts    []string    // nil while all are empty
	multis   [][]measure // nil of a series of single measures
	// shared is that a query reads the arrays: what it may see is not changed in place.
	shared bool
}

// plain is what every point has.
type plain struct {
	at   int64
	bits uint64
}

func (p *points) len() int { return len(p.plain) }

func (p *points) get(i int) point {
	pt := point{at: p.plain[i].at, version: 1, bits: p.plain[i].bits}
	if p.versions != nil {
		pt.version = p.versions[i]
	}
	if p.texts != nil {
		pt.text = p.texts[i]
	}
	if p.multis != nil {
		pt.multi = p.multis[i]
	}
	return pt
}

// find returns the place of an instant and whether a point is there.
func (p *points) find(at int64) (int, bool) {
	n := len(p.plain)
	if n == 0 || p.plain[n-1].at < at {
		return n, false // the usual case: newer than all
	}
	i := sort.Search(n, func(i int) bool { return p.plain[i].at >= at })
	return i, i < n && p.plain[i].at == at
}

// insert makes place for a point. Behind the last one no query looks.
func (p *points) insert(i int, pt point) {
	if i < len(p.plain) {
		p.own()
	}
	p.plain = slices.Insert(p.plain, i, plain{at: pt.at})
	if p.versions != nil {
		p.versions = slices.Insert(p.versions, i, 1)
	}
	if p.texts != nil {
		p.texts = slices.Insert(p.texts, i, "")
	}
	if p.multis != nil {
		p.multis = slices.Insert(p.multis, i, nil)
	}
	p.set(i, pt)
}

// replace replaces a point by another one of its instant.
func (p *points) replace(i int, pt point) {
	p.own()
	p.set(i, pt)
}

// own leaves the arrays to the queries that read them and goes on with copies.
func (p *points) own() {
	if p.shared {
		*p = p.from(0)
	}
}

// from is a copy of the points from a place on.
func (p *points) from(i int) points {
	part := points{plain: slices.Clone(p.plain[i:])}
	if p.versions != nil {
		part.versions = slices.Clone(p.versions[i:])
	}
	if p.texts != nil {
		part.texts = slices.Clone(p.texts[i:])
	}
	if p.multis != nil {
		part.multis = slices.Clone(p.multis[i:])
	}
	return part
}

func (p *points) set(i int, pt point) {
	p.plain[i].bits = pt.bits
	if p.versions == nil && pt.version != 1 {
		p.versions = slices.Repeat([]int64{1}, len(p.plain))
	}
	if p.versions != nil {
		p.versions[i] = pt.version
	}
	if p.texts == nil && pt.text != "" {
		p.texts = make([]string, len(p.plain))
	}
	if p.texts != nil {
		p.texts[i] = pt.text
	}
	if p.multis == nil && pt.multi != nil {
		p.multis = make([][]measure, len(p.plain))
	}
	if p.multis != nil {
		p.multis[i] = pt.multi
	}
}

// trim drops what is older than both stores keep.
func (p *points) trim(limit int64) {
	if n, _ := p.find(limit); n > 0 {
		*p = p.from(n)
	}
}
