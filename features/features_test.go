package features_test

import (
	"flag"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/features"
)

// TestMain lets many scenarios run side by side in real time: they mostly wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

func TestFeatures(t *testing.T) {
	suite := features.Suite{FS: features.Files, Board: playTape}
	if testing.Short() {
		// A day of retries is for the run without the race detector.
		suite.Tags = "~@slow"
	}
	suite.Run(t)
}

// TestHash runs the whole suite again on one and on two processors: each
// scenario must come out the same.
func TestHash(t *testing.T) {
	if testing.Short() {
		t.Skip("the suite thrice is for make test-e2e")
	}
	hashes := map[int]string{}
	for _, procs := range []int{1, 2} {
		before := runtime.GOMAXPROCS(procs)
		hashes[procs] = features.Suite{FS: features.Files, Board: playTape}.Run(t)
		runtime.GOMAXPROCS(before)
	}
	again := features.Suite{FS: features.Files, Board: playTape}.Run(t)
	require.Equal(t, hashes[1], hashes[2], "GOMAXPROCS 1 and 2")
	require.Equal(t, hashes[2], again, "twice")
}
