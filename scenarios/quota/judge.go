package quota

import (
	"fmt"
	"math"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// Judge says what AWS would have said to a usage. A second is one of the clock: AWS
// does not tell how it measures a rate, and lets short bursts pass here and there.
func Judge(u Usage, s Setting, q Quotas) *reports.Quotas {
	j := judgement{q: q, u: u, s: s, out: reports.Quotas{Mode: "observe"}}
	if s.Enforced {
		j.out.Mode = "enforce"
	}
	j.connections()
	j.account()
	j.forms()
	j.stream()
	j.table()
	j.functions()
	for _, c := range j.out.Checks {
		if c.Breached {
			j.out.Breached++
		}
	}
	j.settings()
	return &j.out
}

type judgement struct {
	q   Quotas
	u   Usage
	s   Setting
	out reports.Quotas
}

// check enters one quota; text is what AWS would have said where it is breached.
func (j *judgement) check(c reports.QuotaCheck, breached bool, text string, args ...any) {
	c.Breached = breached
	if breached {
		c.Verdict = fmt.Sprintf(text, args...)
	}
	j.out.Checks = append(j.out.Checks, c)
}

func perSecond(n int64) string { return grouped(n) + "/s" }

// grouped writes 20000 as 20,000.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func kib(n int64) string { return fmt.Sprintf("%.1f KiB/s", float64(n)/1024) }

// where names what had a peak and when: since the begin, as on the plots, and by the
// clock.
func (j *judgement) where(name string, p Peak) string {
	if p.Count == 0 {
		return ""
	}
	at := time.Unix(p.At, 0).UTC()
	text := "at " + at.Format("15:04:05")
	if !j.s.Began.IsZero() {
		text = fmt.Sprintf("at %s, %s", max(at.Sub(j.s.Began), 0).Round(time.Second), at.Format("15:04:05"))
	}
	if name == "" {
		return text
	}
	return name + " " + text
}

func (j *judgement) connections() {
	u, q := j.u, j.q
	c := u.Connection
	if j.s.Enforced {
		j.check(reports.QuotaCheck{Service: "IoT Core", Name: "publishes discarded in this run", Limit: "0", Peak: grouped(u.Discarded), Over: u.Discarded},
			u.Discarded > 0, "the emulator discarded %d publishes, in and out", u.Discarded)
	}
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "publishes a connection", Limit: perSecond(q.ConnectionPublishes), Peak: perSecond(c.Peak.Count), Where: j.where(c.Name, c.Peak), Over: c.Over},
		c.Over > 0, "%d publishes of %d connections come beyond %d in a second: discarded, without a word to the device", c.Over, c.Many, q.ConnectionPublishes)
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "throughput a connection", Limit: kib(q.ConnectionBytes), Peak: kib(c.Peak.Bytes), Over: c.HeavySeconds},
		c.HeavySeconds > 0, "delayed in %d seconds of connections", c.HeavySeconds)
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "connects of a client id", Limit: "1/s", Peak: fmt.Sprint(u.ConnectsTooSoon) + " too soon", Over: u.ConnectsTooSoon},
		u.ConnectsTooSoon > 0, "%d CONNECTs throttled: the same client id less than a second before", u.ConnectsTooSoon)
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "unacknowledged publishes of a client", Limit: fmt.Sprint(q.Unacknowledged), Peak: fmt.Sprint(u.Unacknowledged), Over: int64(max(0, u.Unacknowledged-q.Unacknowledged))},
		u.Unacknowledged > q.Unacknowledged, "no more is accepted from the client until a PUBACK is sent")
}

