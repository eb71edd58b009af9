package reports

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"
)

// measured is one of a result's series: a value per bucket, negative is none.
type measured struct {
	name   string
	class  string
	values []float64
	filled bool
}

// timeChart draws series over a run's time, with its faults as bands.
type timeChart struct {
	title  string
	result *Result
	list   []measured
	delays bool // values are durations in ms, drawn on a logarithmic axis
	unit   string
	whole  bool // values are counts: there is nothing between two of them
}

func (t timeChart) html() template.HTML {
	r := t.result
	c := chart{title: t.title, xs: elapsed(r.Duration), bands: faultBands(r)}
	low, high := t.bounds()
	y := linear(high)
	switch {
	case t.delays:
		y = delays(low, high)
	case t.whole:
		y = counts(high)
	}
	c.ys = y.ticks
	for _, m := range t.list {
		c.lines = append(c.lines, line{m.class, m.filled, t.points(m.values, y)})
	}
	c.hits = t.hits()
	return c.html()
}

// points places values in the middle of their buckets.
func (t timeChart) points(values []float64, y axis) []point {
	list := make([]point, 0, len(values))
	for i, v := range values {
		from, to := t.bucket(i)
		if i > 0 && !t.covered(from) {
			break
		}
		p := point{(from + to) / 2, math.NaN()}
		if v >= 0 {
			p.y = y.share(v)
		}
		list = append(list, p)
	}
	return list
}

// bucket is the span of a bucket on the axis; what is past the end is cut off.
func (t timeChart) bucket(i int) (from, to float64) {
	length := float64(max(t.result.Duration, 1))
	step := float64(t.result.Series.Step)
	return min(float64(i)*step/length, 1), min(float64(i+1)*step/length, 1)
}

// covered tells whether the run lasted for half of the bucket that begins there:
// what is less has no rate.
func (t timeChart) covered(from float64) bool {
	return (1-from)*float64(t.result.Duration) >= float64(t.result.Series.Step)/2 && from < 1
}

func (t timeChart) hits() []hit {
	var list []hit
	for i := 0; ; i++ {
		from, to := t.bucket(i)
		var told []string
		left := false
		for _, m := range t.list {
			if i >= len(m.values) {
				continue
			}
			left = true
			if v := m.values[i]; v >= 0 {
				told = append(told, m.name+" "+t.value(v))
			}
		}
		if !left || i > 0 && !t.covered(from) {
			return list
		}
		if len(told) > 0 {
			at := time.Duration(i) * t.result.Series.Step
			list = append(list, hit{from, to, round(at) + "\n" + strings.Join(told, "\n")})
		}
	}
}

func (t timeChart) value(v float64) string {
	if t.delays {
		return short(time.Duration(v * float64(time.Millisecond)))
	}
	return fmt.Sprintf("%.4g%s", v, t.unit)
}

// bounds are the smallest and the largest value.
func (t timeChart) bounds() (low, high float64) {
	low = math.Inf(1)
	for _, m := range t.list {
		for _, v := range m.values {
			if v >= 0 {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	return min(low, high), high
}

// faultBands are the faults of a run as shares of its time.
func faultBands(r *Result) []band {
	if r.Duration <= 0 {
		return nil
	}
	var bands []band
	for _, f := range r.Faults {
		from := float64(f.At.Sub(r.Started)) / float64(r.Duration)
		to := 1.0
		if f.For > 0 {
			to = from + float64(f.For)/float64(r.Duration)
		}
		bands = append(bands, band{from, to, f.name()})
	}
	return bands
}

// name is the fault in a few words.
func (f Fault) name() string {
	name := f.Kind
	if f.Rate > 0 {
		name = fmt.Sprintf("%s %.4g%%", f.Kind, 100*f.Rate)
	}
	if f.Target == "" {
		return name
	}
	return name + " on " + f.Target
}

// span is when the fault was, on the axis of the plots.
func (f Fault) span(began time.Time) string {
	from := round(max(f.At.Sub(began), 0))
	if f.For == 0 {
		return "from " + from + " to the end"
	}
	return "from " + from + " for " + round(f.For)
}
