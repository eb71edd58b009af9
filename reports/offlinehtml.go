package reports

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// thresholdPlot draws what detectors with other silences would have done:
//
//	cases │╲ false            │ recommended
//	      │ ╲______      ╱──── not found
//	      └──────────────────── silence
//
// Both axes are logarithmic: one false verdict shows beside thousands.
func thresholdPlot(o *OfflineTruth) template.HTML {
	if o == nil || len(o.Thresholds) < 2 {
		return ""
	}
	first, last := o.Thresholds[0].Silence, o.Thresholds[len(o.Thresholds)-1].Silence
	largest := 0
	for _, x := range o.Thresholds {
		largest = max(largest, x.False, x.Missed+x.Brief)
	}
	p, top := plot{}, math.Max(math.Log10(1+float64(largest)), 1)
	y := func(n int) float64 { return p.y(math.Log10(1+float64(n)), top) }
	at := func(x OfflineThreshold) float64 {
		return p.x(math.Log(float64(x.Silence)/float64(first)) / math.Log(float64(last)/float64(first)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg style="max-width:720px" viewBox="0 0 %g %g" role="img" aria-label="false and unfound cases by silence">`, plotWidth, plotHeight)
	for n := 0; n == 0 || n <= largest; n = max(1, 10*n) {
		fmt.Fprintf(&b, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, plotWidth-plotRight, y(n), y(n), plotLeft-6, y(n)+4, esc(tick(float64(n))))
	}
	var falses, unfound []string
	free := 0.0 // where the next label has room
	for i, x := range o.Thresholds {
		falses = append(falses, fmt.Sprintf("%.1f,%.1f", at(x), y(x.False)))
		unfound = append(unfound, fmt.Sprintf("%.1f,%.1f", at(x), y(x.Missed+x.Brief)))
		if end := i == len(o.Thresholds)-1; at(x) >= free && (end || at(x) < plotWidth-plotRight-60) {
			free = at(x) + 52
			side := "middle"
			if end {
				side = "end"
			}
			fmt.Fprintf(&b, `<text class="tick" x="%.1f" y="%g" text-anchor="%s">%s</text>`, at(x), plotHeight-8, side, esc(round(x.Silence)))
		}
		if label := strings.Join(o.marks(x), ", "); label != "" {
			fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%g" y2="%g" stroke-dasharray="4 4"/><text class="tick" x="%.1f" y="%g" text-anchor="middle">%s</text>`,
				at(x), at(x), plotTop, plotHeight-plotBottom, at(x), plotTop-4, esc(label))
		}
	}
	fmt.Fprintf(&b, `<polyline class="line-b" points="%s"/><polyline class="line-a" points="%s"/></svg>`,
		strings.Join(falses, " "), strings.Join(unfound, " "))
	return template.HTML(b.String())
}
