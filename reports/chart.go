package reports

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// A chart is an SVG that stretches with its container inside HTML texts that do
// not, so that it reads at any width, in dark and in light:
//
//	   ▐partition on site-a▌        names of the bands, in lanes
//	20 │     ▒▒▒╭──╮
//	10 │─────▒▒▒╯  ╰──              lines, and columns that tell their values
//	   └───────────────
//	    0    30m    1h
//
// It is made by hand, and not by gonum's plot: that one writes colours and fonts
// into each element, so it knows no dark mode, no tooltips and no narrow screen.
// All places are shares of the width or the height, 0 to 1 from the lower left.
type chart struct {
	title  string
	xs, ys []tickMark
	lines  []line
	bands  []band
	guides []tickMark // named vertical lines
	hits   []hit
}

type tickMark struct {
	at    float64
	label string
}

type line struct {
	class  string
	filled bool
	points []point
}

// point is a place on a line; a NaN in y is a gap.
type point struct{ x, y float64 }

type band struct {
	from, to float64
	label    string
}

// hit is a column that tells its values under the pointer.
type hit struct {
	from, to float64
	text     string
}

// The drawing's own units; the browser stretches them.
const (
	chartWidth  = 1000.0
	chartHeight = 200.0
)

// html draws the chart. Every text in it is escaped.
func (c chart) html() template.HTML {
	if c.empty() {
		return `<p class="none">no values</p>`
	}
	var b strings.Builder
	b.WriteString(`<div class="chart">`)
	b.WriteString(lanes(append(append([]band(nil), c.bands...), guideLabels(c.guides)...)))
	b.WriteString(`<div class="ys">`)
	for _, t := range c.ys {
		fmt.Fprintf(&b, `<span style="bottom:%s%%">%s</span>`, percent(t.at), esc(t.label))
	}
	fmt.Fprintf(&b, `</div><svg viewBox="0 0 %g %g" preserveAspectRatio="none" role="img" aria-label="%s">`, chartWidth, chartHeight, esc(c.title))
	c.draw(&b)
	b.WriteString(`</svg><div class="xs">`)
	for _, t := range c.xs {
		fmt.Fprintf(&b, `<span class="%s" style="left:%s%%">%s</span>`, edge(t.at), percent(t.at), esc(t.label))
	}
	b.WriteString(`</div></div>`)
	return template.HTML(b.String())
}

func (c chart) draw(b *strings.Builder) {
	for _, bd := range c.bands {
		from, to := bd.span()
		fmt.Fprintf(b, `<rect class="band" x="%.1f" y="0" width="%.1f" height="%g"/>`, from*chartWidth, (to-from)*chartWidth, chartHeight)
	}
	for _, t := range c.ys {
		fmt.Fprintf(b, `<line class="grid" x1="0" x2="%g" y1="%.1f" y2="%.1f"/>`, chartWidth, down(t.at), down(t.at))
	}
	for _, t := range c.xs {
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="0" y2="%g"/>`, t.at*chartWidth, t.at*chartWidth, chartHeight)
	}
	for _, t := range c.guides {
		fmt.Fprintf(b, `<line class="guide" x1="%.1f" x2="%.1f" y1="0" y2="%g"/>`, t.at*chartWidth, t.at*chartWidth, chartHeight)
	}
	for _, l := range c.lines {
		l.draw(b)
	}
	for _, h := range c.hits {
		fmt.Fprintf(b, `<rect class="hit" x="%.1f" y="0" width="%.1f" height="%g"><title>%s</title></rect>`,
			h.from*chartWidth, (h.to-h.from)*chartWidth, chartHeight, template.HTMLEscapeString(h.text))
	}
}

// draw draws the pieces between the gaps; a piece of one point is a short dash.
func (l line) draw(b *strings.Builder) {
	var piece []point
	flush := func() {
		if len(piece) == 1 {
			piece = []point{{piece[0].x - 0.002, piece[0].y}, {piece[0].x + 0.002, piece[0].y}}
		}
		if len(piece) > 1 {
			text := places(piece)
			if l.filled {
				fmt.Fprintf(b, `<polygon class="%s" points="%.1f,%g %s %.1f,%g"/>`, l.class,
					piece[0].x*chartWidth, chartHeight, text, piece[len(piece)-1].x*chartWidth, chartHeight)
			}
			fmt.Fprintf(b, `<polyline class="%s" points="%s"/>`, l.class, text)
		}
		piece = nil
	}
	for _, p := range l.points {
		if math.IsNaN(p.y) {
			flush()
			continue
		}
		piece = append(piece, p)
	}
	flush()
}

func places(points []point) string {
	texts := make([]string, len(points))
	for i, p := range points {
		texts[i] = fmt.Sprintf("%.1f,%.1f", p.x*chartWidth, down(p.y))
	}
	return strings.Join(texts, " ")
}

func (c chart) empty() bool {
	for _, l := range c.lines {
		for _, p := range l.points {
			if !math.IsNaN(p.y) {
				return false
			}
		}
	}
	return true
}

// span is a band's own, inside the chart and wide enough to be seen.
func (b band) span() (from, to float64) {
	from = min(clamp(b.from), 0.997)
	return from, max(clamp(b.to), from+0.003)
}

func clamp(share float64) float64 { return min(max(share, 0), 1) }

// down is the SVG's y of a share from below.
func down(share float64) float64 { return chartHeight * (1 - clamp(share)) }

func percent(share float64) string { return fmt.Sprintf("%.2f", 100*share) }

// edge keeps the labels at both ends of an axis inside.
func edge(at float64) string {
	switch {
	case at < 0.03:
		return "first"
	case at > 0.97:
		return "last"
	}
	return ""
}

func esc(s string) string { return template.HTMLEscapeString(Clean(s)) }
