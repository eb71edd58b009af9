package explore

import (
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// Bounds are those of shrinking one scenario.
type Bounds struct {
	// Runs is how many smaller scenarios are tried at most; 300 when zero.
	Runs int
	// Time is the real time that it may take; one minute when zero.
	Time time.Duration
}

func (b Bounds) withDefaults() Bounds {
	if b.Runs <= 0 {
		b.Runs = 300
	}
	if b.Time <= 0 {
		b.Time = time.Minute
	}
	return b
}

// Shrunk is the smallest scenario found that still breaks the promise.
type Shrunk struct {
	Scenario *scenarios.Scenario
	Failure  Failure
	// Verdict tells whether `shakedown run` calls it failed.
	Verdict bool
	// Runs is how many scenarios were tried.
	Runs int
}

// Shrink makes the scenario of a trial smaller as long as its first failure stays
// of its kind. Each
// candidate that fails in the same way is where the next ones start from, until
// none does or the bounds are reached: what is left is a local minimum.
func (subject Subject) Shrink(s *scenarios.Scenario, t Trial, b Bounds, interrupted func() bool) Shrunk {
	b = b.withDefaults()
	f := t.Failures[0]
	best := Shrunk{Scenario: s, Failure: f, Verdict: len(t.Verdict) > 0}
	until := time.Now().Add(b.Time)
	over := func() bool {
		return best.Runs >= b.Runs || !time.Now().Before(until) || (interrupted != nil && interrupted())
	}
	// still tries a candidate and keeps it if it breaks the promise.
	still := func(candidate *scenarios.Scenario) bool {
		if Legitimate(candidate.Faults) != nil || candidate.Validate() != nil {
			return false
		}
		best.Runs++
		trial := subject.Try(candidate, interrupted)
		i := slices.IndexFunc(trial.Failures, f.Like)
		if i < 0 || trial.Interrupted {
			return false
		}
		best.Scenario, best.Failure, best.Verdict = candidate, trial.Failures[i], len(trial.Verdict) > 0
		return true
	}
	for smaller := true; smaller && !over(); {
		smaller = false
		for _, r := range reductions {
			// The same reduction again and again: one that helped mostly helps more.
			for i := 0; !over(); {
				candidate, more := r(best.Scenario, i)
				if !more {
					break
				}
				if candidate != nil && still(candidate) {
					smaller = true
					continue
				}
				i++
			}
		}
	}
	return best
}
