package quota

import (
	"fmt"
	"math"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// Setting is how the pipeline was deployed, as far as quotas and prices ask.
type Setting struct {
	Shards          int
	Poll            time.Duration // of a consumer that has read all
	MemoryMB        int           // of a function
	MemoryRetention time.Duration // of the time series
	Enforced        bool
	Began           time.Time // of the run: instants are told from then, too
}

// month is AWS's own: the Pricing Calculator counts 730 hours.
const month = 730 * time.Hour

// shortest is how long an invocation is billed at least: in this process and in
// virtual time a call of a service takes no time, at AWS milliseconds.
const shortest = 100 * time.Millisecond

const gigabyte = 1 << 30

// Estimate prices a month that goes like a run of some length.
func Estimate(u Usage, s Setting, lasted time.Duration, p PriceTable) *reports.Bill {
	if lasted <= 0 {
		return nil
	}
	scale := float64(month) / float64(lasted)
	b := &bill{scale: scale, Bill: reports.Bill{Region: p.Region, Scale: scale}}
	b.iot(u, p)
	b.streams(u, s, p)
	b.functions(u, s, p)
	b.stores(u, s, p)
	for _, l := range b.Lines {
		b.Total += l.USD
	}
	b.Assumptions = append(assumptions(lasted, s), exceptions(u)...)
	return &b.Bill
}

type bill struct {
	scale float64
	reports.Bill
}

// add prices what a month uses of something.
func (b *bill) add(service, item string, quantity float64, p Price) {
	b.Lines = append(b.Lines, reports.BillLine{
		Service: service, Item: item, Quantity: quantity, Unit: p.Unit, USD: p.Of(quantity),
		Price: fmt.Sprintf("%g USD per %s", p.USD, amount(p.Per)), Page: p.Page, Seen: p.Seen,
	})
}

func amount(per float64) string {
	switch {
	case per >= million:
		return fmt.Sprintf("%g million", per/million)
	case per == 1:
		return "unit"
	}
	return fmt.Sprintf("%g", per)
}

func (b *bill) iot(u Usage, p PriceTable) {
	b.add("IoT Core", "connectivity", u.Connected.Minutes()*b.scale, p.Connectivity)
	b.add("IoT Core", "messaging", float64(u.Messages)*b.scale, p.Message)
	b.add("IoT Core", "rules triggered", float64(u.Rules)*b.scale, p.Rule)
	b.add("IoT Core", "actions executed", float64(u.Actions)*b.scale, p.Action)
}

func (b *bill) streams(u Usage, s Setting, p PriceTable) {
	b.add("Kinesis", "shards", float64(s.Shards)*month.Hours(), p.ShardHour)
	b.add("Kinesis", "records", float64(u.PutUnits)*b.scale, p.PutUnit)
}

func (b *bill) functions(u Usage, s Setting, p PriceTable) {
	ran := max(u.Running, time.Duration(u.Invocations)*shortest)
	b.add("Lambda", "requests", float64(u.Invocations)*b.scale, p.Request)
	b.add("Lambda", "duration", ran.Seconds()*float64(s.MemoryMB)/1024*b.scale, p.Compute)
}

func (b *bill) stores(u Usage, s Setting, p PriceTable) {
	series := float64(u.SeriesBytes) * b.scale / gigabyte // of a month
	inMemory := series * math.Min(1, float64(s.MemoryRetention)/float64(month))
	b.add("Timestream", "writes", float64(u.SeriesWrites)*b.scale, p.SeriesWrite)
	b.add("Timestream", "memory store", inMemory*month.Hours(), p.SeriesMemory)
	b.add("Timestream", "magnetic store", series/2, p.SeriesMagnetic)
	b.add("DynamoDB", "writes", float64(u.WriteUnits)*b.scale, p.TableWrite)
	b.add("DynamoDB", "reads", float64(u.ReadUnits)*b.scale, p.TableRead)
	b.add("DynamoDB", "storage", 2*float64(u.ItemBytes)/gigabyte, p.TableStorage)
	b.add("S3", "requests", float64(u.Objects)*b.scale, p.ObjectPut)
	b.add("S3", "storage", float64(u.ObjectBytes)*b.scale/gigabyte/2, p.ObjectStorage)
	b.add("SNS", "requests", float64(u.Notifications)*b.scale, p.Notification)
	b.add("SQS", "requests", float64(u.QueueCalls)*b.scale, p.QueueRequest)
}

// closed is what an account has to know that never had a time series there.
// https://docs.aws.amazon.com/timestream/latest/developerguide/AmazonTimestreamForLiveAnalytics-availability-change.html
const closed = "the account has used Timestream for LiveAnalytics before: it takes no new customers since 20 June 2025"

// exceptions say what this run's estimate leaves out or cannot promise.
func exceptions(u Usage) (list []string) {
	if u.SeriesWrites > 0 {
		list = append(list, closed)
	}
	if u.Untracked > 0 {
		list = append(list, fmt.Sprintf("%d CONNECTs and messages are of more client ids than are told apart, about %d: their connections have no time and no rate here", u.Untracked, lanes*maxClients))
	}
	if u.UntrackedWrites > 0 {
		list = append(list, fmt.Sprintf("%d writes of DynamoDB are of items beyond the first %d: their storage is left out", u.UntrackedWrites, maxItems))
	}
	return list
}

// assumptions say what the estimate takes for granted.
func assumptions(lasted time.Duration, s Setting) []string {
	return []string{
		fmt.Sprintf("the month of 730 hours goes like the %s of this run, faults and peaks included", lasted.Round(time.Second)),
		"on-demand prices of the first tier, without free tiers, discounts and taxes; nothing is asked of AWS",
		"connections are billed by their time together, not each rounded up to a minute",
		"rules are metered for each message that their topic filter matches, and each action",
		fmt.Sprintf("an invocation takes %s at least, at %d MB: in this process calls of services take no time", shortest, s.MemoryMB),
		"the item sizes of DynamoDB are those of the values in the calls; an entry of the index that moves is two writes; items are stored twice, with the index",
		"time series and archive grow evenly: on the average of the first month half of it is stored; their queries, registry and shadows, CloudWatch, API Gateway, the scheduler and data transfer are left out",
	}
}
