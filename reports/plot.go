package reports

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"
)

// A plot is an inline SVG of fixed coordinates that scales with its container:
//
//	title
//	y │      ╭──╮        ▒ a fault's band
//	  │──────╯  ╰──
//	  └───────────── x: time since the start
type plot struct {
	title string
	step  time.Duration
	lines []plotLine
	bands []band
}

type plotLine struct {
	name   string
	class  string
	values []float64
}

type band struct {
	from, to float64 // shares of the width, 0 to 1
	label    string
}

const (
	plotWidth  = 720.0
	plotHeight = 220.0
	plotLeft   = 64.0
	plotRight  = 12.0
	plotTop    = 16.0
	plotBottom = 26.0
)

// svg draws the plot. Every text in it is escaped.
func (p plot) svg() template.HTML {
	top := niceTop(p.largest())
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, plotWidth, plotHeight, esc(p.title))
	for _, bd := range p.bands {
		x0, x1 := p.x(bd.from), p.x(math.Max(bd.to, bd.from+0.003))
		fmt.Fprintf(&b, `<rect class="band" x="%.1f" y="%g" width="%.1f" height="%g"><title>%s</title></rect>`,
			x0, plotTop, x1-x0, plotHeight-plotTop-plotBottom, esc(bd.label))
	}
	for i := 0; i <= 4; i++ {
		v := top * float64(i) / 4
		y := p.y(v, top)
		fmt.Fprintf(&b, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, plotWidth-plotRight, y, y, plotLeft-6, y+4, esc(tick(v)))
	}
	n := p.points()
	for i := 0; i <= 4 && n > 0; i++ {
		share := float64(i) / 4
		at := time.Duration(share * float64(n) * float64(p.step))
		fmt.Fprintf(&b, `<text class="tick" x="%.1f" y="%g" text-anchor="%s">%s</text>`, p.x(share), plotHeight-8, anchor(i), esc(short(at)))
	}
	for _, l := range p.lines {
		b.WriteString(p.polyline(l, top, n))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// polyline draws one line; a NaN is a gap.
func (p plot) polyline(l plotLine, top float64, n int) string {
	var b strings.Builder
	var points []string
	flush := func() {
		switch {
		case len(points) == 1:
			points = append(points, points[0])
			fallthrough
		case len(points) > 1:
			fmt.Fprintf(&b, `<polyline class="%s" points="%s"/>`, l.class, strings.Join(points, " "))
		}
		points = points[:0]
	}
	for i, v := range l.values {
		if math.IsNaN(v) || v < 0 {
			flush()
			continue
		}
		points = append(points, fmt.Sprintf("%.1f,%.1f", p.x((float64(i)+0.5)/float64(max(n, 1))), p.y(v, top)))
	}
	flush()
	return b.String()
}

func (p plot) x(share float64) float64 { return plotLeft + clamp(share)*(plotWidth-plotLeft-plotRight) }

func clamp(share float64) float64 { return min(max(share, 0), 1) }

// anchor keeps the first and the last of the five labels of an axis inside.
func anchor(i int) string {
	switch i {
	case 0:
		return "start"
	case 4:
		return "end"
	}
	return "middle"
}

func (p plot) y(v, top float64) float64 {
	return plotHeight - plotBottom - v/top*(plotHeight-plotTop-plotBottom)
}

func (p plot) points() int {
	n := 0
	for _, l := range p.lines {
		n = max(n, len(l.values))
	}
	return n
}

func (p plot) largest() float64 {
	largest := 0.0
	for _, l := range p.lines {
		for _, v := range l.values {
			if !math.IsNaN(v) {
				largest = math.Max(largest, v)
			}
		}
	}
	return largest
}

// niceTop is the smallest of 1, 2, 4, 5 or 8 times a power of ten above v.
func niceTop(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 4, 5, 8, 10} {
		if v <= m*power {
			return m * power
		}
	}
	return 10 * power
}

func tick(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%gM", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%gk", v/1e3)
	}
	return fmt.Sprintf("%.4g", v)
}

func esc(s string) string { return template.HTMLEscapeString(clean(s)) }
