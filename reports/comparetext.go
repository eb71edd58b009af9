package reports

import (
	"fmt"
	"io"
)

// CompareText writes a comparison for a terminal: 80 columns, no colour.
func CompareText(w io.Writer, c *Comparison) error {
	t := &text{w: w}
	t.line("%s", c.headline())
	t.line("")
	t.line("before    %s  %s", c.Before.Verdict, Clean(c.Before.Folder))
	t.line("now       %s  %s", c.Now.Verdict, Clean(c.Now.Folder))
	t.list("not the same in both runs", c.Differs)
	t.line("")
	t.table("compared\tbefore\tnow\tchange\t\t", func(row func(string, ...any)) {
		for _, r := range c.Rows {
			row("%s\t%s\t%s\t%s\t%s\t", r.Name, r.Before, r.Now, r.Change, r.Mark)
		}
	})
	return t.err
}

// headline says in a line what the comparison found.
func (c *Comparison) headline() string {
	if n := len(c.Regressions()); n > 0 {
		return fmt.Sprintf("REGRESSED  %s: %d of %d values are worse, tolerance %.4g %%", Clean(c.Now.Scenario), n, len(c.Rows), 100*c.Tolerance)
	}
	return fmt.Sprintf("NO REGRESSION  %s: %d values compared, tolerance %.4g %%", Clean(c.Now.Scenario), len(c.Rows), 100*c.Tolerance)
}

// CompareMarkdown writes a comparison for a pull request: what changed, and the rest
// behind a click.
func CompareMarkdown(w io.Writer, c *Comparison) error {
	m := &text{w: w}
	mark := "✅"
	if c.Regressed() {
		mark = "❌"
	}
	m.line("## %s %s", mark, prose(c.headline()))
	m.line("\n%s %s → %s %s", c.Before.Verdict, code(c.Before.Folder), c.Now.Verdict, code(c.Now.Folder))
	m.bullets("Not the same in both runs", c.Differs)
	var changed, same []Compared
	for _, r := range c.Rows {
		if r.Mark != "" {
			changed = append(changed, r)
		} else {
			same = append(same, r)
		}
	}
	m.compared(changed)
	m.fold(fmt.Sprintf("%d values as good as before", len(same)), len(same), func() { m.compared(same) })
	return m.err
}

func (t *text) compared(rows []Compared) {
	if len(rows) == 0 {
		return
	}
	signs := map[string]string{Worse: "❌", Better: "🟢"}
	t.line("\n| | compared | before | now | change |")
	t.line("|---|---|--:|--:|--:|")
	for _, r := range rows {
		t.line("| %s | %s | %s | %s | %s |", signs[r.Mark], prose(r.Name), prose(r.Before), prose(r.Now), r.Change)
	}
}
