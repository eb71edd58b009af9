package quota_test

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func counter() *quota.Counter {
	c := quota.New(quota.Defaults())
	c.Start(begin)
	return c
}

func at(d time.Duration) time.Time { return begin.Add(d) }

func check(t *testing.T, q *reports.Quotas, name string) reports.QuotaCheck {
	for _, c := range q.Checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no check %q", name)
	return reports.QuotaCheck{}
}

func judge(c *quota.Counter, s quota.Setting) *reports.Quotas {
	return quota.Judge(c.Usage(at(time.Hour)), s, quota.Defaults())
}

// 100 publish requests a second a connection, in and out; the excess is discarded
// (AWS.md §1).
func TestPublishesOfAConnection(t *testing.T) {
	c := counter()
	for i := range 100 {
		c.Publish("a", "t", 10, at(time.Duration(i)*time.Millisecond))
	}
	require.False(t, check(t, judge(c, quota.Setting{}), "publishes a connection").Breached, "100 are allowed")
	for range 30 {
		c.Deliver("a", "t", 10, 1, at(999*time.Millisecond))
		c.Publish("b", "t", 10, at(999*time.Millisecond))
	}
	c.Publish("a", "t", 10, at(time.Second)) // the next
	got := check(t, judge(c, quota.Setting{}), "publishes a connection")
	require.Equal(t, "130/s", got.Peak)
	require.Equal(t, "a at 00:00:00", got.Where)
	require.Equal(t, int64(30), got.Over)
	require.Contains(t, got.Verdict, "30 publishes of 1 connections")
	require.Equal(t, "a at 10s, 00:00:00", check(t, judge(c, quota.Setting{Began: begin.Add(-10 * time.Second)}), "publishes a connection").Where, "as on the plots")
	settings := judge(c, quota.Setting{}).Settings
	require.Equal(t, "fleet.rate", settings[len(settings)-1].Name)
}

func TestThroughputOfAConnection(t *testing.T) {
	c := counter()
	for i := range 4 {
		c.Publish("a", "", 128<<10, at(time.Duration(i)*100*time.Millisecond))
	}
	require.False(t, check(t, judge(c, quota.Setting{}), "throughput a connection").Breached, "512 KiB are allowed")
	c.Publish("a", "", 1, at(500*time.Millisecond))
	require.Equal(t, int64(1), check(t, judge(c, quota.Setting{}), "throughput a connection").Over, "one second")
}

func TestConnects(t *testing.T) {
	c := counter()
	for i := range 3010 {
		c.Connect(fmt.Sprint("c", i), i%2 == 0, at(time.Second))
	}
	c.Connect("c0", true, at(1999*time.Millisecond))
	c.Connect("c0", true, at(2999*time.Millisecond))
	got := judge(c, quota.Setting{})
	require.Equal(t, int64(11), check(t, got, "connects of the account").Over)
	require.Equal(t, "2s or more for as many", got.Settings[len(got.Settings)-1].Needs)
	require.Equal(t, int64(1), check(t, got, "connects of a client id").Over, "0.999 s are too soon, a second is not")
}

// What all clients of an account have together.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
func TestRatesOfTheAccount(t *testing.T) {
	c := counter()
	for i := range 20_000 {
		id := fmt.Sprint("c", i)
		c.Publish(id, "t", 10, begin)
		c.Deliver(id, "t", 10, 0, begin)
		c.Rule(10, begin)
	}
	c.Subscribe("a", make([]string, 3000), begin)
	require.Zero(t, judge(c, quota.Setting{}).Breached, "so many are allowed")
	c.Publish("a", "t", 10, begin)
	c.Deliver("a", "t", 10, 0, begin)
	c.Rule(10, begin)
	c.Subscribe("a", make([]string, 1), begin)
	got := judge(c, quota.Setting{})
	require.Equal(t, 4, got.Breached)
	require.Equal(t, int64(20_001+20_001+2), c.Usage(begin).Messages, "each SUBSCRIBE is metered, too")
	for name, limit := range map[string]string{
		"inbound publishes of the account": "20,000/s", "outbound publishes of the account": "20,000/s",
		"rule evaluations of the account": "20,000/s", "subscriptions of the account": "3,000/s",
	} {
		one := check(t, got, name)
		require.Equal(t, limit, one.Limit, name)
		require.Equal(t, int64(1), one.Over, name)
		require.Contains(t, one.Verdict, "smaller region", name)
	}
}

