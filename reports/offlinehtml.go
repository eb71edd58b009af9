package reports

import (
	"html/template"
	"math"
	"strings"
)

// thresholdChart draws what detectors with other silences would have done:
//
//	cases │╲ false            │ recommended
//	      │ ╲______      ╱──── not found
//	      └──────────────────── silence
//
// Both axes are logarithmic: one false verdict shows beside thousands.
func thresholdChart(o *OfflineTruth) template.HTML {
	if o == nil || len(o.Thresholds) < 2 {
		return ""
	}
	first, last := o.Thresholds[0].Silence, o.Thresholds[len(o.Thresholds)-1].Silence
	largest := 0
	for _, x := range o.Thresholds {
		largest = max(largest, x.False, x.Missed+x.Brief)
	}
	top := math.Max(math.Log10(1+float64(largest)), 1)
	y := func(n int) float64 { return math.Log10(1+float64(n)) / top }
	x := func(t OfflineThreshold) float64 {
		return math.Log(float64(t.Silence)/float64(first)) / math.Log(float64(last)/float64(first))
	}
	c := chart{title: "false and unfound cases by silence"}
	for n := 0; n == 0 || n <= largest; n = max(1, 10*n) {
		c.ys = append(c.ys, tickMark{y(n), tick(float64(n))})
	}
	falses, unfound := line{class: "line-b"}, line{class: "line-a"}
	free := 0.0 // where the next label has room
	for i, t := range o.Thresholds {
		at := x(t)
		falses.points = append(falses.points, point{at, y(t.False)})
		unfound.points = append(unfound.points, point{at, y(t.Missed + t.Brief)})
		if end := i == len(o.Thresholds)-1; at >= free && (end || at < 0.93) {
			free = at + 0.07
			c.xs = append(c.xs, tickMark{at, round(t.Silence)})
		}
		if label := strings.Join(o.marks(t), ", "); label != "" {
			c.guides = append(c.guides, tickMark{at, label})
		}
	}
	c.lines = []line{falses, unfound}
	return c.html()
}
