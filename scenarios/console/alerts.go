package console

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"time"
)

// Alert is an entry of the alert history.
type Alert struct {
	At       time.Time
	Device   string
	Severity string
	Kind     string
	Value    float64
}

// severities are those of the source, the worst first.
var severities = []string{"CRITICAL", "WARNING", "INFO"}

// alertFilter chooses alerts; empty members choose all.
type alertFilter struct{ device, severity string }

func (f alertFilter) where(span Span) string {
	text := fmt.Sprintf("time > ago(%dm)", int(span.Long.Minutes()))
	if f.device != "" {
		text += " AND device_id = " + quoted(f.device)
	}
	if f.severity != "" {
		text += " AND severity = " + quoted(f.severity)
	}
	return text
}

// mostAlerts bounds the alerts of a page.
const mostAlerts = 100

// alerts are the newest of a span, the newest first.
func (c *Console) alerts(ctx context.Context, f alertFilter, span Span) ([]Alert, error) {
	var list []Alert
	query := fmt.Sprintf(`SELECT time, device_id, severity, measure_name, measure_value::double FROM %s WHERE %s ORDER BY time DESC LIMIT %d`,
		c.table(c.config.Pipeline.Alerts), f.where(span), mostAlerts)
	err := c.query(ctx, query, func(row []string) (err error) {
		a := Alert{Device: row[1], Severity: row[2], Kind: row[3]}
		if a.At, err = timeOf(row[0]); err != nil {
			return err
		}
		if a.Value, err = strconv.ParseFloat(row[4], 64); err != nil {
			return err
		}
		list = append(list, a)
		return nil
	})
	return list, err
}

// alertBin is how many alerts of a severity a bin of time had.
type alertBin struct {
	at       time.Time
	severity string
	n        int
}

// alertBins are the numbers of alerts over a span, in the order of time.
func (c *Console) alertBins(ctx context.Context, f alertFilter, span Span) ([]alertBin, error) {
	var list []alertBin
	width := barWidth(span)
	query := fmt.Sprintf(`SELECT BIN(time, %ds) AS bin, severity, COUNT(*) AS n FROM %s WHERE %s GROUP BY BIN(time, %ds), severity ORDER BY bin`,
		int(width.Seconds()), c.table(c.config.Pipeline.Alerts), f.where(span), int(width.Seconds()))
	err := c.query(ctx, query, func(row []string) (err error) {
		b := alertBin{severity: row[1]}
		if b.at, err = timeOf(row[0]); err != nil {
			return err
		}
		if b.n, err = strconv.Atoi(row[2]); err != nil {
			return err
		}
		list = append(list, b)
		return nil
	})
	return list, err
}

// barWidth is that of a bar, in time: wide enough to be seen.
func barWidth(span Span) time.Duration { return 3 * span.Bin }

// tally is how many alerts of a severity there were.
type tally struct {
	Severity string
	N        int
}

// tallies add up the bins by severity, the worst first.
func tallies(bins []alertBin) []tally {
	list := []tally{{severities[0], 0}, {severities[1], 0}}
	for _, b := range bins {
		i := slices.IndexFunc(list, func(t tally) bool { return t.Severity == b.severity })
		if i < 0 {
			i = len(list)
			list = append(list, tally{Severity: b.severity})
		}
		list[i].N += b.n
	}
	return list
}

// alertChart draws alerts over time as bars, stacked by severity.
func alertChart(bins []alertBin, span Span, now time.Time) template.HTML {
	total, highest := map[time.Time]int{}, 1
	for _, b := range bins {
		total[b.at] += b.n
		highest = max(highest, total[b.at])
	}
	ticks := wholeTicks(highest)
	p := &plot{from: now.Add(-span.Long), to: now, low: 0, high: ticks[len(ticks)-1]}
	p.frame(ticks, span)
	stacked := map[time.Time]int{}
	for _, t := range tallies(bins) {
		for _, b := range bins {
			if b.severity != t.Severity {
				continue
			}
			below := stacked[b.at]
			stacked[b.at] += b.n
			left := math.Max(p.x(b.at), plotLeft)
			width := math.Max(p.x(b.at.Add(barWidth(span)))-left-1, 1)
			y := p.y(float64(below + b.n))
			p.write(`<rect class="bar %s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s  %d %s</title></rect>`,
				severityClass(b.severity), left, y, math.Min(width, plotRight-left), p.y(float64(below))-y, clock(b.at, span), b.n, template.HTMLEscapeString(b.severity))
		}
	}
	label := "alerts, last " + span.Text
	for _, t := range tallies(bins) {
		label += fmt.Sprintf(", %d %s", t.N, t.Severity)
	}
	return p.svg(label)
}

// wholeTicks are ticks at whole numbers.
func wholeTicks(highest int) []float64 {
	if highest < 3 {
		return []float64{0, 1, 2}
	}
	return ticksOf(0, float64(highest))
}

// severityClass is the style of a severity; one that is not the source's has none.
func severityClass(severity string) string {
	switch severity {
	case "CRITICAL":
		return "critical"
	case "WARNING":
		return "warning"
	}
	return "info"
}
