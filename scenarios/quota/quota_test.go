package quota_test

import (
	"fmt"
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
