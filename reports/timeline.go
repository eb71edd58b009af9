package reports

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// timeline draws what happened to single things over the run, a row a thing:
// alerts as dots, silences as bars that end where the detector found them.
type timeline struct {
	start    time.Time
	duration time.Duration
	rows     []timelineRow
	bands    []band
}

type timelineRow struct {
	name  string
	marks []mark
}

type mark struct {
	from, to time.Time // a dot when to is zero
	class    string
	label    string
}

// maxRows bounds the timeline's height.
const maxRows = 40

func newTimeline(r *Result) timeline {
	t := timeline{start: r.Started, duration: r.Duration, bands: faultBands(r)}
	rows := map[string][]mark{}
	for _, a := range r.Alerts.List {
		class := "warning"
		if a.Severity == "CRITICAL" {
			class = "critical"
		}
		rows[a.Thing] = append(rows[a.Thing], mark{from: a.At, class: class, label: fmt.Sprintf("%s %s: %s", a.Severity, a.Kind, a.Verdict)})
	}
	for _, o := range r.Offline {
		to, label := o.Found, "silent, found offline after "+short(o.Found.Sub(o.Silent))
		if o.Found.IsZero() {
			to, label = r.Started.Add(r.Duration), "silent, never found"
		}
		rows[o.Thing] = append(rows[o.Thing], mark{from: o.Silent, to: to, class: "silence " + o.Verdict, label: label})
	}
	for _, c := range r.Commands {
		rows[c.Thing] = append(rows[c.Thing], mark{from: c.Sent, class: "command", label: "command " + c.Action})
	}
	for _, name := range sortedKeys(rows) {
		t.rows = append(t.rows, timelineRow{name, rows[name]})
	}
	return t
}

func (t timeline) svg() template.HTML {
	rows := t.rows
	if len(rows) > maxRows {
		rows = rows[:maxRows]
	}
	const left, right, rowHeight, width = 160.0, 20.0, 24.0, plotWidth
	height := rowHeight*float64(len(rows)) + 30
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" role="img" aria-label="timeline of alerts, silences and commands">`, width, height)
	for _, bd := range t.bands {
		x0, x1 := left+(width-left-right)*clamp(bd.from), left+(width-left-right)*clamp(bd.to)
		fmt.Fprintf(&b, `<rect class="band" x="%.1f" y="0" width="%.1f" height="%g"><title>%s</title></rect>`, x0, max(x1-x0, 2), height-24, esc(bd.label))
	}
	for i := 0; i <= 4; i++ {
		x := left + (width-left-right)*float64(i)/4
		fmt.Fprintf(&b, `<line class="grid" x1="%.1f" x2="%.1f" y1="0" y2="%g"/><text class="tick" x="%.1f" y="%g" text-anchor="%s">%s</text>`,
			x, x, height-24, x, height-8, anchor(i), esc(short(t.duration*time.Duration(i)/4)))
	}
	at := func(when time.Time) float64 {
		share := float64(when.Sub(t.start)) / float64(max(t.duration, 1))
		return left + clamp(share)*(width-left-right)
	}
	for i, row := range rows {
		y := rowHeight*float64(i) + rowHeight/2
		fmt.Fprintf(&b, `<text class="name" x="0" y="%g">%s</text>`, y+4, esc(cut(row.name, 18)))
		for _, m := range row.marks {
			x := at(m.from)
			if m.to.IsZero() {
				fmt.Fprintf(&b, `<circle class="%s" cx="%.1f" cy="%g" r="6"><title>%s</title></circle>`, m.class, x, y, esc(m.label))
				continue
			}
			fmt.Fprintf(&b, `<rect class="%s" x="%.1f" y="%g" width="%.1f" height="10" rx="3"><title>%s</title></rect>`,
				m.class, x, y-5, max(at(m.to)-x, 2), esc(m.label))
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
