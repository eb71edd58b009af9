package scenarios

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// moment is something that happens at a time after the start.
type moment struct {
	at time.Duration
	do func(context.Context)
}

// momentLag is how long after its instant what is scheduled happens. At the
// instant itself shards are read and sweeps run, and just after it devices act,
// each in its lane; which of them a fault would catch were up to the scheduler.
const momentLag = 600 * time.Microsecond

// schedule lists faults, their ends, commands and the end of the run by time.
// Where one fault ends and another begins at one instant, the end comes first.
func (f *FleetRun) schedule() []moment {
	var list []moment
	for i, x := range f.plan.Faults {
		if x.For > 0 {
			list = append(list, moment{x.At + x.For, func(ctx context.Context) { f.end(ctx, i) }})
		}
	}
	for i, x := range f.plan.Faults {
		list = append(list, moment{x.At, func(ctx context.Context) { f.begin(ctx, i) }})
	}
	for _, c := range f.plan.Commands {
		list = append(list, moment{c.At, func(ctx context.Context) { f.Command(ctx, c) }})
	}
	for _, at := range f.marks() {
		list = append(list, moment{at, func(context.Context) { f.mark() }})
	}
	for i := range list {
		list[i].at += momentLag
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].at < list[j].at })
	// What would happen after the end does not.
	for i, m := range list {
		if m.at >= f.plan.Duration {
			list = list[:i]
			break
		}
	}
	// The last look at the offline devices ends before the run does: devices that went
	// on meanwhile would take one more reading, and a sweep at the run's very end
	// would come before it or after it by chance.
	return append(list, moment{max(0, f.plan.Duration-2*lookLag), func(context.Context) {}})
}

// begin lets a fault of the schedule begin.
func (f *FleetRun) begin(ctx context.Context, i int) {
	x, now := f.plan.Faults[i], time.Now()
	chosen := f.chosen[i]
	f.enter(journal.FaultKind, fmt.Sprintf("fault %d", i), describeFault(x, len(chosen)), now)
	f.world.facts.Add(fmt.Sprintf("fault %d", i), fmt.Sprintf("%s %s %s %s %+v %s", x.At, x.For, x.Kind, x.Target, x.Parameters, strings.Join(chosen, " ")))
	f.mu.Lock()
	f.faults = append(f.faults, reports.Fault{At: now, For: x.For, Kind: string(x.Kind), Target: x.Target.String(), Rate: float64(x.Rate), Things: len(chosen), Index: i})
	f.active[i] = true
	f.mu.Unlock()
	f.truth.Begin(i, chosen, now)
	switch x.Kind.Place() {
	case fault.OnBroker:
		if x.Kind == fault.BrokerRestart {
			f.world.StopBroker()
		}
		f.world.Faults.Begin(i, x)
	case fault.OnService, fault.OnStream, fault.OnFunction:
		f.world.Faults.Begin(i, x)
	}
	for _, thing := range chosen {
		f.befall(ctx, f.members[thing], i, x)
	}
}

// end heals a fault that has begun.
func (f *FleetRun) end(ctx context.Context, i int) {
	f.mu.Lock()
	begun := f.active[i]
	delete(f.active, i)
	f.mu.Unlock()
	if !begun {
		return
	}
	x, now := f.plan.Faults[i], time.Now()
	f.enter(journal.FaultKind, fmt.Sprintf("fault %d", i), string(x.Kind)+" ends", now)
	f.truth.End(i, f.chosen[i], now)
	switch x.Kind.Place() {
	case fault.OnBroker:
		f.world.Faults.End(i)
		if x.Kind != fault.BrokerRestart {
			break
		}
		if err := f.world.StartBroker(); err != nil {
			f.world.trouble.add("broker restart", err.Error())
		}
	case fault.OnService, fault.OnStream, fault.OnFunction:
		f.world.Faults.End(i)
	}
	for _, thing := range f.chosen[i] {
		f.relieve(ctx, f.members[thing], i, x)
	}
}

// heal ends the faults that have not ended, so that what waits can still be sent
// and stored. A link or device that broke for good (no `for`) stays broken.
func (f *FleetRun) heal(ctx context.Context) {
	for i, x := range f.plan.Faults {
		place := x.Kind.Place()
		if x.For == 0 && (place == fault.OnLink || place == fault.OnDevice) {
			f.abandon(i)
			continue
		}
		f.end(ctx, i)
	}
	for _, m := range f.members {
		if len(f.plan.Faults) > 0 {
			m.device.Restore() // not to wait out its back-off
		}
	}
}

// abandon ends what a fault for good keeps running, second clients, and leaves
// the rest as it is.
func (f *FleetRun) abandon(i int) {
	for _, thing := range f.chosen[i] {
		f.members[thing].dismiss(i)
	}
}

// describeFault is a fault in the journal.
func describeFault(x fault.Fault, things int) string {
	text := string(x.Kind)
	if target := x.Target.String(); target != "" {
		text += " of " + target
	}
	if things > 0 {
		text += fmt.Sprintf(" (%d things)", things)
	}
	if x.For > 0 {
		return text + " for " + x.For.String()
	}
	return text + " to the end"
}

// choose finds out whom each fault befalls. That nobody is hit is an error: the
// user meant somebody.
func (f *FleetRun) choose() error {
	var candidates []fault.Candidate
	for _, thing := range slices.Sorted(maps.Keys(f.members)) {
		candidates = append(candidates, f.members[thing].candidate())
	}
	f.chosen = make([][]string, len(f.plan.Faults))
	for i, x := range f.plan.Faults {
		if place := x.Kind.Place(); place != fault.OnLink && place != fault.OnDevice {
			continue
		}
		f.chosen[i] = x.Target.Select(f.plan.Seed, i, candidates)
		if len(f.chosen[i]) == 0 {
			return fmt.Errorf("faults[%d]: %s befalls nobody: %w", i, x.Target, errUnknownThing)
		}
	}
	for i, c := range f.plan.Commands {
		if f.members[c.Thing] == nil {
			return fmt.Errorf("commands[%d]: %q: %w", i, c.Thing, errUnknownThing)
		}
	}
	return nil
}
