package reports

import (
	"fmt"
	"html/template"
	"io"
	"time"
)

// comparePage is what compare.html.tmpl shows.
type comparePage struct {
	*Comparison
	Stored, P99 template.HTML
}

// CompareHTML writes a comparison as one self-contained file, with both runs in
// each chart.
func CompareHTML(w io.Writer, c *Comparison) error {
	page := comparePage{Comparison: c,
		Stored: c.chart("stored in the time series", false, func(s Series) []float64 { return s.Stored }),
		P99:    c.chart("p99 to the time series", true, func(s Series) []float64 { return s.P99 }),
	}
	if err := pages.ExecuteTemplate(w, "compare.html.tmpl", page); err != nil {
		return fmt.Errorf("write html comparison: %w", err)
	}
	return nil
}

// Headline and Regressed are for the template.
func (c *Comparison) Headline() string { return c.headline() }

// chart draws a series of both runs over the longer one's time, with the faults of
// the present one.
func (c *Comparison) chart(title string, delays bool, of func(Series) []float64) template.HTML {
	length := max(c.before.Duration, c.now.Duration)
	step := max(c.before.Series.Step, c.now.Series.Step, time.Second)
	frame := *c.now
	frame.Duration, frame.Series.Step = length, step
	return timeChart{title: title, result: &frame, delays: delays, list: []measured{
		{"before", "line-b", resample(of(c.before.Series), c.before.Series.Step, step), false},
		{"now", "line-a", resample(of(c.now.Series), c.now.Series.Step, step), false},
	}}.html()
}

// resample takes the value at the middle of each longer step.
func resample(values []float64, from, to time.Duration) []float64 {
	if from == to || from <= 0 {
		return values
	}
	var list []float64
	for at := to / 2; int(at/from) < len(values); at += to {
		list = append(list, values[at/from])
	}
	return list
}
