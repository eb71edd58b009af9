package reports

import (
	"fmt"
	"text/tabwriter"
)

// stageRow is a stage of the way of messages as reports show it.
type stageRow struct {
	Stage, Count, Rate, P50, P90, P99, Max string
}

// StageRows are the latencies by stage, each beside the messages a second that got
// there. A stage that no message reached has none.
func (r *Result) StageRows() []stageRow {
	var rows []stageRow
	for _, l := range r.Latencies {
		rows = append(rows, stageRow{l.Stage, count(int(l.Count)), r.rateOf(l.Stage), short(l.P50), short(l.P90), short(l.P99), short(l.Max)})
	}
	return rows
}

// rateOf is a stage's messages a second; results of older runs may have none.
func (r *Result) rateOf(stage string) string {
	for _, rate := range r.Rates {
		if rate.Stage == stage {
			return perSecond(rate.PerSecond)
		}
	}
	return "-"
}

// perSecond is a rate, to three digits or so.
func perSecond(rate float64) string {
	if rate >= 1000 {
		return count(int(rate+0.5)) + "/s"
	}
	return fmt.Sprintf("%.3g/s", rate)
}

// WarmupNote says what latencies and rates are of; empty when they are of all.
func (r *Result) WarmupNote() string {
	if r.Warmup <= 0 {
		return ""
	}
	return fmt.Sprintf("after a warm-up of %s: latencies of what was sampled after it, rates of what got there after it", short(r.Warmup))
}

func (t *text) latencies(r *Result) {
	rows := r.StageRows()
	if len(rows) == 0 {
		return
	}
	t.line("")
	table := tabwriter.NewWriter(t.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "latency from the sample\tcount\trate\tp50\tp90\tp99\tmax\t")
	for _, l := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", l.Stage, l.Count, l.Rate, l.P50, l.P90, l.P99, l.Max)
	}
	if err := table.Flush(); t.err == nil {
		t.err = err
	}
	if note := r.WarmupNote(); note != "" {
		t.paragraph("  ", note)
	}
}

// stages is the same table for a pull request.
func (t *text) stages(r *Result) {
	rows := r.StageRows()
	if len(rows) == 0 {
		return
	}
	t.line("\n| latency from the sample | count | rate | p50 | p90 | p99 | max |")
	t.line("|---|--:|--:|--:|--:|--:|--:|")
	for _, l := range rows {
		t.line("| %s | %s | %s | %s | %s | %s | %s |", prose(l.Stage), l.Count, l.Rate, l.P50, l.P90, l.P99, l.Max)
	}
	if note := r.WarmupNote(); note != "" {
		t.line("\n%s", note)
	}
}
