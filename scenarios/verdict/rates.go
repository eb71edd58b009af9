package verdict

import (
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// rates counts what reached each stage between two times.
func rates(messages []*ledger.Message, from, to time.Time) []reports.Rate {
	list := []reports.Rate{}
	seconds := to.Sub(from).Seconds()
	if seconds <= 0 {
		return list
	}
	for _, s := range stored {
		n := 0
		for _, m := range messages {
			if at := m.At(s.stage); !at.IsZero() && !at.Before(from) && at.Before(to) {
				n++
			}
		}
		list = append(list, reports.Rate{Stage: s.name, Count: n, PerSecond: float64(n) / seconds})
	}
	return list
}
