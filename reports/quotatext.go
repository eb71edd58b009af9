package reports

import (
	"bytes"
	"fmt"
	"strings"
)

// quotas says what AWS would have said: what is breached, what would hold, and
// the bill by service. The report has all of it.
func (t *text) quotas(q *Quotas) {
	if q == nil {
		return
	}
	t.line("")
	t.quotaLines(q)
}

func (t *text) quotaLines(q *Quotas) {
	mode := "observed"
	if q.Mode == "enforce" {
		mode = "enforced"
	}
	t.line("quotas of AWS, %s: %d of %d breached", mode, q.Breached, len(q.Checks))
	for _, c := range q.Checks {
		if c.Breached {
			t.paragraph("  - ", c.String())
		}
	}
	for _, s := range q.Settings {
		if !s.Holds {
			t.paragraph("  ", fmt.Sprintf("%s is %s and would have to be %s", s.Name, s.Is, s.Needs))
		}
	}
	if q.Bill == nil {
		return
	}
	var services []string
	for _, s := range q.Bill.Services() {
		services = append(services, s.Service+" "+usd(s.USD))
	}
	t.paragraph("bill      ", fmt.Sprintf("about %s USD a month in %s: %s", usd(q.Bill.Total), q.Bill.Region, strings.Join(services, ", ")))
}

// quotaOutput is the same for a JUnit case.
func quotaOutput(q *Quotas) string {
	var b bytes.Buffer
	t := &text{w: &b}
	t.quotaLines(q)
	return b.String()
}
