package explore

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// Options say where to look and for how long.
type Options struct {
	Subject
	// From is the first seed, Seeds how many of them from there.
	From  uint64
	Seeds int
	// Budget is the real time that no new seed is begun after; none when zero.
	// Shrinking, within its own bounds, may go on.
	Budget time.Duration
	// Workers is how many seeds run at one time; GOMAXPROCS when zero.
	Workers int
	// Shrink bounds the shrinking of each find.
	Shrink Bounds
	// Twice runs each seed a second time, for Repeatable.
	Twice bool
	// Interrupted, polled, ends the search with what was found.
	Interrupted func() bool
	// Found is told each find as it comes, one at a time; it may fill in Files.
	Found func(*Find)
	// Progress is kept up to date; nil is fine.
	Progress *Progress
}

// Find is a seed that breaks a promise.
type Find struct {
	Seed    uint64  `json:"seed"`
	Failure Failure `json:"failure"`
	// Others are further promises that the seed's own scenario breaks.
	Others []Failure `json:"others,omitempty"`
	// Scenario is the smallest that still does; Runs is what it took.
	Scenario *scenarios.Scenario `json:"scenario"`
	Runs     int                 `json:"runs"`
	// Verdict tells whether `shakedown run` calls it failed.
	Verdict bool `json:"verdict"`
	// Files are where it was written.
	Files []string `json:"files,omitempty"`
}

// Report is what a search found.
type Report struct {
	From uint64 `json:"from"`
	// Seeds is how many were tried to their end, of Asked.
	Seeds int `json:"seeds"`
	Asked int `json:"asked"`
	// Took is real time.
	Took        time.Duration `json:"took_ns"`
	Interrupted bool          `json:"interrupted,omitempty"`
	// Finds are by seed.
	Finds []Find `json:"finds"`
}

// Progress shows a search from outside. The zero value is ready.
type Progress struct{ done, failing, shrinking atomic.Int64 }

// Done is the number of seeds tried, Failing of those that break a promise, and
// Shrinking of those that are made smaller at present.
func (p *Progress) Done() int      { return int(p.done.Load()) }
func (p *Progress) Failing() int   { return int(p.failing.Load()) }
func (p *Progress) Shrinking() int { return int(p.shrinking.Load()) }

// Run tries one seed after the other, several at a time, each in a bubble of its
// own, and shrinks those that break a promise. It must not be called in a bubble.
func Run(o Options) Report {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = &Progress{}
	}
	if o.Interrupted == nil {
		o.Interrupted = func() bool { return false }
	}
	x := &search{Options: o, began: time.Now()}
	var workers sync.WaitGroup
	for range min(o.Workers, o.Seeds) {
		workers.Go(x.work)
	}
	workers.Wait()
	slices.SortFunc(x.finds, func(a, b Find) int { return int(int64(a.Seed) - int64(b.Seed)) })
	return Report{
		From: o.From, Seeds: o.Progress.Done(), Asked: o.Seeds, Took: time.Since(x.began), Interrupted: o.Interrupted(),
		Finds: append([]Find{}, x.finds...),
	}
}

// search is a Run in progress.
type search struct {
	Options
	began time.Time
	next  atomic.Int64

	mu    sync.Mutex
	finds []Find
}

// work takes seeds until there are none, the budget is used up, or somebody
// interrupts.
func (x *search) work() {
	for i := x.next.Add(1) - 1; i < int64(x.Seeds) && !x.over(); i = x.next.Add(1) - 1 {
		if find, ok := x.try(x.From + uint64(i)); ok {
			x.mu.Lock()
			if x.Found != nil {
				x.Found(&find)
			}
			x.finds = append(x.finds, find)
			x.mu.Unlock()
		}
	}
}

func (x *search) over() bool {
	return x.Interrupted() || (x.Budget > 0 && time.Since(x.began) >= x.Budget)
}

// try runs the scenario of one seed and shrinks it where it breaks a promise.
func (x *search) try(seed uint64) (Find, bool) {
	s := Draw(seed)
	trial := x.Try(s, x.Interrupted)
	if x.Twice && len(trial.Failures) == 0 && !trial.Interrupted {
		if again := x.Try(s, x.Interrupted); again.Hash != trial.Hash && !again.Interrupted {
			trial.Failures = append(trial.Failures, Failure{Promise: Repeatable, Text: "hash " + trial.Hash + ", then " + again.Hash})
		}
	}
	if trial.Interrupted {
		return Find{}, false
	}
	x.Progress.done.Add(1)
	if trial.Unfit != nil {
		trial.Failures = []Failure{{Promise: NoPanic, Text: "the drawn scenario cannot be run: " + trial.Unfit.Error()}}
	}
	if len(trial.Failures) == 0 {
		return Find{}, false
	}
	x.Progress.failing.Add(1)
	find := Find{Seed: seed, Failure: trial.Failures[0], Others: trial.Failures[1:], Scenario: s, Verdict: len(trial.Verdict) > 0}
	if trial.Unfit != nil || find.Failure.Promise == Repeatable || find.Failure.Promise == NoStall {
		// What differs from run to run, or takes a minute to be seen, is not shrunk.
		return find, true
	}
	x.Progress.shrinking.Add(1)
	defer x.Progress.shrinking.Add(-1)
	small := x.Subject.Shrink(s, trial, x.Options.Shrink, x.Interrupted)
	find.Scenario, find.Failure, find.Verdict, find.Runs = small.Scenario, small.Failure, small.Verdict, small.Runs
	return find, true
}
