package expect

import (
	"math"
	"strings"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// operators compare.
var operators = map[string]func(a, b float64) bool{
	"==": same,
	"!=": func(a, b float64) bool { return !same(a, b) },
	"<":  func(a, b float64) bool { return a < b && !same(a, b) },
	"<=": func(a, b float64) bool { return a < b || same(a, b) },
	">":  func(a, b float64) bool { return a > b && !same(a, b) },
	">=": func(a, b float64) bool { return a > b || same(a, b) },
}

// same is equality but for what floating point adds: 9 in 180 s are 3/min.
func same(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

var (
	sinkNames  = parameter{map[string]string{"archive": "archive", "time series": "time series", "store": "time series", "device state": "device state", "state": "device state", "alert": "alert"}}
	fateNames  = parameter{fates()}
	services   = parameter{map[string]string{"iot": "IoT Core", "kinesis": "Kinesis", "dynamodb": "DynamoDB", "lambda": "Lambda", "s3": "S3"}}
	quantiles  = parameter{map[string]string{"p50": "p50", "p90": "p90", "p99": "p99", "max": "max"}}
	severities = parameter{map[string]string{"WARNING": "WARNING", "CRITICAL": "CRITICAL"}}
	stages     = parameter{map[string]string{
		"ack": "acknowledged", "acknowledged": "acknowledged", "archive": "archive", "store": "time series", "time series": "time series",
		"state": "device state", "device state": "device state", "alert": "alert"}}
)

// fates are all fates by name; one of two words may be written with a hyphen.
func fates() map[string]string {
	words := map[string]string{}
	for _, f := range ledger.Fates() {
		words[string(f)] = string(f)
		words[strings.ReplaceAll(string(f), " ", "-")] = string(f)
	}
	return words
}

var catalogue = index(
	// Messages on their way.
	measure{name: "devices", about: "devices of the fleet", read: count(func(r *reports.Result) int { return r.Devices })},
	measure{name: "sampled", about: "readings that devices made", read: count(func(r *reports.Result) int { return r.Counts.Sampled })},
	measure{name: "sent", about: "messages that devices sent", read: count(func(r *reports.Result) int { return r.Counts.Sent })},
	measure{name: "accepted", about: "messages that the broker accepted", read: count(func(r *reports.Result) int { return r.Counts.Accepted })},
	measure{name: "acked", about: "messages whose PUBACK reached the device", read: count(func(r *reports.Result) int { return r.Counts.Acked })},
	// Fates. Without a sink they are added up over all sinks.
	measure{name: "fate", about: "messages with a fate, in one sink or added up over all", parameters: []parameter{fateNames, sinkNames}, needed: 1, read: fateOf},
	measure{name: "share", unit: Share, about: "messages with a fate, as a share of those expected in the sink or in all", parameters: []parameter{fateNames, sinkNames}, needed: 1, read: shareOf},
	measure{name: "lost", about: "fate(lost)", parameters: []parameter{sinkNames}, read: always("lost")},
	measure{name: "stored", about: "fate(stored)", parameters: []parameter{sinkNames}, read: always("stored")},
	measure{name: "refused", about: "fate(refused)", parameters: []parameter{sinkNames}, read: always("refused")},
	measure{name: "dead_lettered", about: "fate(dead-lettered)", parameters: []parameter{sinkNames}, read: always("dead-lettered")},
	// Time.
	measure{name: "p50", unit: Duration, about: "median latency from the sample to a stage, after the warm-up", parameters: []parameter{stages}, needed: 1, read: latency(func(l reports.Latency) float64 { return l.P50.Seconds() })},
	measure{name: "p90", unit: Duration, about: "90th percentile of the same", parameters: []parameter{stages}, needed: 1, read: latency(func(l reports.Latency) float64 { return l.P90.Seconds() })},
	measure{name: "p99", unit: Duration, about: "99th percentile of the same", parameters: []parameter{stages}, needed: 1, read: latency(func(l reports.Latency) float64 { return l.P99.Seconds() })},
	measure{name: "max", unit: Duration, about: "largest of the same", parameters: []parameter{stages}, needed: 1, read: latency(func(l reports.Latency) float64 { return l.Max.Seconds() })},
	measure{name: "took", unit: Duration, about: "real time that the run took", read: func(r *reports.Result, _ []string) (float64, string) { return r.Took.Seconds(), "" }},
	measure{name: "rate", unit: Rate, about: "messages a second that reached a stage after the warm-up; the time series when none is named", parameters: []parameter{stages}, read: rateOf},
	measure{name: "late", unit: Duration, about: "how long after they were due readings were taken; the 99th percentile when none is named", parameters: []parameter{quantiles}, read: late},
	measure{name: "skipped", about: "readings that had been due for too long and were not taken", read: load(func(l *reports.Load) int { return l.Skipped })},
	measure{name: "dropped", about: "readings pushed out of full queues on devices", read: load(func(l *reports.Load) int { return l.Dropped })},
	// Alerts, silences, commands, faults.
	measure{name: "alerts", about: "alerts sent, of one severity or all", parameters: []parameter{severities}, read: alerts(func(verdict string) bool { return verdict != "missing" })},
	measure{name: "missing_alerts", about: "alerts that readings asked for and nobody sent", parameters: []parameter{severities}, read: alerts(func(verdict string) bool { return verdict == "missing" })},
	measure{name: "false_alerts", about: "alerts that no reading asked for", parameters: []parameter{severities}, read: alerts(func(verdict string) bool { return verdict == "without a crossing" })},
	measure{name: "found_offline", about: "silences that the offline detector found", read: offline("found", func(t *reports.OfflineTruth) int { return t.Found })},
	measure{name: "missed_offline", about: "outages that the offline detector missed", read: offline("missed", func(t *reports.OfflineTruth) int { return t.Missed })},
	measure{name: "false_offline", about: "devices called offline that were up or only reconnecting", read: offline("false", func(t *reports.OfflineTruth) int { return t.False })},
	measure{name: "connected", about: "the most devices that were connected at one time", read: connected},
	measure{name: "commands", about: "commands sent to devices", read: count(func(r *reports.Result) int { return len(r.Commands) })},
	measure{name: "acted_commands", about: "commands that devices acted on", read: count(acted)},
	measure{name: "faults", about: "faults injected", read: count(func(r *reports.Result) int { return len(r.Faults) })},
	measure{name: "failures", about: "reasons, besides expectations, why the run does not pass", read: count(func(r *reports.Result) int { return len(r.Failures) })},
	measure{name: "breaches", about: "quotas of AWS that the run breaches, of one service or all", parameters: []parameter{services}, read: breaches},
	measure{name: "shards_needed", about: "the smallest number of shards that would hold", read: quotas(func(q *reports.Quotas) (float64, string) { return float64(q.ShardsNeeded), "" })},
	measure{name: "monthly_bill", unit: Money, about: "the estimate of what a month costs", read: quotas(monthly)},
	measure{name: "findings", about: "findings of the report", read: count(func(r *reports.Result) int { return len(r.Findings) })},
)

func index(list ...measure) map[string]*measure {
	byName := make(map[string]*measure, len(list))
	for _, m := range list {
		byName[m.name] = &m
	}
	return byName
}
