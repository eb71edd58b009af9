package explore_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/explore"
)

// TestTheShippedPipelineKeepsItsPromises tries a few seeds; `shakedown explore`
// tries more.
func TestTheShippedPipelineKeepsItsPromises(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 8
	}
	report := explore.Run(explore.Options{From: 1, Seeds: seeds})
	require.Equal(t, seeds, report.Seeds)
	for _, f := range report.Finds {
		t.Errorf("seed %d: %s\nshakedown explore --from %d --seeds 1", f.Seed, f.Failure, f.Seed)
	}
}

// TestSeedsThatOnceFailed are finds of `shakedown explore`, each with a fault of
// the pipeline, of the ledger or of the draw that is gone.
func TestSeedsThatOnceFailed(t *testing.T) {
	for seed, why := range map[uint64]string{
		33:   "a batch that was given up could not be read back",
		80:   "two messages of one millisecond: one was called corrupted",
		285:  "a silence that was missed and called too early came in any order",
		343:  "two messages of the same bytes: one was called lost",
		1333: "an update without names failed for ever",
		6634: "a command for a device that had not connected yet",
	} {
		trial := explore.Subject{}.Try(explore.Draw(seed), nil)
		require.NoError(t, trial.Unfit)
		require.Empty(t, trial.Failures, "seed %d: %s", seed, why)
	}
}

// TestTheSameSeedRunsTheSameWay runs seeds on one and on two processors, beside
// each other, and once more.
func TestTheSameSeedRunsTheSameWay(t *testing.T) {
	seeds := 30
	if testing.Short() {
		seeds = 4
	}
	hashes := func(procs int) []string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		list := make([]string, seeds)
		var running sync.WaitGroup
		turn := make(chan struct{}, procs)
		for i := range list {
			running.Go(func() {
				turn <- struct{}{}
				defer func() { <-turn }()
				list[i] = explore.Subject{}.Try(explore.Draw(uint64(1000+i)), nil).Hash
			})
		}
		running.Wait()
		return list
	}
	one, two, again := hashes(1), hashes(2), hashes(2)
	for i := range seeds {
		require.NotEmpty(t, one[i], "seed %d", 1000+i)
		require.Equal(t, one[i], two[i], "seed %d: GOMAXPROCS 1 and 2, two bubbles at one time", 1000+i)
		require.Equal(t, two[i], again[i], "seed %d: twice", 1000+i)
	}
}
