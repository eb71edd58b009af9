package reports

import "fmt"

// quotasMarkdown says what AWS would have said, for a pull request.
func (t *text) quotasMarkdown(q *Quotas) {
	if q == nil {
		return
	}
	title := fmt.Sprintf("Quotas of AWS: %d of %d breached", q.Breached, len(q.Checks))
	if q.Bill != nil {
		title += fmt.Sprintf("; about %s USD a month", usd(q.Bill.Total))
	}
	t.fold(title, len(q.Checks), func() {
		t.line("| service | quota | limit | peak | |")
		t.line("|---|---|--:|--:|---|")
		for _, c := range q.Checks {
			if c.Breached {
				t.line("| %s | %s | %s | **%s** | %s |", prose(c.Service), prose(c.Name), prose(c.Limit), prose(c.Peak), prose(c.Verdict))
			}
		}
		for _, s := range q.Settings {
			if !s.Holds {
				t.line("| | %s | | %s | would hold with %s |", code(s.Name), prose(s.Is), prose(s.Needs))
			}
		}
		if q.Bill == nil {
			return
		}
		t.line("\n| service | USD a month |")
		t.line("|---|--:|")
		for _, s := range q.Bill.Services() {
			t.line("| %s | %s |", prose(s.Service), usd(s.USD))
		}
	})
}
