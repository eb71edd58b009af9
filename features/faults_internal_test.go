package features

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/explore"
)

// TestAWrittenFeatureFailsAsItWasFound writes a find as `shakedown explore` does
// and runs its feature.
func TestAWrittenFeatureFailsAsItWasFound(t *testing.T) {
	s, err := scenarios.Parse([]byte(`
name: lossy
clock: virtual
duration: 5m
drain: 26h
pipeline: {variant: as-published, shards: 1}
fleet: [{name: s, count: 1, interval: 1m}]
`))
	require.NoError(t, err)
	trial := explore.Subject{}.Try(s, nil)
	require.NotEmpty(t, trial.Failures)
	folder := t.TempDir()
	_, err = explore.Find{Seed: 7, Failure: trial.Failures[0], Scenario: s, Verdict: true}.Write(folder, "test")
	require.NoError(t, err)

	suite := Suite{FS: os.DirFS(folder)}
	places, err := suite.places()
	require.NoError(t, err)
	require.Len(t, places, 1)
	_, err = suite.one(places[0])
	require.ErrorContains(t, err, trial.Failures[0].String())
}
