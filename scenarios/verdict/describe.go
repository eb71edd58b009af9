package verdict

import (
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// maxBuckets bounds the series of a report.
const maxBuckets = 120

// Describe turns an audited ledger into a report's numbers. Rates end when the
// fleet began to say good-bye: a device that waits for its last PUBACKs is no load.
func Describe(r *reports.Result, l *ledger.Ledger, parted time.Time) {
	messages := l.Messages()
	for _, m := range messages {
		r.Counts.Sampled += reached(m, ledger.Sampled)
		r.Counts.Sent += reached(m, ledger.Sent)
		r.Counts.Accepted += reached(m, ledger.Accepted)
		r.Counts.Acked += reached(m, ledger.Acked)
	}
	for _, s := range ledger.Sinks() {
		sink := reports.Sink{Name: s.String(), Expected: len(messages), Fates: map[string]int{}}
		for _, f := range ledger.Fates() {
			sink.Order = append(sink.Order, string(f))
		}
		for f, n := range l.Tally(s) {
			sink.Fates[string(f)] = n
		}
		r.Sinks = append(r.Sinks, sink)
	}
	r.Messages = examples(messages)
	r.Slowest = slowest(messages)
	steady := r.Started.Add(r.Warmup)
	r.Latencies = latencies(messages, steady)
	r.Rates = rates(messages, steady, parted)
	r.Series = series(messages, r.Started, r.Duration)
}

func reached(m *ledger.Message, s ledger.Stage) int {
	if m.Has(s) {
		return 1
	}
	return 0
}

// stored are the stages that a report measures, with their names there.
var stored = []struct {
	stage ledger.Stage
	name  string
}{
	{ledger.Sent, "sent"}, {ledger.Acked, "acknowledged"}, {ledger.Archived, "archive"}, {ledger.Written, "time series"},
	{ledger.StateSet, "device state"}, {ledger.Alerted, "alert"},
}

// latencies summarises the time from the sample to each stage that stores, of
// what was sampled once the fleet was steady.
func latencies(messages []*ledger.Message, steady time.Time) []reports.Latency {
	list := []reports.Latency{}
	for _, s := range stored {
		h := reports.NewHistogram()
		n := 0
		for _, m := range messages {
			if d, ok := m.Took(s.stage); ok && !m.At(ledger.Sampled).Before(steady) {
				h.Record(d)
				n++
			}
		}
		if n > 0 {
			list = append(list, h.Latency(s.name))
		}
	}
	return list
}

// series puts messages into buckets of the run's time, by sending and by storing.
func series(messages []*ledger.Message, start time.Time, duration time.Duration) reports.Series {
	step := max(time.Second, (duration / maxBuckets).Round(time.Second))
	n := int((duration+step-1)/step) + 1
	s := reports.Series{Step: step, Sent: make([]float64, n), Stored: make([]float64, n), P50: make([]float64, n), P90: make([]float64, n), P99: make([]float64, n)}
	stores := make([][]float64, n)
	bucket := func(at time.Time) int { return min(max(int(at.Sub(start)/step), 0), n-1) }
	for _, m := range messages {
		if at := m.At(ledger.Sent); !at.IsZero() {
			s.Sent[bucket(at)] += 1 / step.Seconds()
		}
		if at := m.At(ledger.Written); at.After(start.Add(duration)) {
			s.After++
		} else if !at.IsZero() {
			s.Stored[bucket(at)] += 1 / step.Seconds()
			if d, ok := m.Took(ledger.Written); ok {
				stores[bucket(at)] = append(stores[bucket(at)], float64(d)/float64(time.Millisecond))
			}
		}
	}
	for i, values := range stores {
		s.P50[i], s.P90[i], s.P99[i] = quantile(values, 0.5), quantile(values, 0.9), quantile(values, 0.99)
	}
	return s
}

// quantile is -1, a gap in the plot, where there are no values.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return -1
	}
	sort.Float64s(values)
	return values[min(int(q*float64(len(values))), len(values)-1)]
}
