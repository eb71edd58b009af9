package scenarios

import (
	"time"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
	"github.com/shakedown-iot/shakedown/scenarios/verdict"
)

// quotas says what AWS would have said to the run, and what a month would cost.
func (r *run) quotas(used quota.Usage, lasted time.Duration) *reports.Quotas {
	used.Unacknowledged = verdict.Unacknowledged(r.world.Ledger.Messages())
	p := r.world.Pipeline
	setting := quota.Setting{
		Shards: p.Shards, Poll: r.Scenario.Pipeline.Poll, MemoryMB: pipeline.FunctionMemory,
		MemoryRetention: time.Duration(p.MemoryRetentionHours) * time.Hour,
		Enforced:        r.Scenario.Limits == Enforce, Began: r.began,
	}
	checked := quota.Judge(used, setting, quota.Defaults())
	checked.Bill = quota.Estimate(used, setting, lasted, quota.USEast1())
	return checked
}
