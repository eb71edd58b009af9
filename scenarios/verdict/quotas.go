package verdict

import (
	"fmt"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Breaches words what AWS would have refused, as one finding.
func Breaches(q *reports.Quotas) []string {
	if q.Breached == 0 {
		return nil
	}
	first := slices.IndexFunc(q.Checks, func(c reports.QuotaCheck) bool { return c.Breached })
	text := "quotas of AWS: " + q.Checks[first].String()
	if q.Breached > 1 {
		text += fmt.Sprintf("; and %d more", q.Breached-1)
	}
	return []string{text}
}

// Unacknowledged is the most messages of one device that were on their way to
// the broker or waited for its PUBACK at one time. One whose PUBACK never came is
// not counted: its connection had ended.
func Unacknowledged(messages []*ledger.Message) int {
	most := 0
	var ends []time.Time
	for i := 0; i < len(messages); {
		thing := messages[i].ID.Thing
		ends = ends[:0]
		for ; i < len(messages) && messages[i].ID.Thing == thing; i++ {
			sent, acked := messages[i].At(ledger.Sent), messages[i].At(ledger.Acked)
			if sent.IsZero() || acked.IsZero() {
				continue
			}
			ends = slices.DeleteFunc(ends, func(end time.Time) bool { return !end.After(sent) })
			ends = append(ends, acked)
			most = max(most, len(ends))
		}
	}
	return most
}
