package scenarios

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/offline"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// FleetRun is a fleet at work in a World.
type FleetRun struct {
	world   *World
	plan    FleetPlan
	members map[string]*member
	chosen  [][]string             // whom each fault befalls
	spares  []map[string]*Identity // certificates that expire, by fault and thing
	started time.Time
	parted  time.Time          // its devices began to say good-bye; known after Wait
	stop    context.CancelFunc // ends the devices
	devices sync.WaitGroup
	done    chan struct{}

	interrupted atomic.Bool
	mu          sync.Mutex
	connected   []change
	orders      []*order
	faults      []reports.Fault
	active      map[int]bool // faults that have begun and not ended
	slots       []Slot
	slotErrors  []string
	silences    []reports.Offline
	truth       *offline.Truth
	load        *load
	judged      *reports.OfflineTruth
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
	f := &FleetRun{world: w, plan: plan, members: map[string]*member{}, active: map[int]bool{}, done: make(chan struct{}), truth: offline.NewTruth(plan.Faults), load: newLoad()}
	if err := errors.Join(f.provision(ctx), f.choose()); err != nil {
		return nil, err
	}
	if err := errors.Join(f.prepare(ctx), f.attach(ctx)); err != nil {
		return nil, err
	}
	f.started = time.Now()
	fleet, err := sim.New(sim.Plan{
		Seed: plan.Seed, Groups: plan.groups(), Start: f.started, Events: f.onEvent, Configure: f.configure,
		Dial: func(ctx context.Context, thing string) (net.Conn, error) { return f.members[thing].dial(ctx, w) },
	})
	if err != nil {
		return nil, err
	}
	for _, d := range fleet.Devices() {
		m := f.members[d.Thing()]
		m.device, m.ills.Machine = d, d
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	f.stop = stop
	f.devices.Go(func() {
		if err := fleet.Run(running); err != nil && !errors.Is(err, context.Canceled) {
			w.trouble.add("fleet", err.Error())
		}
	})
	f.runSlots(running)
	f.enter(journal.ProgressKind, "fleet", "started", f.started)
	go f.conduct(ctx)
	return f, nil
}

// configure gives the devices time to send what a fault has kept from them.
func (f *FleetRun) configure(c *device.Config) {
	if len(f.plan.Faults) > 0 {
		c.Grace = max(f.plan.Grace, 5*time.Second)
	}
}

// onEvent turns what devices tell into ledger entries.
func (f *FleetRun) onEvent(e device.Event) {
	id := ledger.ID{Thing: e.Thing, Seq: e.Seq}
	telemetry := shape.IsTelemetry(e.Topic)
	switch {
	case e.Kind == device.Connected:
		f.count(1, e.At)
		f.truth.Connected(e.Thing, e.At)
	case e.Kind == device.Disconnected:
		f.count(-1, e.At)
		f.truth.Disconnected(e.Thing, e.At, e.Err == nil)
	case e.Kind == device.Left:
		f.truth.Left(e.Thing, e.At)
	case e.Kind == device.Command || e.Kind == device.Acted:
		f.commanded(e)
	case e.Kind == device.Unread && !errors.Is(e.Err, io.EOF):
		f.world.trouble.add(e.Thing+" not read", e.Err.Error())
	case !telemetry:
	case e.Kind == device.Skipped:
		f.load.skip(e.Count)
	case e.Kind == device.Sampled:
		f.load.take(e.Late)
		f.world.Ledger.Sample(id, e.Topic, e.Payload, e.At)
	case e.Kind == device.Sent:
		f.world.Ledger.Sent(id, e.At)
	case e.Kind == device.Acked:
		f.world.Ledger.Acked(id, e.At)
	case e.Kind == device.Dropped:
		f.load.drop(e.Err)
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
	f.parted = end
	f.world.look(context.WithoutCancel(ctx))
	trial := f.trial(end)
	f.silences, f.judged = trial.Silences(), trial.Judge()
	stop()
	observers.Wait()
	f.world.quotas.Part(end)
	f.enter(journal.ProgressKind, "phase", string(Draining), end)
	f.plan.Progress.phase.Store(Draining)
	f.heal(context.WithoutCancel(ctx))
	f.stop()
	f.leave()
	f.shutOut(context.WithoutCancel(ctx))
	f.plan.Progress.elapsed.Store(int64(time.Since(f.started)))
}

// trial is the offline detector's, up to an instant.
func (f *FleetRun) trial(end time.Time) offline.Trial {
	p := f.world.options.Pipeline
	return offline.Trial{
		Things: slices.Sorted(maps.Keys(f.members)), Truth: f.truth, Watch: &f.world.offline,
		Silence: p.Silence, Sweep: p.Sweep, Poll: p.Poll, Started: f.started, End: end,
	}
}

// leave waits until all devices have stopped; one that has messages which nobody
// takes stays for the grace, and the progress shows that time goes on.
func (f *FleetRun) leave() {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		f.devices.Wait()
	}()
	for {
		select {
		case <-gone:
			return
		case <-time.After(f.plan.Poll):
			f.plan.Progress.elapsed.Store(int64(time.Since(f.started)))
		}
	}
}

// Faults are those that have begun so far, with their hits.
func (f *FleetRun) Faults() []reports.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := append([]reports.Fault{}, f.faults...)
	for i := range list {
		list[i].Hits = f.world.Faults.Hits(list[i].Index)
	}
	return list
}

// marks are the instants at which the journal takes a count: fifty a run.
func (f *FleetRun) marks() []time.Duration {
	var list []time.Duration
	for i := range 50 {
		list = append(list, f.plan.Duration*time.Duration(i+1)/51)
	}
	return list
}

// mark enters how far the run has come, for those who find it killed.
func (f *FleetRun) mark() {
	l := f.world.Ledger
	f.enter(journal.ProgressKind, "run", fmt.Sprintf("connected %d, sampled %d, sent %d, acknowledged %d, archived %d, written %d",
		f.plan.Progress.connected.Load(), l.Count(ledger.Sampled), l.Count(ledger.Sent), l.Count(ledger.Acked),
		l.Count(ledger.Archived), l.Count(ledger.Written)), time.Now())
}

func (f *FleetRun) enter(kind journal.Kind, entity, text string, at time.Time) {
	if f.plan.Journal != nil {
		// The journal keeps its first error and gives it back at its end.
		f.plan.Journal.Enter(kind, entity, text, at)
	}
}

// sleepUntil reports false when the run was interrupted before. It asks once an
// instant, after all that the plan has for it: the time alone tells a replay where
// to stop.
func (f *FleetRun) sleepUntil(ctx context.Context, at time.Time) bool {
	for {
		left, elapsed := time.Until(at), time.Since(f.started)
		f.plan.Progress.elapsed.Store(int64(elapsed))
		if left <= 0 {
			return true
		}
		stop := f.plan.StopAt - elapsed
		if f.plan.Interrupted() || ctx.Err() != nil || (f.plan.StopAt > 0 && stop <= 0) {
			f.interrupted.Store(true)
			f.enter(journal.DecisionKind, "run", journal.Interrupted, time.Now())
			return false
		}
		if f.plan.StopAt > 0 {
			left = min(left, stop)
		}
		time.Sleep(min(left, f.plan.Poll))
	}
}

// Wait waits until the plan is over and all devices have stopped.
func (f *FleetRun) Wait() { <-f.done }

// Started is when the first device was started.
func (f *FleetRun) Started() time.Time { return f.started }

// Parted is when its devices began to say good-bye; known after Wait.
func (f *FleetRun) Parted() time.Time { return f.parted }

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
