package reports

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"
	"unicode"
)

// Text writes the verdict for a terminal, a pipe or CI: 80 columns, no colour.
func Text(w io.Writer, r *Result) error {
	t := &text{w: w}
	t.line("%s  %s", verdictWord(r), r.Scenario)
	if r.Description != "" {
		t.paragraph("      ", r.Description)
	}
	t.line("      %s devices, seed %d, %s clock, %s in %s", count(r.Devices), r.Seed, r.Clock, short(r.Duration), short(r.Took))
	t.paragraph("      ", fmt.Sprintf("%s sampled, %s sent, %s accepted by the broker, %s acknowledged",
		count(r.Counts.Sampled), count(r.Counts.Sent), count(r.Counts.Accepted), count(r.Counts.Acked)))
	t.load(r.Load)
	t.line("")
	t.sinks(r)
	t.line("")
	t.outcomes(r)
	t.expectations(r)
	t.offlineTruth(r.OfflineTruth)
	t.latencies(r)
	t.examples(r)
	t.quotas(r.Quotas)
	t.costs(r.CostRows())
	t.list("failures", r.Failures)
	t.list("findings", r.Findings)
	if r.Hash != "" {
		t.line("")
		t.line("run hash  %s", r.Hash)
	}
	return t.err
}

type text struct {
	w   io.Writer
	err error
}

func (t *text) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, strings.TrimRight(format, " ")+"\n", args...)
	}
}

func verdictWord(r *Result) string {
	switch {
	case r.Interrupted:
		return "CUT SHORT"
	case r.Passed():
		return "PASS"
	}
	return "FAIL"
}

func (t *text) outcomes(r *Result) {
	t.line("alerts    %d expected, %d sent", r.Alerts.Expected, r.Alerts.Sent)
	verdicts := map[string]int{}
	for _, o := range r.Offline {
		verdicts[o.Verdict]++
	}
	t.line("offline   %d found, %d missed, %d false", verdicts["found"], verdicts["missed"], verdicts["false"])
	for i, o := range r.Offline {
		if i == 5 {
			t.line("          and %d more", len(r.Offline)-i)
			break
		}
		found := "never found"
		if !o.Found.IsZero() {
			found = "found after " + short(o.Found.Sub(o.Silent))
		}
		t.line("          %s silent since %s, %s", Clean(o.Thing), clock(o.Silent), found)
	}
	done := 0
	for _, c := range r.Commands {
		if !c.Acted.IsZero() {
			done++
		}
	}
	t.line("commands  %d sent, %d acted on", len(r.Commands), done)
	t.external(r)
	for _, f := range r.Faults {
		t.paragraph("fault     "+clock(f.At)+"  ", f.name()+", "+f.span(r.Started))
	}
}

func (t *text) examples(r *Result) {
	if len(r.Messages) == 0 {
		return
	}
	t.line("")
	t.line("messages worth a look (shakedown explain %s <thing>/<seq>):", orRun(r.Folder))
	for i, m := range r.Messages {
		if i == 8 {
			t.line("  and %d more in the report", len(r.Messages)-i)
			return
		}
		t.paragraph("  ", m.Message+"  "+m.Sink+": "+m.Fate)
		if m.Reason != "" {
			t.paragraph("      ", m.Reason)
		}
	}
}

func (t *text) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.line("")
	t.line("%s:", title)
	for _, l := range lines {
		t.paragraph("  - ", l)
	}
}

func orRun(folder string) string {
	if folder == "" {
		return "<run>"
	}
	return folder
}

// Clean keeps control characters that a device sent out of a terminal, and those that
// would turn the order of what follows.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '?'
		}
		return r
	}, s)
}

// count writes 1234567 as 1,234,567.
func count(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// short rounds a duration to three digits or so.
func short(d time.Duration) string {
	for _, step := range []time.Duration{time.Hour, time.Minute, time.Second, time.Millisecond, time.Microsecond} {
		if d >= 100*step {
			return d.Round(step).String()
		}
		if d >= step {
			return d.Round(step / 100).String()
		}
	}
	return d.String()
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05.000") }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
