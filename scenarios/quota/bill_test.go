package quota_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

func line(t *testing.T, b *reports.Bill, service, item string) reports.BillLine {
	for _, l := range b.Lines {
		if l.Service == service && l.Item == item {
			return l
		}
	}
	t.Fatalf("no line %s %s", service, item)
	return reports.BillLine{}
}

// The worked example of https://aws.amazon.com/kinesis/data-streams/pricing/ for
// provisioned streams: 100 records a second of 35 KB on 4 shards, a month of 31
// days: 44.64 USD for shards, 535,680,000 PUT payload units for 7.50 USD.
func TestKinesisPricingExample(t *testing.T) {
	p := quota.USEast1()
	require.InDelta(t, 44.64, p.ShardHour.Of(4*24*31), 0.005)
	c := counter()
	for i := range 100 { // one second of it
		c.Record("0", fmt.Sprint(i), 35<<10, at(0))
	}
	units := c.Usage(at(time.Second)).PutUnits
	require.Equal(t, int64(200), units, "two of 25 KB for each of 35")
	require.InDelta(t, 7.50, p.PutUnit.Of(float64(units*86400*31)), 0.005)
}

// Example 1 of https://aws.amazon.com/lambda/pricing/: 3 million executions of 1 s
// with 512 MB are 18.34 and 0.40 USD beyond the free tier, which is 400,000 GB-s
// and 1 million requests.
func TestLambdaPricingExample(t *testing.T) {
	p := quota.USEast1()
	u := quota.Usage{Invocations: 3_000_000, Running: 3_000_000 * time.Second}
	bill := quota.Estimate(u, quota.Setting{MemoryMB: 512}, 730*time.Hour, p)
	compute, requests := line(t, bill, "Lambda", "duration"), line(t, bill, "Lambda", "requests")
	require.InDelta(t, 1_500_000, compute.Quantity, 0.5)
	require.InDelta(t, 18.34, compute.USD-p.Compute.Of(400_000), 0.01)
	require.InDelta(t, 0.40, requests.USD-p.Request.Of(1_000_000), 0.005)
}

// The free tier of https://aws.amazon.com/iot-platform/pricing/ is said to be that
// of 50 devices for a month: connected all day, 300 messages and 150 rules with
// one action a day each. So the counter meters 2,250,000 minutes (31 days of 24
// hours are 2,232,000), 500,000 messages (465,000) and 250,000 rules (232,500).
func TestIoTCoreFreeTierExample(t *testing.T) {
	c := counter()
	for device := range 50 {
		id := fmt.Sprint("d", device)
		c.Connect(id, true, begin)
		for i := range 300 {
			c.Publish(id, "t", 5<<10-1, at(time.Duration(i)*time.Minute))
			if i < 150 {
				c.Rule(5<<10, begin)
				c.Action(5 << 10)
			}
		}
	}
	u := c.Usage(at(24 * time.Hour))
	require.Equal(t, 2_232_000.0, u.Connected.Minutes()*31)
	require.Equal(t, int64(465_000+50*31), (u.Messages-50)*31+50*31, "a CONNECT each besides")
	require.Equal(t, int64(232_500), u.Rules*31)
	require.Equal(t, int64(232_500), u.Actions*31)
	c.Publish("d0", "t", 5<<10, at(0))
	require.Equal(t, u.Messages+2, c.Usage(at(24*time.Hour)).Messages, "topic and payload are over 5 KB together")
}

// https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html:
// 100 events of 83 bytes every 5 s, 12 a call, are 4,665,600 writes in 30 days;
// 36 a call with 52 bytes in common and 27 each, 1,555,200.
func TestTimestreamWritesExample(t *testing.T) {
	for _, x := range []struct {
		calls, written, writes int
	}{{100, 83, 51_840_000}, {9, 12 * 83, 4_665_600}, {3, 52 + 36*27, 1_555_200}} {
		c := counter()
		for range x.calls {
			c.Series(x.written, x.written)
		}
		require.Equal(t, int64(x.writes), c.Usage(at(0)).SeriesWrites*12*60*24*30)
	}
}

// What is remembered is bounded; a bill says what it leaves out for that.
func TestABillSaysWhatIsBeyondItsBounds(t *testing.T) {
	c := counter()
	for i := range 200_002 {
		c.Write(fmt.Sprint(i), 100, "", at(0))
	}
	c.Write("0", 100, "", at(0))
	u := c.Usage(at(time.Hour))
	u.Untracked = 7
	text := fmt.Sprint(quota.Estimate(u, quota.Setting{}, time.Hour, quota.USEast1()).Assumptions)
	require.Contains(t, text, "2 writes of DynamoDB are of items beyond the first 200000")
	require.Contains(t, text, "7 CONNECTs and messages are of more client ids")
	text = fmt.Sprint(quota.Estimate(quota.Usage{}, quota.Setting{}, time.Hour, quota.USEast1()).Assumptions)
	require.NotContains(t, text, "beyond the first")
	require.NotContains(t, text, "told apart")
}

func TestBillAddsUpAndNamesItsSources(t *testing.T) {
	c := counter()
	c.Connect("a", true, at(0))
	c.Publish("a", "t", 100, at(0))
	c.Object(100, at(0))
	c.Notify()
	c.Queue()
	c.Write("k", 100, "", at(0))
	c.Read(1, 5000, true, at(0))
	bill := quota.Estimate(c.Usage(at(time.Hour)), quota.Setting{Shards: 2, MemoryMB: 256, MemoryRetention: 24 * time.Hour}, time.Hour, quota.USEast1())
	sum := 0.0
	for _, l := range bill.Lines {
		sum += l.USD
		require.NotEmpty(t, l.Page)
		_, err := time.Parse("2006-01", l.Seen)
		require.NoError(t, err, "%s %s", l.Service, l.Item)
	}
	require.InDelta(t, bill.Total, sum, 1e-9)
	require.InDelta(t, 730.0, bill.Scale, 1e-9)
	require.InDelta(t, 730*60*0.08/1e6, line(t, bill, "IoT Core", "connectivity").USD, 1e-9)
	require.InDelta(t, 2*730*0.015, line(t, bill, "Kinesis", "shards").USD, 1e-9)
	require.Equal(t, 2*730.0, line(t, bill, "DynamoDB", "reads").Quantity, "5,000 bytes are two units")
	services := 0.0
	for _, s := range bill.Services() {
		services += s.USD
	}
	require.False(t, math.IsNaN(services))
	require.InDelta(t, bill.Total, services, 1e-9)
	require.Len(t, bill.Services(), 8)
	require.Contains(t, quota.Estimate(quota.Usage{SeriesWrites: 1}, quota.Setting{}, time.Hour, quota.USEast1()).Assumptions, "the account has used Timestream for LiveAnalytics before: it takes no new customers since 20 June 2025")
	require.NotContains(t, fmt.Sprint(quota.Estimate(quota.Usage{}, quota.Setting{}, time.Hour, quota.USEast1()).Assumptions), "new customers")
	require.Nil(t, quota.Estimate(quota.Usage{}, quota.Setting{}, 0, quota.USEast1()))
}