// account is what all clients have together. A new account has less in the smaller
// regions, which the verdict says.
func (j *judgement) account() {
	u, q, s := j.u, j.q, j.q.Small
	j.accountRate("connects of the account", u.Connects, q.Connects, s.Connects, "CONNECTs throttled")
	j.accountRate("subscriptions of the account", u.Subscriptions, q.AccountSubscriptions, s.Subscriptions, "subscriptions throttled")
	j.accountRate("inbound publishes of the account", u.Publishes, q.AccountPublishes, s.Publishes, "publishes throttled")
	j.accountRate("outbound publishes of the account", u.Deliveries, q.AccountDeliveries, s.Deliveries, "deliveries throttled")
	j.accountRate("rule evaluations of the account", u.Evaluations, q.AccountRules, s.Rules, "evaluations of rules throttled: each message counts once for each rule whose topic filter matches it")
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "connections of the account", Limit: grouped(q.AccountConnections), Peak: grouped(u.MostConnected), Over: max(0, u.MostConnected-q.AccountConnections)},
		u.MostConnected > q.AccountConnections, "refused; a new account in a smaller region has %d", s.Connections)
}

func (j *judgement) accountRate(name string, m Meter, limit, small int64, what string) {
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: name, Limit: perSecond(limit), Peak: perSecond(m.Peak.Count), Where: j.where("", m.Peak), Over: m.Over},
		m.Over > 0, "%d %s; a new account in a smaller region has %d/s", m.Over, what, small)
}

func (j *judgement) forms() {
	u, q := j.u, j.q
	largest := fmt.Sprintf("%.1f KiB", math.Ceil(float64(max(u.LargestPayload, u.OversizedPayload))/102.4)/10)
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "payload", Limit: fmt.Sprintf("%d KiB", q.Payload>>10), Peak: largest, Over: u.RejectedPayloads},
		u.RejectedPayloads > 0, "%d publishes rejected and their devices disconnected", u.RejectedPayloads)
	j.check(reports.QuotaCheck{Service: "IoT Core", Name: "topic", Limit: fmt.Sprintf("%d bytes, %d slashes", q.Topic, q.Slashes), Peak: fmt.Sprintf("%d bytes, %d slashes", u.LongestTopic, u.MostSlashes), Over: u.RejectedTopics},
		u.RejectedTopics > 0, "%d publishes rejected and their devices disconnected", u.RejectedTopics)
}

func (j *judgement) stream() {
	u, q := j.u, j.q
	sh := u.Shard
	j.check(reports.QuotaCheck{Service: "Kinesis", Name: "records into a shard", Limit: perSecond(q.ShardRecords), Peak: perSecond(sh.Peak.Count), Where: j.where(sh.Name, sh.Peak), Over: sh.Over},
		sh.Over > 0, "%d records of %d hot shards: ProvisionedThroughputExceededException; the rules engine may try an action again, and then its error action has the record", sh.Over, sh.Many)
	j.check(reports.QuotaCheck{Service: "Kinesis", Name: "bytes into a shard", Limit: kib(q.ShardBytes), Peak: kib(sh.Peak.Bytes), Over: sh.HeavySeconds},
		sh.HeavySeconds > 0, "throttled in %d seconds of shards", sh.HeavySeconds)
	reads := j.reads()
	j.check(reports.QuotaCheck{Service: "Kinesis", Name: "reads of a shard", Limit: perSecond(q.ShardReads), Peak: fmt.Sprintf("%.3g/s by %d consumers", reads, u.Consumers)},
		reads > float64(q.ShardReads), "GetRecords: ProvisionedThroughputExceededException; poll less often, or use enhanced fan-out")
	out := sh.Peak.Bytes * int64(u.Consumers)
	j.check(reports.QuotaCheck{Service: "Kinesis", Name: "bytes out of a shard", Limit: kib(q.ShardBytesOut), Peak: kib(out)},
		out > q.ShardBytesOut, "the consumers together fall behind at the peak")
	if u.Throttled > 0 {
		j.check(reports.QuotaCheck{Service: "Kinesis", Name: "records refused in this run", Limit: "0", Peak: grouped(u.Throttled), Over: u.Throttled},
			true, "the emulator refused %d records", u.Throttled)
	}
}

// reads is how often all consumers ask a shard a second that is read to its end.
func (j *judgement) reads() float64 {
	if j.s.Poll <= 0 {
		return 0
	}
	return float64(j.u.Consumers) / j.s.Poll.Seconds()
}

