package scenarios_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// busy is 1,300 messages a second on one shard: 300 more than it takes.
const busy = `
name: busy
clock: virtual
duration: 4s
drain: 1m
pipeline: {shards: 1}
fleet: [{name: s, count: 26, interval: 20ms}]
expect: ["lost == 0", "shards_needed == 2"]
`

func quotaCheck(t *testing.T, r *reports.Result, name string) reports.QuotaCheck {
	for _, c := range r.Quotas.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %q", name)
	return reports.QuotaCheck{}
}

// TestAHotShard: observed, everything is stored and the report says what AWS would
// have refused; enforced, so many records are refused, and each is accounted for.
func TestAHotShard(t *testing.T) {
	s := parse(t, busy)
	observed := pass(t, s, 2).Result
	hot := quotaCheck(t, observed, "records into a shard")
	require.True(t, hot.Breached)
	require.Equal(t, "1,300/s", hot.Peak)
	require.Equal(t, reports.QuotaSetting{Name: "pipeline.shards", Is: "1", Needs: "2"}, observed.Quotas.Settings[0])
	require.Equal(t, observed.Sinks[1].Expected, observed.Sinks[1].Fates["stored"])

	s.Limits = scenarios.Enforce
	enforced := pass(t, s, 2).Result
	refused := quotaCheck(t, enforced, "records refused in this run")
	require.Equal(t, hot.Over, refused.Over, "the oracle and the emulator agree")
	series := enforced.Sinks[1]
	require.Equal(t, int(refused.Over), series.Fates["dead-lettered"], "a rule action does not retry: its error action has them")
	require.Equal(t, series.Expected, series.Fates["dead-lettered"]+series.Fates["stored"])
	require.Equal(t, enforced.Hash, pass(t, s, 1).Result.Hash)
}

// TestPublishesOverTheQuota: what the broker discarded is refused, with the reason.
func TestPublishesOverTheQuota(t *testing.T) {
	s := parse(t, `
name: loop
clock: virtual
duration: 3s
drain: 10s
limits: enforce
fleet: [{name: s, count: 1, interval: 8ms, rate: 1000}]
expect: ["lost == 0", "refused(archive) > 0", "breaches(iot) > 0"]
`)
	r := pass(t, s, 2).Result
	require.Equal(t, quotaCheck(t, r, "publishes discarded in this run").Over, int64(r.Sinks[0].Fates["refused"]))
	require.Equal(t, quotaCheck(t, r, "publishes a connection").Over, int64(r.Sinks[0].Fates["refused"]))
	require.Contains(t, r.Messages[0].Reason, "quota: more than 100 publish requests a second")
	require.Equal(t, r.Hash, pass(t, s, 1).Result.Hash)
}

// TestRatesEndWithTheReadings: half of the fleet has lost its broker for good when the
// readings end, and waits for its PUBACKs until the grace is over. Rates and the
// month's bill are of the minute in which there were readings.
func TestRatesEndWithTheReadings(t *testing.T) {
	s := parse(t, `
name: stuck
clock: virtual
duration: 1m
drain: 2m
fleet: [{name: s, count: 20, interval: 1s, keepalive: 10m}]
faults: [{at: 50s, kind: half-open, target: {share: 50%}}]
expect: ["lost == 0"]
`)
	r := pass(t, s, 1).Result
	require.Greater(t, r.Duration, 90*time.Second, "the devices have waited")
	require.Equal(t, "sent", r.Rates[0].Stage)
	require.InDelta(t, 20, r.Rates[0].PerSecond, 1)
	require.InDelta(t, 730*60.0, r.Quotas.Bill.Scale, 10)
	require.Equal(t, "20/s", quotaCheck(t, r, "subscriptions of the account").Peak, "each to its commands")
	require.Equal(t, "20", quotaCheck(t, r, "connections of the account").Peak)
	require.InDelta(t, 20*730*60, r.Quotas.Bill.Lines[0].Quantity, 1000, "minutes of connection")
}

// TestReadsOfABatchAreBilledByKey: the alert handler asks for the state of each device
// of a batch, in one call. That is a read unit a device, whether or not it is there.
func TestReadsOfABatchAreBilledByKey(t *testing.T) {
	s := parse(t, `
name: reads
clock: virtual
duration: 30s
drain: 10s
fleet: [{name: s, count: 200, interval: 5s}]
expect: ["lost == 0"]
`)
	r := pass(t, s, 1).Result
	for _, line := range r.Quotas.Bill.Lines {
		if line.Service == "DynamoDB" && line.Item == "reads" {
			require.Greater(t, line.Quantity/r.Quotas.Bill.Scale, 0.9*float64(r.Counts.Acked), "a device once a batch")
			return
		}
	}
	t.Fatal("no line of reads")
}

// TestPartingFleetIsNoLoad: at the end everybody says good-bye in one second,
// which is the test's doing.
func TestPartingFleetIsNoLoad(t *testing.T) {
	s := parse(t, `
name: parting
clock: virtual
duration: 90s
drain: 10s
fleet: [{name: s, count: 600, interval: 60s, ramp: 60s}]
expect: ["lost == 0"]
`)
	require.Equal(t, "50/s", quotaCheck(t, pass(t, s, 2).Result, "write units of a new on-demand table").Peak)
}
