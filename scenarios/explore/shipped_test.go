package explore_test

import (
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
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

// TestWhatWasFoundOnce runs what `shakedown explore` has found, each a fault of the
// pipeline or of the ledger that is gone.
func TestWhatWasFoundOnce(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		s, err := scenarios.Load(file)
		require.NoError(t, err)
		trial := explore.Subject{}.Try(s, nil)
		require.NoError(t, trial.Unfit)
		require.Empty(t, trial.Failures, "shakedown explore --replay scenarios/explore/%s", file)
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
