package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/offline"
	"github.com/shakedown-iot/shakedown/scenarios/verdict"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// RunOptions are what a Run needs besides the world outside.
type RunOptions struct {
	Scenario *Scenario
	// Version is Shakedown's, for journal and report.
	Version string
	// Journal takes the journal; nil keeps none.
	Journal io.Writer
	// AtRest, if set, is called when all is stored and nothing is read back yet.
	AtRest func()
	// Interrupted, polled, ends the fleet early; nil is never.
	Interrupted func() bool
	// StopAt, if not zero, ends the fleet early at this time after its start: a
	// replay of a run that was interrupted then.
	StopAt time.Duration
	// Progress is kept up to date; nil is fine.
	Progress *Progress
	// Started, if set, is given the world before the fleet connects to it.
	Started func(*World) error
	// Outsider fills the scenario's external slots; nil where there are none.
	Outsider Outsider
	// Certificates are an earlier run's; nil makes new ones.
	Certificates *registry.Pool
	// Backend, Network, BrokerAddr, Wrap, WrapTargets, WrapFunction, Processes and
	// Log are the world's. A scenario over TCP needs Network and BrokerAddr.
	Backend      Backend
	Network      Network
	BrokerAddr   string
	Wrap         func(HTTPClient) HTTPClient
	WrapTargets  func(action.Targets) action.Targets
	WrapFunction func(name string, handler lambda.Handler) lambda.Handler
	Processes    *Processes
	Log          *slog.Logger
}

// Outcome is what a Run found.
type Outcome struct {
	Result *reports.Result
	Ledger *ledger.Ledger
	// Evidence is what the read-back found.
	Evidence ledger.Evidence
}

// Run runs a scenario from start to verdict. That messages were lost is in the
// outcome; an error is that the run itself could not be done.
func Run(ctx context.Context, o RunOptions) (*Outcome, error) {
	r, err := newRun(ctx, o)
	if err != nil {
		return nil, err
	}
	outcome, err := r.run(ctx)
	closing := r.world.Close()
	if err == nil && closing != nil {
		if !o.Backend.Remote() {
			return nil, closing
		}
		// The verdict stands; what is left on a server elsewhere is one more failure.
		outcome.Result.Failures = append(outcome.Result.Failures, closing.Error())
	}
	if err != nil {
		// The error itself is what the caller has to know.
		_ = r.journal.Enter(journal.DecisionKind, "run", journal.GaveUp+err.Error(), time.Now())
	}
	return outcome, err
}

// run is one run in progress.
type run struct {
	RunOptions
	world   *World
	journal *journal.Journal
	result  *reports.Result
	began   time.Time // real or virtual, as the run's clock
}

func newRun(ctx context.Context, o RunOptions) (*run, error) {
	if o.Progress == nil {
		o.Progress = &Progress{}
	}
	if o.Journal == nil {
		o.Journal = io.Discard
	}
	if o.Interrupted == nil {
		o.Interrupted = func() bool { return false }
	}
	if o.Scenario.Transport == TCPTransport && o.Network == nil {
		return nil, errNoNetwork
	}
	if len(o.Scenario.External) > 0 && o.Outsider == nil {
		return nil, errNobody
	}
	if err := CheckBackend(o.Scenario, o.Backend); err != nil {
		return nil, err
	}
	if err := o.Processes.validate(o.Scenario); err != nil {
		return nil, err
	}
	o.Progress.phase.Store(Deploying)
	// Before anything else: a run that is killed at any moment says what it was.
	book, result := journal.New(o.Journal), newResult(o)
	if err := begin(book, o.Scenario, result.Versions); err != nil {
		return nil, err
	}
	world, err := NewWorld(ctx, WorldOptions{
		Seed: o.Scenario.Seed, Beat: &o.Progress.found, Traffic: &o.Progress.traffic, Pipeline: o.Scenario.Pipeline, Backend: o.Backend,
		Certificates: o.Certificates, Network: o.Network, BrokerAddr: o.BrokerAddr, Wrap: o.Wrap, WrapTargets: o.WrapTargets, WrapFunction: o.WrapFunction, Processes: o.Processes, Log: o.Log,
		Enforce: o.Scenario.Limits == Enforce,
	})
	if err != nil {
		return nil, err
	}
	o.Progress.ledger.Store(world.Ledger)
	if o.Started != nil {
		if err := o.Started(world); err != nil {
			return nil, errors.Join(err, world.Close())
		}
	}
	return &run{RunOptions: o, world: world, journal: book, result: result}, nil
}

// begin writes the journal's header.
func begin(book *journal.Journal, s *Scenario, versions map[string]string) error {
	plain, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return book.Begin(journal.Header{Scenario: plain, Seed: s.Seed, Versions: versions}, time.Now())
}

