package features_test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/features"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// TestPortable runs what holds on every backend on the one that SHAKEDOWN_BACKEND
// names: embedded; endpoint, at SHAKEDOWN_ENDPOINT or else at an embedded cloud
// behind a socket; localstack, in a container of SHAKEDOWN_IMAGE.
func TestPortable(t *testing.T) {
	if testing.Short() {
		t.Skip("real time is for the run without the race detector")
	}
	suite := features.Suite{FS: features.Files, Tags: "@portable"}
	switch name := os.Getenv("SHAKEDOWN_BACKEND"); name {
	case "embedded":
	case "", "endpoint":
		suite.World.Backend.Endpoint = endpoint(t)
	default:
		t.Fatalf("SHAKEDOWN_BACKEND=%s is none of embedded, endpoint, localstack", name)
	}
	suite.Run(t)
}

// endpoint is the server to run on: an embedded cloud on loopback unless another
// one is named.
func endpoint(t *testing.T) string {
	if url := os.Getenv("SHAKEDOWN_ENDPOINT"); url != "" {
		require.NoError(t, scenarios.Reach(t.Context(), scenarios.Backend{Endpoint: url}))
		return url
	}
	cloud, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	return server.URL
}
