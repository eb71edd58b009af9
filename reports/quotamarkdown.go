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
		t.breachesMarkdown(q)
		if q.Bill == nil {
			return
		}
		t.line("| service | USD a month |")
		t.line("|---|--:|")
		for _, s := range q.Bill.Services() {
			t.line("| %s | %s |", prose(s.Service), usd(s.USD))
		}
	})
}

// breachesMarkdown is a table of the quotas that were breached and the settings that
// would have to be others; nothing when there is neither.
func (t *text) breachesMarkdown(q *Quotas) {
	var rows []string
	for _, c := range q.Checks {
		if c.Breached {
			rows = append(rows, fmt.Sprintf("| %s | %s | %s | **%s** | %s |", prose(c.Service), prose(c.Name), prose(c.Limit), prose(c.Peak), prose(c.Verdict)))
		}
	}
	for _, s := range q.Settings {
		if !s.Holds {
			rows = append(rows, fmt.Sprintf("| | %s | | %s | would hold with %s |", code(s.Name), prose(s.Is), prose(s.Needs)))
		}
	}
	if len(rows) == 0 {
		return
	}
	t.line("| service | quota | limit | peak | |")
	t.line("|---|---|--:|--:|---|")
	for _, row := range rows {
		t.line("%s", row)
	}
	t.line("")
}
