package reports

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the result for a pull request: a comment, or a job's summary. What
// devices sent stands in code spans, so that it is no link, tag or mention.
func Markdown(w io.Writer, r *Result) error {
	m := &text{w: w}
	m.line("## %s %s", verdictMark(r), code(r.Scenario))
	if r.Description != "" {
		m.line("\n%s", prose(r.Description))
	}
	m.line("\n%s devices · %s sent · %s acknowledged · seed %d · %s clock · %s in %s",
		count(r.Devices), count(r.Counts.Sent), count(r.Counts.Acked), r.Seed, r.Clock, round(r.Duration), short(r.Took))
	m.bullets("What failed", r.Failures)
	m.expected(r.Expectations)
	m.line("\n| sink | expected | stored | lost | other fates |")
	m.line("|---|--:|--:|--:|---|")
	for _, s := range r.Sinks {
		m.line("| %s | %s | %s | %s | %s |", prose(s.Name), count(s.Expected), count(s.Fates["stored"]), bold(s.Fates["lost"]), prose(otherFates(s)))
	}
	m.stages(r)
	m.faults(r)
	m.fold("Messages worth a look", len(r.Messages), func() {
		for _, e := range r.Messages[:min(len(r.Messages), 10)] {
			m.line("- %s in %s: %s %s", code(e.Message), prose(e.Sink), prose(e.Fate), code(e.Reason))
		}
	})
	m.quotasMarkdown(r.Quotas)
	m.fold("Findings", len(r.Findings), func() {
		for _, f := range r.Findings {
			m.line("- %s", prose(f))
		}
	})
	m.line("\n```sh")
	for _, c := range nextCommands(r) {
		m.line("%s  # %s", strings.ReplaceAll(c.Line, "```", "'''"), strings.ReplaceAll(c.What, "```", "'''"))
	}
	m.line("```")
	return m.err
}

func (t *text) expected(list []Expectation) {
	if len(list) == 0 {
		return
	}
	t.line("\n| | expected | measured |")
	t.line("|---|---|---|")
	for _, e := range list {
		mark := "✅"
		if !e.Passed {
			mark = "❌"
		}
		t.line("| %s | %s | %s |", mark, code(e.Text), prose(e.Measured))
	}
}

func (t *text) faults(r *Result) {
	t.fold(fmt.Sprintf("%d faults", len(r.Faults)), len(r.Faults), func() {
		t.line("| at | for | fault |")
		t.line("|---|---|---|")
		for _, f := range r.Faults {
			length := "the rest"
			if f.For > 0 {
				length = round(f.For)
			}
			t.line("| %s | %s | %s |", round(max(f.At.Sub(r.Started), 0)), length, code(f.name()))
		}
	})
}

// fold writes what is opened by a click, if there is anything.
func (t *text) fold(title string, n int, body func()) {
	if n == 0 {
		return
	}
	t.line("\n<details><summary>%s</summary>\n", title)
	body()
	t.line("\n</details>")
}

func (t *text) bullets(title string, list []string) {
	if len(list) == 0 {
		return
	}
	t.line("\n**%s**\n", title)
	for _, l := range list {
		t.line("- %s", prose(l))
	}
}

func verdictMark(r *Result) string {
	switch {
	case r.Interrupted:
		return "⏹️ CUT SHORT"
	case r.Passed():
		return "✅ PASS"
	}
	return "❌ FAIL"
}

func bold(n int) string {
	if n == 0 {
		return "0"
	}
	return "**" + count(n) + "**"
}

// code is a code span, also inside a table; empty stays empty.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.NewReplacer("`", "'", "|", `\|`).Replace(Clean(s)) + "`"
}

// prose is text that means nothing in Markdown or HTML and mentions nobody.
func prose(s string) string {
	var out strings.Builder
	for _, r := range Clean(s) {
		switch {
		case r == '<':
			out.WriteString("&lt;")
		case r == '&':
			out.WriteString("&amp;")
		case r == '@':
			out.WriteString("@\u2060")
		case strings.ContainsRune("\\`*_[]|~#!", r):
			out.WriteString(`\` + string(r))
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
