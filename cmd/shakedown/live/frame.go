package live

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// styles by SGR; tea takes them away where the terminal or NO_COLOR says so.
func styled(code, text string) string { return "\x1b[" + code + "m" + text + "\x1b[0m" }

func bold(text string) string   { return styled("1", text) }
func faint(text string) string  { return styled("2", text) }
func cyan(text string) string   { return styled("36", text) }
func yellow(text string) string { return styled("33", text) }

// alarming is text that stands out when there is something to be alarmed about.
func alarming(text string, n int64) string {
	if n > 0 {
		return styled("1;31", text)
	}
	return text
}

// Frame is the screen: at most as many lines as the window has, none wider.
func (m *Model) Frame() string {
	head := append(m.headLines(), "")
	head = append(head, faint(tableHead))
	for r := range rows {
		head = append(head, m.tableRow(r))
	}
	head = append(head, "", m.amiss())
	foot := m.foot()
	rest := m.height - len(head) - 1
	faults := m.faultLines(min(max(rest-4, 1), 6))
	if len(faults) < rest-3 {
		faults = append(faults, "")
	}
	lines := append(append(head, faults...), m.lagLines(rest-len(faults))...)
	return m.fit(lines, foot)
}

// foot says what can be done, and where else to look: addresses first, for they are
// of no use when they are cut off.
func (m *Model) foot() string {
	hint := faint("Ctrl-C ends the fleet; the pipeline drains and reports")
	if m.said != "" {
		hint = yellow(m.said)
	}
	words := append(slices.Clone(m.Notes), hint)
	if m.said != "" {
		words = append([]string{hint}, m.Notes...)
	}
	return strings.Join(words, "  ")
}

// fit cuts lines to the window and puts the last one at its bottom.
func (m *Model) fit(lines []string, foot string) string {
	if m.height < 1 || m.width < 1 {
		return ""
	}
	lines = lines[:min(len(lines), m.height-1)]
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	lines = append(lines, foot)
	for i, line := range lines {
		lines[i] = ansi.Truncate(" "+line, m.width, "…")
	}
	return strings.Join(lines, "\n")
}

// headLines name the run, its phases, and how far it has come.
func (m *Model) headLines() []string {
	s := m.Scenario
	name := bold(s.Name)
	facts := fmt.Sprintf("%s devices  %s  %s clock  seed %d", count(s.Devices()), s.Duration, s.Clock, s.Seed)
	gap := max(2, m.width-2-ansi.StringWidth(name)-len(facts))
	title := name + strings.Repeat(" ", gap) + faint(facts)
	words := make([]string, len(phaseNames))
	for i, p := range phaseNames {
		switch {
		case phase(i) < m.phases.now:
			words[i] = "✓ " + p
		case phase(i) == m.phases.now:
			words[i] = bold("▶ " + p)
		default:
			words[i] = faint("· " + p)
		}
	}
	return []string{title, strings.Join(words, "  "), m.bar()}
}

// bar draws the course of the phase.
func (m *Model) bar() string {
	c := m.course()
	text := c.text
	if c.left >= 0 {
		text += "  " + until(c.left) + " left"
	}
	if m.Scenario.Clock == scenarios.VirtualClock || m.phases.now == deploy {
		text += "  " + faint(tenths(m.at.Sub(m.Began))+" so far")
	}
	width := min(max(m.width-ansi.StringWidth(text)-5, 8), 60)
	if c.done < 0 {
		return faint(strings.Repeat("░", width)) + "  " + text
	}
	full := int(c.done * float64(width))
	return cyan(strings.Repeat("█", full)) + faint(strings.Repeat("░", width-full)) + "  " + text
}

// amiss counts what did not go as it should: what is on its way, and what will not come.
func (m *Model) amiss() string {
	failed, unheeded, aside, discarded := int64(0), int64(0), int64(0), int64(0)
	for _, r := range m.now.Traffic.Rules {
		failed, unheeded = failed+r.Failed, unheeded+r.Unheeded
	}
	for _, f := range m.now.Traffic.Functions {
		aside, discarded = aside+f.SetAside, discarded+f.Discarded
	}
	var words []string
	for _, w := range []struct {
		name string
		n    int64
	}{
		{"given up", int64(m.now.GivenUp)}, {"refused", int64(m.now.Refused)}, {"actions failed", failed},
		{"unheeded", unheeded}, {"dead letters", aside}, {"discarded", discarded},
	} {
		if w.n > 0 {
			words = append(words, alarming(w.name+" "+count(int(w.n)), w.n))
		}
	}
	way := fmt.Sprintf("on the way    %s to the broker, %s to the time series",
		count(max(m.now.Sent-m.now.Acked-m.now.Refused, 0)), count(max(m.now.Acked-m.now.Written, 0)))
	if len(words) == 0 {
		return way + faint("   nothing amiss")
	}
	return way + "   " + strings.Join(words, "  ")
}
