package scenarios

import (
	"time"

	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// FleetPlan is what a fleet does: who reports what, for how long, what breaks and
// what it is told.
type FleetPlan struct {
	Seed     uint64
	Duration time.Duration
	// Grace is how long devices may take afterwards to send what waits, where a
	// fault has kept it from them; 5 s when there was none.
	Grace    time.Duration
	Groups   []Group
	Faults   []fault.Fault
	Commands []CommandOrder
	// External are filled by Outsider.
	External []External
	Outsider Outsider
	// Journal takes faults and decisions; nil keeps none.
	Journal *journal.Journal
	// Progress and Interrupted are a Run's; both may be nil.
	Progress    *Progress
	Interrupted func() bool
	// StopAt interrupts the plan at this time after its start; never when zero.
	StopAt time.Duration
	// Poll is how often Interrupted is asked, in the run's clock: signals do not
	// enter a bubble. 100 ms when zero.
	Poll time.Duration
}

// groups are the plan's groups as the simulator takes them.
func (p FleetPlan) groups() []sim.Group {
	groups := make([]sim.Group, len(p.Groups))
	for i, g := range p.Groups {
		groups[i] = sim.Group{
			Name: g.Name, Count: g.Count, Interval: g.Interval, KeepAlive: g.KeepAlive, Rate: g.Rate, Ramp: g.Ramp, Signals: g.Signals, Only: g.Only,
			Profile: g.Profile, Load: g.Load, Churn: g.Churn,
		}
	}
	return groups
}
