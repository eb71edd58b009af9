package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// FleetRun is a fleet at work in a World.
type FleetRun struct {
	world   *World
	plan    FleetPlan
	links   map[string]*fault.Link
	started time.Time
	end     context.CancelFunc // ends the devices
	devices sync.WaitGroup
	done    chan struct{}

	interrupted atomic.Bool
	mu          sync.Mutex
	connected   []change
	orders      []*order
	faults      []reports.Fault
	offline     []OfflineCase
}

// change is the number of connected devices from an instant on.
type change struct {
	at time.Time
	n  int
}

// StartFleet provisions the fleet's things, connects them along their ramps, and
// lets faults and commands happen at their times. Wait waits for its end.
func (w *World) StartFleet(ctx context.Context, plan FleetPlan) (*FleetRun, error) {
	if plan.Progress == nil {
		plan.Progress = &Progress{}
	}
	if plan.Poll <= 0 {
		plan.Poll = 100 * time.Millisecond
	}
	if plan.Interrupted == nil {
		plan.Interrupted = func() bool { return false }
	}
	f := &FleetRun{world: w, plan: plan, links: map[string]*fault.Link{}, done: make(chan struct{}), faults: []reports.Fault{}}
	identities, err := f.provision(ctx)
	if err != nil {
		return nil, err
	}
	f.started = time.Now()
	fleet, err := sim.New(sim.Plan{
		Seed: plan.Seed, Groups: plan.groups(), Start: f.started, Events: f.onEvent,
		Dial: func(ctx context.Context, thing string) (net.Conn, error) {
			return w.Secure(ctx, identities[thing], func(ctx context.Context) (net.Conn, error) { return f.links[thing].Dial(ctx, w.Dial) })
		},
	})
	if err != nil {
		return nil, err
	}
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	f.end = end
	f.devices.Go(func() {
		if err := fleet.Run(running); err != nil && !errors.Is(err, context.Canceled) {
			w.trouble.add("fleet", err.Error())
		}
	})
	go f.conduct(ctx)
	return f, nil
}

// provision makes things and certificates, and a link for each.
func (f *FleetRun) provision(ctx context.Context) (map[string]*Identity, error) {
	identities := map[string]*Identity{}
	for _, who := range sim.Identities(f.plan.Seed, f.plan.groups()) {
		identity, err := f.world.AddThing(ctx, who.Thing, who.Attributes)
		if err != nil {
			return nil, err
		}
		identities[who.Thing] = identity
		f.links[who.Thing] = &fault.Link{}
	}
	for _, target := range f.targets() {
		if f.links[target] == nil {
			return nil, fmt.Errorf("a fault or command is for %q: %w", target, errUnknownThing)
		}
	}
	if len(identities) == 0 {
		return nil, errNoFleet
	}
	return identities, nil
}

func (f *FleetRun) targets() []string {
	var names []string
	for _, x := range f.plan.Faults {
		names = append(names, x.Target.Thing)
	}
	for _, c := range f.plan.Commands {
		names = append(names, c.Thing)
	}
	return names
}

// onEvent turns what devices tell into ledger entries.
func (f *FleetRun) onEvent(e device.Event) {
	id := ledger.ID{Thing: e.Thing, Seq: e.Seq}
	telemetry := isTelemetry(e.Topic)
	switch {
	case e.Kind == device.Connected:
		f.count(1, e.At)
	case e.Kind == device.Disconnected:
		f.count(-1, e.At)
	case e.Kind == device.Command || e.Kind == device.Acted:
		f.commanded(e)
	case !telemetry:
	case e.Kind == device.Sampled:
		f.world.Ledger.Sample(id, e.Topic, e.Payload, e.At)
	case e.Kind == device.Sent:
		f.world.Ledger.Sent(id, e.At)
	case e.Kind == device.Acked:
		f.world.Ledger.Acked(id, e.At)
	case e.Kind == device.Dropped:
		f.world.Ledger.GiveUp(id, reasonOf(e.Err), e.At)
	}
}

func reasonOf(err error) string {
	if err == nil {
		return "given up"
	}
	return err.Error()
}

func (f *FleetRun) count(d int, at time.Time) {
	n := f.plan.Progress.connected.Add(int64(d))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connected = append(f.connected, change{at, int(n)})
}

