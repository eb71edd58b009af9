package live

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// faultLines are the faults that go on and the next ones to come.
func (m *Model) faultLines(most int) []string {
	if len(m.Scenario.Faults) == 0 {
		return []string{"faults        " + faint("none planned")}
	}
	now, next := m.faultsAt(m.now.Elapsed)
	if m.phases.now < ramp {
		now = nil
	}
	if m.phases.now > run {
		return []string{"faults        " + faint("healed")}
	}
	var lines []string
	for _, f := range now {
		left := "to the end"
		if f.For > 0 {
			left = until(f.At+f.For-m.now.Elapsed) + " more"
		}
		lines = append(lines, yellow("now  "+describe(f))+"  "+left)
	}
	for _, f := range next {
		lines = append(lines, "next "+describe(f)+faint("  in "+until(f.At-m.now.Elapsed)))
	}
	if len(lines) == 0 {
		lines = []string{faint("all over")}
	}
	if over := len(lines) - most; over > 0 {
		lines = append(lines[:max(most-1, 0)], faint(fmt.Sprintf("and %d more", over+1)))
	}
	for i := range lines {
		head := ""
		if i == 0 {
			head = "faults"
		}
		lines[i] = fmt.Sprintf("%-13s ", head) + lines[i]
	}
	return lines
}

// faultsAt are the faults that go on at a time of the run, and those to come.
func (m *Model) faultsAt(at time.Duration) (now, next []fault.Fault) {
	for _, f := range m.Scenario.Faults {
		switch {
		case f.At > at:
			next = append(next, f)
		case f.For == 0 || at < f.At+f.For:
			now = append(now, f)
		}
	}
	slices.SortStableFunc(next, func(a, b fault.Fault) int { return cmp.Compare(a.At, b.At) })
	return now, next
}

func describe(f fault.Fault) string {
	if target := f.Target.String(); target != "" {
		return string(f.Kind) + " on " + target
	}
	return string(f.Kind)
}

// until is a time to come, in whole seconds.
func until(d time.Duration) string { return max(d, 0).Round(time.Second).String() }
