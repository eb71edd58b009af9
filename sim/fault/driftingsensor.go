package fault

import (
	"math"
	"time"
)

// driftingSensor lets a metric drift from begun on; several add up.
type driftingSensor struct {
	metric  string
	perHour float64
	begun   time.Time
}

func (d driftingSensor) on(b *behaviour) { b.drifts = append(b.drifts, d) }

// of is the drifted value, to a millionth: the reading was rounded before.
func (d driftingSensor) of(metric string, at time.Time, value float64) float64 {
	if metric != d.metric {
		return value
	}
	return math.Round((value+d.perHour*at.Sub(d.begun).Hours())*1e6) / 1e6
}
