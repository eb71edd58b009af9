package console

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The chart's box, in the units of its viewBox: about pixels, whatever the width
// of the window, so that text stays readable.
const (
	chartWidth, chartHeight = 380.0, 150.0
	plotLeft, plotRight     = 44.0, 372.0
	plotTop, plotBottom     = 10.0, 126.0
	wantedTicks             = 3
)

// plot places values in the box.
type plot struct {
	from, to  time.Time
	low, high float64
	b         strings.Builder
}

func (p *plot) x(at time.Time) float64 {
	return plotLeft + (plotRight-plotLeft)*float64(at.Sub(p.from))/float64(p.to.Sub(p.from))
}

func (p *plot) y(v float64) float64 {
	return plotBottom - (plotBottom-plotTop)*(v-p.low)/(p.high-p.low)
}

// write appends to the drawing; every text among args must be escaped.
func (p *plot) write(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

// svg closes the drawing. Its label says what it shows to those who do not see it.
func (p *plot) svg(label string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="chart" role="img" aria-label="%s" viewBox="0 0 %g %g">%s</svg>`,
		template.HTMLEscapeString(label), chartWidth, chartHeight, p.b.String()))
}

// lineChart draws a metric: its mean as a line, from least to most as a band.
func lineChart(s Series, span Span, now time.Time) template.HTML {
	low, high := math.Inf(1), math.Inf(-1)
	for _, point := range s.Points {
		low, high = math.Min(low, point.Min), math.Max(high, point.Max)
	}
	ticks := ticksOf(low, high)
	p := &plot{from: now.Add(-span.Long), to: now, low: ticks[0], high: ticks[len(ticks)-1]}
	p.frame(ticks, span)
	for _, run := range runs(s.Points, gapOf(s.Points, span)) {
		p.run(run)
	}
	for _, point := range s.Points {
		p.write(`<circle class="hit" cx="%.1f" cy="%.1f" r="6"><title>%s  %s (%s to %s)</title></circle>`,
			p.x(point.At), p.y(point.Mean), point.At.UTC().Format("15:04:05"), number(point.Mean), number(point.Min), number(point.Max))
	}
	last := s.Points[len(s.Points)-1]
	p.write(`<circle class="last" cx="%.1f" cy="%.1f" r="3"/>`, p.x(last.At), p.y(last.Mean))
	return p.svg(fmt.Sprintf("%s, last %s: from %s to %s, at last %s", s.Name, span.Text, number(low), number(high), number(last.Mean)))
}

// run draws points that follow each other.
func (p *plot) run(points []Point) {
	var top, bottom, line []string
	at := func(x, y float64) string { return fmt.Sprintf("%.1f,%.1f", x, y) }
	for i, point := range points {
		back := points[len(points)-1-i]
		x := p.x(point.At)
		line = append(line, at(x, p.y(point.Mean)))
		top = append(top, at(x, p.y(point.Max)))
		bottom = append(bottom, at(p.x(back.At), p.y(back.Min)))
	}
	p.write(`<polygon class="range" points="%s %s"/>`, strings.Join(top, " "), strings.Join(bottom, " "))
	if len(line) == 1 {
		p.write(`<circle class="last" cx="%.1f" cy="%.1f" r="2"/>`, p.x(points[0].At), p.y(points[0].Mean))
		return
	}
	p.write(`<polyline class="line" points="%s"/>`, strings.Join(line, " "))
}

// gapOf is how far apart points may be for the line to go on: a few bins, or a few
// of the device's own intervals where those are longer.
func gapOf(points []Point, span Span) time.Duration {
	var steps []time.Duration
	for i := 1; i < len(points); i++ {
		steps = append(steps, points[i].At.Sub(points[i-1].At))
	}
	if len(steps) == 0 {
		return 0
	}
	slices.Sort(steps)
	return max(5*span.Bin, 3*steps[len(steps)/2])
}

// runs cuts points where nothing was heard for longer than gap.
func runs(points []Point, gap time.Duration) [][]Point {
	var list [][]Point
	begin := 0
	for i := range points {
		if i+1 == len(points) || points[i+1].At.Sub(points[i].At) > gap {
			list = append(list, points[begin:i+1])
			begin = i + 1
		}
	}
	return list
}

// frame draws grid and axes.
func (p *plot) frame(ticks []float64, span Span) {
	for _, v := range ticks {
		y := p.y(v)
		p.write(`<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="axis" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			plotLeft, plotRight, y, y, plotLeft-6, y+4, number(v))
	}
	for i, anchor := range []string{"start", "middle", "end"} {
		at := p.from.Add(span.Long * time.Duration(i) / 2)
		p.write(`<text class="axis" x="%.1f" y="%g" text-anchor="%s">%s</text>`, p.x(at), chartHeight-6, anchor, clock(at, span))
	}
}

// clock is a time on an axis, as fine as the span asks for.
func clock(at time.Time, span Span) string {
	switch {
	case span.Long > 24*time.Hour:
		return at.UTC().Format("Jan 2 15:04")
	case span.Long > time.Hour:
		return at.UTC().Format("15:04")
	}
	return at.UTC().Format("15:04:05")
}

// ticksOf are round numbers from at most low to at least high.
func ticksOf(low, high float64) []float64 {
	if !(high-low > 1e-9*math.Max(math.Abs(low), math.Abs(high))) || math.IsInf(high-low, 0) {
		pad := math.Max(math.Abs(low)*0.05, 0.5)
		low, high = low-pad, low+pad
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/wantedTicks)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if (high-low)/(step*factor) <= wantedTicks {
			step *= factor
			break
		}
	}
	var ticks []float64
	for v := math.Floor(low/step) * step; len(ticks) < 2*wantedTicks; v += step {
		ticks = append(ticks, v)
		if v >= high {
			break
		}
	}
	return ticks
}

// number is a number for people: at most two decimals, or an exponent.
func number(f float64) string {
	if a := math.Abs(f); a != 0 && (a < 0.01 || a >= 1e7) {
		return strconv.FormatFloat(f, 'g', 3, 64)
	}
	text := strconv.FormatFloat(f, 'f', 2, 64)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if text == "-0" {
		return "0"
	}
	return text
}
