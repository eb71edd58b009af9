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
//	      └──────────────────── silence, logarithmic
func thresholdPlot(o *OfflineTruth) template.HTML {
	if o == nil || len(o.Thresholds) < 2 {
		return ""
	}
	first, last := o.Thresholds[0].Silence, o.Thresholds[len(o.Thresholds)-1].Silence
	largest := 0
	for _, x := range o.Thresholds {
		largest = max(largest, x.False, x.Missed+x.Brief)
	}
	p, top := plot{}, niceTop(float64(largest))
	at := func(x OfflineThreshold) float64 {
		return p.x(math.Log(float64(x.Silence)/float64(first)) / math.Log(float64(last)/float64(first)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" role="img" aria-label="false and unfound cases by silence">`, plotWidth, plotHeight)
	for i := 0; i <= 4; i++ {
		v := top * float64(i) / 4
		fmt.Fprintf(&b, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, plotWidth-plotRight, p.y(v, top), p.y(v, top), plotLeft-6, p.y(v, top)+4, esc(tick(v)))
	}
	var falses, unfound []string
	free := 0.0 // where the next label has room
	for _, x := range o.Thresholds {
		falses = append(falses, fmt.Sprintf("%.1f,%.1f", at(x), p.y(float64(x.False), top)))
		unfound = append(unfound, fmt.Sprintf("%.1f,%.1f", at(x), p.y(float64(x.Missed+x.Brief), top)))
		if at(x) >= free {
			free = at(x) + 52
			fmt.Fprintf(&b, `<text class="tick" x="%.1f" y="%g" text-anchor="middle">%s</text>`, at(x), plotHeight-8, esc(round(x.Silence)))
		}
		if label := o.label(x); label != "" {
			fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%g" y2="%g" stroke-dasharray="4 4"/><text class="tick" x="%.1f" y="%g" text-anchor="middle">%s</text>`,
				at(x), at(x), plotTop, plotHeight-plotBottom, at(x), plotTop-4, esc(label))
		}
	}
	fmt.Fprintf(&b, `<polyline class="line-b" points="%s"/><polyline class="line-a" points="%s"/></svg>`,
		strings.Join(falses, " "), strings.Join(unfound, " "))
	return template.HTML(b.String())
}
