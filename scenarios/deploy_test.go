package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios"
)

func TestDeployTwiceChangesNothing(t *testing.T) {
	w, err := scenarios.NewWorld(t.Context(), scenarios.WorldOptions{})
	require.NoError(t, err)
	defer func() { require.NoError(t, w.Close()) }()
	require.Contains(t, w.Deployed.Created, "rule TelemetryToKinesis")
	again, err := pipeline.Deploy(t.Context(), w.AWS, w.Pipeline)
	require.NoError(t, err)
	require.Empty(t, again.Created)
	require.Equal(t, w.Deployed.APIEndpoint, again.APIEndpoint)
	require.Equal(t, w.Deployed.DeadLetterURL, again.DeadLetterURL)
}
