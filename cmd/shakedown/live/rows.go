package live

import (
	"fmt"
	"strconv"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// row is a line of the table of counts.
type row int

const (
	connected row = iota
	sampled
	sent
	acked
	archived
	written
	stateSet
	alerted
	rows
)

// kinds are the rows with what they count and, where a message takes a time to
// get there, its delays.
var kinds = [rows]struct {
	name   string
	value  func(scenarios.Snapshot) int
	delays func(scenarios.Snapshot) ledger.Delays
}{
	connected: {"connected", func(s scenarios.Snapshot) int { return s.Connected }, nil},
	sampled:   {"sampled", func(s scenarios.Snapshot) int { return s.Sampled }, nil},
	sent:      {"sent", func(s scenarios.Snapshot) int { return s.Sent }, nil},
	acked:     {"acknowledged", func(s scenarios.Snapshot) int { return s.Acked }, func(s scenarios.Snapshot) ledger.Delays { return s.AckDelays }},
	archived:  {"archive", func(s scenarios.Snapshot) int { return s.Archived }, func(s scenarios.Snapshot) ledger.Delays { return s.ArchiveDelays }},
	written:   {"time series", func(s scenarios.Snapshot) int { return s.Written }, func(s scenarios.Snapshot) ledger.Delays { return s.WriteDelays }},
	stateSet:  {"device state", func(s scenarios.Snapshot) int { return s.StateSet }, nil},
	alerted:   {"alerts", func(s scenarios.Snapshot) int { return s.Alerted }, nil},
}

func valuesOf(s scenarios.Snapshot) [rows]int {
	var values [rows]int
	for r, k := range kinds {
		values[r] = k.value(s)
	}
	return values
}

// tableHead and the rows under it have these columns; the sparkline takes the rest.
const tableHead = "                   total      rate       p50       p99"

func (m *Model) tableRow(r row) string {
	k := kinds[r]
	rate, p50, p99 := "", "", ""
	if r != connected {
		rate = perSecond(m.history.rate(r))
	}
	if k.delays != nil {
		if d := m.delays.of(k.delays); d.Count() > 0 {
			p50, p99 = delay(d.Quantile(0.5)), delay(d.Quantile(0.99))
		}
	}
	line := fmt.Sprintf("%-13s %10s %9s %9s %9s", k.name, count(k.value(m.now)), rate, p50, p99)
	if columns := m.width - ansi.StringWidth(line) - 4; columns >= 4 {
		line += "  " + cyan(sparkline(m.history.shape(r, min(columns, 48))))
	}
	return line
}

// count is a number with commas.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// perSecond is a rate in at most nine columns.
func perSecond(f float64) string {
	if f < 100 {
		return strconv.FormatFloat(f, 'f', 1, 64) + "/s"
	}
	return count(int(f)) + "/s"
}

// delay is a duration in at most nine columns.
func delay(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Microsecond).String()
}