func newResult(o RunOptions) *reports.Result {
	return &reports.Result{
		Schema: reports.Schema, Scenario: o.Scenario.Name, Description: o.Scenario.Description, Source: source(o.Scenario),
		Seed: o.Scenario.Seed, Clock: string(o.Scenario.Clock), Devices: o.Scenario.Devices(), Versions: Versions(o.Version),
		Environment: Machine(), Warmup: o.Scenario.Warmup, Expectations: []reports.Expectation{},
		Offline: []reports.Offline{}, Commands: []reports.Command{}, Faults: []reports.Fault{}, Failures: []string{},
	}
}

// Versions are those of this program, in journals and reports.
func Versions(shakedown string) map[string]string {
	return map[string]string{"shakedown": shakedown, "go": runtime.Version(), "os": runtime.GOOS + "/" + runtime.GOARCH}
}

// run goes through the phases: fleet, drain, read-back and audit, verdict.
func (r *run) run(ctx context.Context) (*Outcome, error) {
	s := r.Scenario
	poll := time.Duration(0)
	if s.Clock == VirtualClock {
		poll = 10 * time.Second
	}
	r.world.quotas.Start(time.Now())
	fleet, err := r.world.StartFleet(ctx, FleetPlan{
		Poll: poll,
		Seed: s.Seed, Duration: s.Duration, Grace: s.Drain, Groups: s.Fleet, Faults: s.Faults, Commands: s.Commands,
		External: s.External, Outsider: r.Outsider,
		Journal: r.journal, Progress: r.Progress, Interrupted: r.Interrupted, StopAt: r.StopAt,
	})
	if err != nil {
		return nil, err
	}
	r.began = fleet.Started()
	r.Progress.phase.Store(Running)
	fleet.Wait()
	ended := time.Now()
	if err := r.world.Drain(ctx, s.Drain); err != nil {
		return nil, err
	}
	used := r.world.quotas.Usage(ended)
	if r.AtRest != nil {
		r.AtRest()
	}
	r.enter(Auditing)
	ev, err := r.world.ReadBack(ctx)
	if err != nil && !r.Backend.Remote() {
		return nil, err
	}
	if err != nil { // what was not read is unobserved, and such a run proves nothing
		r.result.Failures = append(r.result.Failures, "evidence: "+err.Error())
	}
	findings := r.world.Audit()
	r.judge(fleet, ev, findings, ended)
	r.result.Quotas = r.quotas(used, fleet.Parted().Sub(r.began))
	r.result.Findings = append(r.result.Findings, verdict.Breaches(r.result.Quotas)...)
	r.expect()
	if err := r.journal.End(r.result.Hash, time.Now()); err != nil {
		return nil, err
	}
	return &Outcome{r.result, r.world.Ledger, ev}, nil
}

// enter shows a phase, and leaves it in the journal for those who find it killed.
func (r *run) enter(p Phase) {
	r.Progress.phase.Store(p)
	// The journal keeps its first error and gives it back at its end.
	_ = r.journal.Enter(journal.ProgressKind, "phase", string(p), time.Now())
}

// judge fills in the result and its verdict.
func (r *run) judge(fleet *FleetRun, ev ledger.Evidence, findings []ledger.Finding, ended time.Time) {
	res := r.result
	res.Started, res.Duration = r.began, ended.Sub(r.began)
	res.Interrupted = fleet.Interrupted()
	verdict.Describe(res, r.world.Ledger, fleet.Parted())
	res.Series.Connected = fleet.connectedSeries(res.Series)
	res.Alerts = verdict.Alerts(r.world.Ledger, ev, ledger.SourceThresholds())
	res.Offline = fleet.silences
	res.OfflineTruth = fleet.judged
	r.world.facts.Add("offline truth", offline.Fact(fleet.judged))
	res.Commands = fleet.Commands()
	res.External = fleet.External()
	res.Load = fleet.load.report()
	res.Findings = append(res.Findings, res.Load.Findings()...)
	res.Faults = fleet.Faults()
	for _, f := range findings {
		res.Findings = append(res.Findings, f.Text)
	}
	res.Findings = append(res.Findings, r.world.trouble.lines()...)
	for _, text := range ev.Unseen {
		res.Findings = append(res.Findings, "unobserved: "+text)
	}
	if t := res.OfflineTruth; t.False > 0 {
		res.Findings = append(res.Findings, fmt.Sprintf("offline detection: %d verdicts on devices that were up or only reconnecting: %s", t.False, t.Advice()))
	}
	res.Failures = append(res.Failures, verdict.Failures(res, ev)...)
	res.Failures = append(res.Failures, fleet.slotFailures(res.External)...)
	res.Failures = append(res.Failures, verdict.Broken(r.world.Ledger, ev, res.Faults)...)
	for _, o := range res.Offline {
		r.world.facts.Add(o.Thing, "offline "+o.Verdict)
	}
	res.Hash = r.world.Hash()
	res.Took = time.Since(r.began)
}
