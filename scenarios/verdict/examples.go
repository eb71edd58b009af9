package verdict

import (
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Bounds of what a report shows one by one.
const (
	maxExamples = 50
	maxSlowest  = 10
)

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
