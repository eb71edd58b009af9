package reports

import (
	"fmt"
	"html/template"
	"time"
)

// timeline is what happened to single things over the run, a row a thing: alerts as
// dots, silences as bars that end where the detector found them.
type timeline struct {
	start    time.Time
	duration time.Duration
	bands    []band
	Rows     []timelineRow
	// Hidden is how many things have no room.
	Hidden int
	// Unmarked is how many marks have none in their rows.
	Unmarked int
	Ticks    []tickMark
}

type timelineRow struct {
	Name  string
	Marks []mark
}

// mark is a dot, or a bar where it has a width; places are per cent.
type mark struct {
	From, Width string
	Class       string
	Label       string
}

// maxRows bounds the timeline's height, maxMarks what stands in a row.
const (
	maxRows  = 40
	maxMarks = 250
)

func newTimeline(r *Result) timeline {
	t := timeline{start: r.Started, duration: r.Duration, bands: faultBands(r), Ticks: elapsed(r.Duration)}
	rows := map[string][]mark{}
	for _, o := range r.Offline {
		to, label := o.Found, "silent, found offline after "+short(o.Found.Sub(o.Silent))
		if o.Found.IsZero() {
			to, label = r.Started.Add(r.Duration), "silent, never found"
		}
		rows[o.Thing] = append(rows[o.Thing], t.bar(o.Silent, to, "silence "+Clean(o.Verdict), label))
	}
	for _, a := range r.Alerts.List {
		class := "warning"
		if a.Severity == "CRITICAL" {
			class = "critical"
		}
		rows[a.Thing] = append(rows[a.Thing], t.dot(a.At, class, fmt.Sprintf("%s %s: %s", a.Severity, a.Kind, a.Verdict)))
	}
	for _, c := range r.Commands {
		rows[c.Thing] = append(rows[c.Thing], t.dot(c.Sent, "command", "command "+c.Action))
	}
	for _, name := range sortedKeys(rows) {
		if len(t.Rows) == maxRows {
			t.Hidden++
			continue
		}
		marks := rows[name][:min(len(rows[name]), maxMarks)]
		t.Unmarked += len(rows[name]) - len(marks)
		t.Rows = append(t.Rows, timelineRow{name, marks})
	}
	return t
}

// Lanes are the names of the faults, Bands the faults themselves.
func (t timeline) Lanes() template.HTML { return template.HTML(lanes(t.bands)) }

// Bands are the faults as bars from the top to the bottom.
func (t timeline) Bands() []mark {
	var list []mark
	for _, b := range t.bands {
		from, to := b.span()
		list = append(list, mark{percent(from), percent(to - from), "band", b.label})
	}
	return list
}

func (t timeline) dot(at time.Time, class, label string) mark {
	return mark{From: percent(t.at(at)), Class: class, Label: t.label(at, label)}
}

func (t timeline) bar(from, to time.Time, class, label string) mark {
	return mark{percent(t.at(from)), percent(max(t.at(to)-t.at(from), 0.003)), class, t.label(from, label)}
}

func (t timeline) label(at time.Time, text string) string {
	return Clean(fmt.Sprintf("%s  %s", round(max(at.Sub(t.start), 0)), text))
}

func (t timeline) at(when time.Time) float64 {
	return clamp(float64(when.Sub(t.start)) / float64(max(t.duration, 1)))
}

// Left is a tick's place in per cent.
func (t tickMark) Left() string { return percent(t.at) }

// Label is a tick's text, Edge its class.
func (t tickMark) Label() string { return t.label }

// Edge keeps it inside.
func (t tickMark) Edge() string { return edge(t.at) }