func TestConnectionsOfTheAccount(t *testing.T) {
	c := counter()
	for i := range 3 {
		c.Connect(fmt.Sprint("c", i), true, at(time.Duration(i)*time.Second))
	}
	c.Disconnect("c0", at(3*time.Second))
	c.Disconnect("unknown", at(3*time.Second))
	c.Connect("c3", true, at(4*time.Second))
	c.Connect("c4", false, at(4*time.Second))
	require.Equal(t, "3", check(t, judge(c, quota.Setting{}), "connections of the account").Peak)
}

func TestForms(t *testing.T) {
	c := counter()
	c.Reject("t", 128<<10+1)
	c.Reject("a/b/c/d/e/f/g/h/i", 1)
	c.Reject("$secret", 1)
	got := judge(c, quota.Setting{})
	require.True(t, check(t, got, "payload").Breached)
	require.Equal(t, "128.1 KiB", check(t, got, "payload").Peak, "a byte more than that")
	require.True(t, check(t, got, "topic").Breached)
	require.Equal(t, 2, got.Breached)
}

// A shard takes 1,000 records or 1 MiB a second (AWS.md §3). MD5 of "a" is in the
// lower half of the hash space, of "b" in the upper.
func TestShards(t *testing.T) {
	c := counter()
	for i := range 900 {
		c.Record("0", "a", 100, at(time.Duration(i)*time.Microsecond))
		c.Record("0", "b", 100, at(time.Duration(i)*time.Microsecond))
	}
	got := judge(c, quota.Setting{Shards: 1, Poll: time.Second})
	require.Equal(t, int64(800), check(t, got, "records into a shard").Over)
	require.Contains(t, check(t, got, "records into a shard").Verdict, "may try an action again",
		"https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html")
	require.Equal(t, reports.QuotaSetting{Name: "pipeline.shards", Is: "1", Needs: "2"}, got.Settings[0])
	require.Equal(t, 2, got.ShardsNeeded)

	for range 101 { // one key alone is too much
		c.Record("0", "a", 100, at(0))
	}
	got = judge(c, quota.Setting{Shards: 500, Poll: time.Second})
	require.Contains(t, got.Settings[0].Needs, "one partition key is too busy")
	require.False(t, got.Settings[0].Holds)
}

func TestShardsByBytes(t *testing.T) {
	c := counter()
	for i := range 30 {
		c.Record("0", fmt.Sprint(i), 100_000, at(0))
	}
	needed := judge(c, quota.Setting{Shards: 1}).ShardsNeeded
	require.GreaterOrEqual(t, needed, 3, "3 MB")
	require.Less(t, needed, 12)
}

func TestReadsOfAShard(t *testing.T) {
	c := counter()
	for _, mapping := range []string{"m1", "m2"} {
		c.Invoke(mapping, at(0))
		c.Return(at(time.Second))
	}
	c.Invoke("", at(0))
	c.Return(at(0))
	require.False(t, check(t, judge(c, quota.Setting{Poll: time.Second}), "reads of a shard").Breached)
	got := judge(c, quota.Setting{Poll: 200 * time.Millisecond})
	require.True(t, check(t, got, "reads of a shard").Breached, "2 consumers, 5 times a second each, of 5")
	require.Equal(t, "400ms or more", got.Settings[1].Needs)
}

// A partition takes 1,000 write units a second; an entry of an index that moves is
// two writes.
func TestIndexPartition(t *testing.T) {
	c := counter()
	for i := range 501 {
		c.Write(fmt.Sprint(i), 600, "STATUS#online", at(0))
	}
	got := judge(c, quota.Setting{})
	require.Equal(t, int64(2), check(t, got, "write units of a partition of the index").Over)
	require.Contains(t, check(t, got, "write units of a partition of the index").Verdict, "STATUS#online#0 to STATUS#online#1")
	require.False(t, check(t, got, "write units of a new on-demand table").Breached)
	require.Equal(t, int64(3*501), c.Usage(at(time.Hour)).WriteUnits)
}

func TestConcurrency(t *testing.T) {
	c := counter()
	for range 1001 {
		c.Invoke("", at(0))
	}
	require.True(t, check(t, judge(c, quota.Setting{}), "concurrent executions").Breached)
	c = counter()
	for range 10_001 { // no time in this process, 100 ms at AWS
		c.Invoke("", at(0))
		c.Return(at(0))
	}
	require.False(t, check(t, judge(c, quota.Setting{}), "concurrent executions").Breached, "1000")
}

func TestNothingCountsBeforeStart(t *testing.T) {
	c := quota.New(quota.Defaults())
	c.Publish("a", "t", 1, at(0))
	c.Invoke("", at(0))
	c.Start(begin)
	c.Return(at(1))
	require.Zero(t, c.Usage(at(2)).Messages)
	require.Zero(t, c.Usage(at(2)).Running)
	var none *quota.Counter
	none.Start(begin)
	none.Publish("a", "t", 1, at(0))
	none.Notify()
	require.Zero(t, none.Usage(at(2)).Messages)
}