// conduct lets the plan happen, then ends the devices.
func (f *FleetRun) conduct(ctx context.Context) {
	defer close(f.done)
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	var observers sync.WaitGroup
	observers.Go(func() { f.world.watchOffline(watching) })
	for _, m := range f.schedule() {
		if !f.sleepUntil(ctx, f.started.Add(m.at)) {
			break
		}
		m.do(ctx)
	}
	// What is offline is judged while the devices still run: their own good-bye
	// would look like silence.
	end := time.Now()
	f.world.look(context.WithoutCancel(ctx))
	f.offline = f.world.offline.cases(f.world.options.Pipeline.Silence, f.world.options.Pipeline.Sweep, end)
	stop()
	observers.Wait()
	f.heal()
	f.end()
	f.devices.Wait()
	f.plan.Progress.elapsed.Store(int64(time.Since(f.started)))
}

// moment is something that happens at a time after the start.
type moment struct {
	at time.Duration
	do func(context.Context)
}

// schedule lists faults, their ends, commands and the end of the run by time.
func (f *FleetRun) schedule() []moment {
	var list []moment
	for _, x := range f.plan.Faults {
		list = append(list, moment{x.At, func(context.Context) { f.inject(x) }})
		if x.For > 0 {
			list = append(list, moment{x.At + x.For, func(context.Context) { x.Heal(f.links[x.Target.Thing]) }})
		}
	}
	for _, c := range f.plan.Commands {
		list = append(list, moment{c.At, func(ctx context.Context) { f.Command(ctx, c) }})
	}
	list = append(list, moment{f.plan.Duration, func(context.Context) {}})
	sort.SliceStable(list, func(i, j int) bool { return list[i].at < list[j].at })
	return list
}

func (f *FleetRun) inject(x fault.Fault) {
	now := time.Now()
	f.enter(journal.FaultKind, x.Target.Thing, string(x.Kind), now)
	f.world.faults.Add(x.Target.Thing, "fault "+string(x.Kind)+" "+x.At.String()+" "+x.For.String())
	f.mu.Lock()
	f.faults = append(f.faults, reports.Fault{At: now, For: x.For, Kind: string(x.Kind), Target: x.Target.String()})
	f.mu.Unlock()
	x.Apply(f.links[x.Target.Thing])
}

// heal ends all faults, so that what waits in the devices can still be sent.
func (f *FleetRun) heal() {
	for _, x := range f.plan.Faults {
		if x.For > 0 {
			x.Heal(f.links[x.Target.Thing])
		}
	}
}

func (f *FleetRun) enter(kind journal.Kind, entity, text string, at time.Time) {
	if f.plan.Journal != nil {
		// The journal keeps its first error and gives it back at its end.
		f.plan.Journal.Enter(kind, entity, text, at)
	}
}

// sleepUntil reports false when the run was interrupted before.
func (f *FleetRun) sleepUntil(ctx context.Context, at time.Time) bool {
	for {
		left := time.Until(at)
		f.plan.Progress.elapsed.Store(int64(time.Since(f.started)))
		if f.plan.Interrupted() || ctx.Err() != nil {
			f.interrupted.Store(true)
			f.enter(journal.DecisionKind, "run", "interrupted", time.Now())
			return false
		}
		if left <= 0 {
			return true
		}
		time.Sleep(min(left, f.plan.Poll))
	}
}

// Wait waits until the plan is over and all devices have stopped.
func (f *FleetRun) Wait() { <-f.done }

// Started is when the first device was started.
func (f *FleetRun) Started() time.Time { return f.started }

// Interrupted tells whether the plan was cut short.
func (f *FleetRun) Interrupted() bool { return f.interrupted.Load() }

// connectedSeries is the number of connected devices at the end of each bucket.
func (f *FleetRun) connectedSeries(s reports.Series) []float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	values := make([]float64, len(s.Sent))
	i, n := 0, 0
	for b := range values {
		until := f.started.Add(time.Duration(b+1) * s.Step)
		for ; i < len(f.connected) && f.connected[i].at.Before(until); i++ {
			n = f.connected[i].n
		}
		values[b] = float64(n)
	}
	return values
}

// errUnknownThing says that a command is for a device outside the fleet.
var errUnknownThing = errors.New("the thing is not in the fleet")
