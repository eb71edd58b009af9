package cloudwatch

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Dimension is a name and a value that tell a metric from others.
type Dimension struct {
	Name  string
	Value string
}

// metric is one of a namespace, a name and dimensions; the State's lock guards it.
type metric struct {
	namespace, name string
	dimensions      []Dimension // by name
	points          []*point    // by time, then by unit
}

// key of a metric: dimensions in any order are the same.
func key(namespace, name string, dimensions []Dimension) string {
	var b strings.Builder
	b.WriteString(namespace + "\x00" + name)
	for _, d := range sorted(dimensions) {
		b.WriteString("\x00" + d.Name + "\x00" + d.Value)
	}
	return b.String()
}

func sorted(dimensions []Dimension) []Dimension {
	return slices.SortedFunc(slices.Values(dimensions), func(a, b Dimension) int { return strings.Compare(a.Name, b.Name) })
}

// point is what came of a unit in a minute, or in a second of high resolution.
type point struct {
	at   int64 // seconds
	unit string
	statistics
}

// statistics of values; they can be merged.
type statistics struct {
	count, sum, min, max float64
	values               []weighted // as they came; of those in opaque statistic sets none
	opaque               bool       // some values are not known
}

// weighted is a value and how often it came.
type weighted struct{ value, count float64 }

func (s *statistics) add(other statistics) {
	if s.count == 0 {
		s.min, s.max = other.min, other.max
	}
	s.count, s.sum = s.count+other.count, s.sum+other.sum
	s.min, s.max = min(s.min, other.min), max(s.max, other.max)
	s.opaque = s.opaque || other.opaque
	for _, w := range other.values {
		if n := len(s.values); n > 0 && s.values[n-1].value == w.value {
			s.values[n-1].count += w.count
			continue
		}
		s.values = append(s.values, w)
	}
}

// percentile is the value of the nearest rank.
func (s *statistics) percentile(p float64) float64 {
	byValue := slices.SortedFunc(slices.Values(s.values), func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	rank, seen := p/100*s.count, 0.0
	for _, w := range byValue {
		if seen += w.count; seen >= rank {
			return w.value
		}
	}
	return s.max
}

// samples is what a point takes of the State's bound.
func (s *statistics) samples() int { return 1 + len(s.values) }

// add merges statistics into the point of their time and unit; it answers how much
// the samples grew.
func (m *metric) add(at int64, unit string, s statistics) int {
	i, found := slices.BinarySearchFunc(m.points, at, func(p *point, at int64) int {
		return cmp.Or(cmp.Compare(p.at, at), strings.Compare(p.unit, unit))
	})
	if !found {
		m.points = slices.Insert(m.points, i, &point{at: at, unit: unit})
		m.points[i].add(s)
		return m.points[i].samples()
	}
	before := m.points[i].samples()
	m.points[i].add(s)
	return m.points[i].samples() - before
}

// retention is how long a point is kept (API reference, GetMetricStatistics).
const retention = 455 * 24 * time.Hour

// expire drops old points of all metrics, and metrics without any.
func (s *State) expire() {
	oldest := time.Now().Add(-retention).Unix()
	for k, m := range s.metrics {
		n := 0
		for n < len(m.points) && m.points[n].at < oldest {
			s.samples -= m.points[n].samples()
			n++
		}
		if m.points = slices.Delete(m.points, 0, n); len(m.points) == 0 {
			delete(s.metrics, k)
		}
	}
}
