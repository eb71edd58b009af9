package scenarios

import (
	"fmt"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Bounds of what a report shows one by one.
const (
	maxExamples = 50
	maxSlowest  = 10
	maxBuckets  = 120
)

// describe turns an audited ledger into a report's numbers. Rates end when the
// fleet began to say good-bye: a device that waits for its last PUBACKs is no load.
func describe(r *reports.Result, l *ledger.Ledger, parted time.Time) {
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

// examples picks messages whose fate is worth a look, the worst first, at most
// a few of each kind. Sinks with one fate and reason share a line.
func examples(messages []*ledger.Message) []reports.Example {
	plain := map[ledger.Fate]bool{ledger.Stored: true, ledger.Filtered: true, ledger.Superseded: true}
	perKind := map[string]int{}
	list := []reports.Example{}
	fates := ledger.Fates()
	for i := len(fates) - 1; i >= 0; i-- {
		if plain[fates[i]] {
			continue
		}
		for _, m := range messages {
			for _, e := range examplesOf(m, fates[i]) {
				kind := e.Sink + e.Fate
				if perKind[kind] >= 5 || len(list) >= maxExamples {
					continue
				}
				perKind[kind]++
				list = append(list, e)
			}
		}
	}
	return list
}

// examplesOf lists a message's sinks with this fate, one line per reason.
func examplesOf(m *ledger.Message, fate ledger.Fate) []reports.Example {
	var list []reports.Example
	for _, s := range ledger.Sinks() {
		v := m.Fate(s)
		if v.Fate != fate {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Reason == v.Reason {
			list[n-1].Sink += ", " + s.String()
			continue
		}
		list = append(list, reports.Example{Message: m.ID.String(), Sink: s.String(), Fate: string(v.Fate), Reason: v.Reason})
	}
	return list
}

func slowest(messages []*ledger.Message) []reports.Slowest {
	var written []*ledger.Message
	for _, m := range messages {
		if m.Has(ledger.Written) && m.Has(ledger.Sampled) {
			written = append(written, m)
		}
	}
	took := func(m *ledger.Message) time.Duration {
		d, _ := m.Took(ledger.Written)
		return d
	}
	sort.SliceStable(written, func(i, j int) bool { return took(written[i]) > took(written[j]) })
	list := []reports.Slowest{}
	for _, m := range written[:min(len(written), maxSlowest)] {
		list = append(list, reports.Slowest{Message: m.ID.String(), Latency: took(m), Hops: hops(m)})
	}
	return list
}

// hops are a message's way for a report.
func hops(m *ledger.Message) []reports.Hop {
	var list []reports.Hop
	notes := m.Hops()
	for _, n := range notes {
		list = append(list, reports.Hop{After: n.At.Sub(notes[0].At), Text: n.Text})
	}
	return list
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

// undecided is the verdict on alerts of a device of which the alert handler gave
// readings up: which of its readings crosses a threshold is open.
const undecided = "dead-lettered"

// unseenAlert is the verdict where the alert queue could not be read.
const unseenAlert = string(ledger.Unobserved)

// alertList compares the alerts that readings had to cause with those received.
func alertList(l *ledger.Ledger, ev ledger.Evidence, thresholds []ledger.Threshold) reports.Alerts {
	a := reports.Alerts{Sent: len(ev.Alerts), List: []reports.Alert{}}
	sent := map[ledger.SentAlert]int{}
	for _, s := range ev.Alerts {
		sent[s.Key()]++
	}
	asked := map[ledger.SentAlert]bool{}
	for _, e := range l.Crossings(thresholds) {
		a.Expected++
		key := ledger.SentAlert{Thing: e.Message.ID.Thing, Kind: e.Kind, Severity: e.Severity, Timestamp: e.Message.Timestamp}
		anonymous := key
		anonymous.Kind = ""
		asked[key], asked[anonymous] = true, true
		verdict := "sent"
		if ev.Alerts == nil {
			verdict = unseenAlert
		} else if n := sent[key] + sent[anonymous]; n == 0 && ev.Undecided(key.Thing) {
			verdict = undecided
		} else if n == 0 {
			verdict = "missing"
		} else if n > 1 {
			verdict = fmt.Sprintf("sent %d times", n)
		}
		a.List = append(a.List, alertOf(key, verdict))
	}
	for _, s := range ev.Alerts {
		s = s.Key()
		if !asked[s] {
			asked[s] = true
			verdict := "without a crossing"
			if ev.Undecided(s.Thing) {
				verdict = undecided
			}
			a.List = append(a.List, alertOf(s, verdict))
		}
	}
	sort.SliceStable(a.List, func(i, j int) bool { return a.List[i].At.Before(a.List[j].At) })
	return a
}

func alertOf(s ledger.SentAlert, verdict string) reports.Alert {
	return reports.Alert{At: time.UnixMilli(s.Timestamp).UTC(), Thing: s.Thing, Kind: s.Kind, Severity: s.Severity, Verdict: verdict}
}