func TestConnectedTime(t *testing.T) {
	c := counter()
	c.Connect("a", true, at(time.Minute))
	c.Connect("a", true, at(2*time.Minute)) // takes over
	c.Disconnect("a", at(2*time.Minute))
	c.Disconnect("nobody", at(2*time.Minute))
	c.Connect("b", false, at(0))
	require.Equal(t, 9*time.Minute, c.Usage(at(10*time.Minute)).Connected)
}

// TestManyGoroutines: what concurrent taps tell is all counted.
func TestManyGoroutines(t *testing.T) {
	c := counter()
	var telling sync.WaitGroup
	for g := range 8 {
		telling.Go(func() {
			for i := range 500 {
				c.Publish(fmt.Sprint("c", g), "t", 1, at(time.Duration(i)*time.Millisecond))
				c.Record("0", "k", 1, at(time.Duration(i)*time.Millisecond))
				c.Invoke("", at(0))
				c.Return(at(0))
			}
		})
	}
	telling.Wait()
	u := c.Usage(at(time.Hour))
	require.Equal(t, int64(4000), u.Messages)
	require.Equal(t, int64(4000), u.PutUnits)
	require.Equal(t, int64(4000), u.Publishes.Peak.Count)
	require.Equal(t, 8, u.Connection.Many)
	require.Zero(t, u.Running)
}

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

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html:
// an item of up to 4 KB is a read unit, of an eventually consistent read half of one;
// a batch has as many reads as keys.
func TestReadUnits(t *testing.T) {
	c := counter()
	c.Read(100, 3000, true, at(0))
	c.Read(1, 9000, false, at(0))
	c.Read(0, 0, false, at(0))
	u := c.Usage(at(time.Hour))
	require.Equal(t, int64(102), u.ReadUnits, "100 keys, and half of three")
	require.Equal(t, "102/s", check(t, judge(c, quota.Setting{}), "read units of a new on-demand table").Peak)
	for range 119 {
		c.Read(100, 0, true, at(0))
	}
	got := check(t, judge(c, quota.Setting{}), "read units of a new on-demand table")
	require.Equal(t, int64(2), got.Over, "12,000 a second")
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

// A fleet that says good-bye all at once is the end of a test, and not a load: its
// rates are not judged, its amounts are billed.
func TestPartingIsBilledAndNotJudged(t *testing.T) {
	load := func(c *quota.Counter) quota.Usage {
		for i := range 1500 {
			c.Invoke("", begin)
			c.Write(fmt.Sprintf("devices %d", i), 3000, "STATUS#offline", begin)
			c.Record("shard", "key", 100, begin)
			c.Publish("a", "t", 10, begin)
		}
		for range 1500 {
			c.Return(begin)
		}
		return c.Usage(at(time.Hour))
	}
	running, parting := counter(), counter()
	parting.Part(begin)
	during, after := load(running), load(parting)
	require.Equal(t, 5, judge(running, quota.Setting{}).Breached)
	require.Zero(t, judge(parting, quota.Setting{}).Breached)
	require.Equal(t, quota.Estimate(during, quota.Setting{}, time.Hour, quota.USEast1()),
		quota.Estimate(after, quota.Setting{}, time.Hour, quota.USEast1()))
}

// A device whose last messages nobody takes stays connected for as long as the test
// waits: no fleet's connection.
func TestPartingConnectionsAreNotBilled(t *testing.T) {
	c := counter()
	c.Connect("left", true, begin)
	c.Connect("stuck", true, begin)
	c.Disconnect("left", at(10*time.Second))
	c.Part(at(time.Minute))
	c.Disconnect("stuck", at(90*time.Second))
	c.Connect("late", true, at(90*time.Second))
	require.Equal(t, 70*time.Second, c.Usage(at(2*time.Minute)).Connected)
}

func BenchmarkMessage(b *testing.B) {
	c := counter()
	ids := make([]string, 5000)
	for i := range ids {
		ids[i] = fmt.Sprintf("sensor-%05d", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		now := at(time.Duration(i) * 50 * time.Microsecond)
		c.Publish(ids[i%5000], "devices/sensor-00001/telemetry", 150, now)
		c.Rule(150, now)
		c.Rule(150, now)
		c.Action(150)
		c.Action(150)
		c.Object(150, now)
		c.Record("shardId-000000000000", ids[i%5000], 400, now)
	}
}
