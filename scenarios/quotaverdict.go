package scenarios

import (
	"fmt"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

// functionMemory is that of the pipeline's functions, in MB.
const functionMemory = 256

// quotas says what AWS would have said to the run, and what a month would cost.
func (r *run) quotas(used quota.Usage, lasted time.Duration) *reports.Quotas {
	used.Unacknowledged = mostUnacknowledged(r.world.Ledger.Messages())
	p := r.world.Pipeline
	setting := quota.Setting{
		Shards: p.Shards, Poll: r.Scenario.Pipeline.Poll, MemoryMB: functionMemory,
		MemoryRetention: time.Duration(p.MemoryRetentionHours) * time.Hour,
		Enforced:        r.Scenario.Limits == Enforce,
	}
	verdict := quota.Judge(used, setting, quota.Defaults())
	verdict.Bill = quota.Estimate(used, setting, lasted, quota.USEast1())
	return verdict
}

// breaches words what AWS would have refused, as one finding.
func breaches(q *reports.Quotas) []string {
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

// mostUnacknowledged is the most messages of one device that were on their way to
// the broker or waited for its PUBACK at one time. One whose PUBACK never came is
// not counted: its connection had ended.
func mostUnacknowledged(messages []*ledger.Message) int {
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
