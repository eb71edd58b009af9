package ledger

import (
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// Explain prints one message's way hop by hop, with the time since it was
// sampled, and its fate in each sink.
func (m *Message) Explain(w io.Writer) error {
	p := printer{w: w}
	p.line("message  %s on %q", m.ID, m.Topic)
	p.line("payload  MD5 %x", m.Sum)
	if m.invalid() != "" {
		p.line("reading  none: %s", m.invalid())
	} else {
		p.line("reading  timestamp %d (%s)%s", m.Timestamp, time.UnixMilli(m.Timestamp).UTC().Format(time.RFC3339Nano), m.reading())
	}
	p.line("")
	hops := m.Hops()
	var start time.Time
	if len(hops) > 0 {
		start = hops[0].At
	}
	for _, h := range hops {
		p.line("  %s  %10s  %s", h.At.UTC().Format("15:04:05.000000"), "+"+h.At.Sub(start).Round(time.Microsecond).String(), h.Text)
	}
	if len(hops) == 0 {
		p.line("  nothing is known of its way")
	}
	p.line("")
	for _, s := range Sinks() {
		v := m.Fate(s)
		if v.Reason != "" {
			p.line("%-13s %s (%s)", s, v.Fate, v.Reason)
		} else {
			p.line("%-13s %s", s, v.Fate)
		}
	}
	return p.err
}

// Hops are the message's way: each stage that it reached, and what went wrong, in
// the order of time.
func (m *Message) Hops() []Note {
	var hops []Note
	for s := range stages {
		at := m.At(s)
		if at.IsZero() {
			continue
		}
		text := s.String()
		switch {
		case s == Archived && m.Key != "":
			text += " (" + m.Key + ")"
		case s == Accepted && m.Ingress > 1:
			text += fmt.Sprintf(" (%d times)", m.Ingress)
		}
		hops = append(hops, Note{at, text})
	}
	hops = append(hops, m.Trouble().Notes...)
	sort.SliceStable(hops, func(i, j int) bool { return hops[i].At.Before(hops[j].At) })
	return hops
}

func (m *Message) reading() string {
	text := ""
	for _, v := range m.Measures() {
		text += fmt.Sprintf(" %s=%v", v.Name, v.Value)
	}
	return text
}

type printer struct {
	w   io.Writer
	err error
}

// line prints a line. What devices have sent, such as the names of metrics, gives the
// terminal no orders.
func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, reports.Clean(fmt.Sprintf(format, args...)))
	}
}