func (j *judgement) table() {
	u, q := j.u, j.q
	w := u.TableWrites
	j.check(reports.QuotaCheck{Service: "DynamoDB", Name: "write units of a new on-demand table", Limit: perSecond(q.NewTableWrites), Peak: perSecond(w.Peak.Count), Where: j.where("", w.Peak), Over: w.Over},
		w.Over > 0, "%d units throttled until the table has grown: pre-warm it, or ramp up over half an hour; the account's default is %d/s", w.Over, q.TableWrites)
	r := u.TableReads
	j.check(reports.QuotaCheck{Service: "DynamoDB", Name: "read units of a new on-demand table", Limit: perSecond(q.NewTableReads), Peak: perSecond(r.Peak.Count), Where: j.where("", r.Peak), Over: r.Over},
		r.Over > 0, "%d units throttled until the table has grown", r.Over)
	p := u.IndexPartition
	j.check(reports.QuotaCheck{Service: "DynamoDB", Name: "write units of a partition of the index", Limit: perSecond(q.PartitionWrites), Peak: perSecond(p.Peak.Count), Where: j.where(p.Name, p.Peak), Over: p.Over},
		p.Over > 0, "%d units over: the index throttles the writes of the table; spread the index over suffixed partitions such as %s#0 to %s#%d", p.Over, p.Name, p.Name, (p.Peak.Count-1)/q.PartitionWrites)
}

func (j *judgement) functions() {
	u, q := j.u, j.q
	most := max(u.MostRunning, int64(float64(u.Starts.Peak.Count)*shortest.Seconds()))
	j.check(reports.QuotaCheck{Service: "Lambda", Name: "concurrent executions", Limit: grouped(q.Concurrency), Peak: grouped(most), Where: j.where("", u.Starts.Peak), Over: max(0, most-q.Concurrency)},
		most > q.Concurrency, "TooManyRequestsException; events of rules are retried for up to six hours, batches of a stream wait; a new account has less than %d until AWS raises it", q.Concurrency)
	j.check(reports.QuotaCheck{Service: "S3", Name: "PUT requests of one prefix", Limit: perSecond(q.PrefixPuts), Peak: perSecond(u.Puts.Peak.Count), Where: j.where("", u.Puts.Peak), Over: u.Puts.Over},
		u.Puts.Over > 0, "503 SlowDown until S3 has split the bucket by its prefixes")
}

// settings are the smallest that would hold.
func (j *judgement) settings() {
	q := j.q
	shards := reports.QuotaSetting{Name: "pipeline.shards", Is: fmt.Sprint(j.s.Shards), Needs: fmt.Sprint(max(1, j.u.ShardsNeeded))}
	shards.Holds = j.u.ShardsNeeded <= j.s.Shards
	if j.u.ShardsNeeded > slots {
		shards.Needs, shards.Holds = fmt.Sprintf("none of up to %d: one partition key is too busy", slots), false
	}
	j.out.ShardsNeeded = max(1, j.u.ShardsNeeded)
	j.out.Settings = append(j.out.Settings, shards)
	if j.u.Consumers > 0 {
		least := time.Duration(j.u.Consumers) * time.Second / time.Duration(q.ShardReads)
		j.out.Settings = append(j.out.Settings, reports.QuotaSetting{
			Name: "pipeline.poll", Is: j.s.Poll.String(), Needs: least.String() + " or more", Holds: j.s.Poll >= least,
		})
	}
	// The rest only where it does not hold: these settings have other reasons, too.
	if c := j.u.Connection; c.Over > 0 {
		j.out.Settings = append(j.out.Settings, reports.QuotaSetting{
			Name: "fleet.rate", Is: perSecond(c.Peak.Count) + " at most", Needs: fmt.Sprintf("under %d, deliveries included", q.ConnectionPublishes),
		})
	}
	if n := j.u.Connects; n.Over > 0 {
		j.out.Settings = append(j.out.Settings, reports.QuotaSetting{
			Name: "fleet.ramp", Is: fmt.Sprintf("%d connects in a second", n.Peak.Count), Needs: fmt.Sprintf("%ds or more for as many", ceil(n.Peak.Count, q.Connects)),
		})
	}
}
