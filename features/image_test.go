package features_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/shakedown-iot/shakedown/emulators/localstack"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// needDocker skips where no engine answers, unless SHAKEDOWN_DOCKER says that there
// is one.
func needDocker(t *testing.T) {
	err := localstack.Preflight(t.Context())
	if errors.Is(err, localstack.ErrNoDocker) && os.Getenv("SHAKEDOWN_DOCKER") == "" {
		t.Skipf("SKIPPED, NOTHING WAS TESTED: %v", err)
	}
	require.NoError(t, err)
}

// contained is a container of Shakedown's own image, for one scenario.
func contained(t *testing.T) scenarios.WorldOptions {
	image := os.Getenv("SHAKEDOWN_IMAGE")
	if image == "" {
		image = "shakedown:dev"
	}
	container, err := testcontainers.Run(t.Context(), image,
		testcontainers.WithExposedPorts("4566/tcp", "8883/tcp"),
		testcontainers.WithLabels(localstack.Labels()),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_localstack/health").WithPort("4566/tcp").WithStartupTimeout(time.Minute)))
	testcontainers.CleanupContainer(t, container)
	require.NoError(t, err)
	url, err := container.PortEndpoint(t.Context(), "4566/tcp", "http")
	require.NoError(t, err)
	broker, err := container.PortEndpoint(t.Context(), "8883/tcp", "")
	require.NoError(t, err)
	return scenarios.WorldOptions{Attach: url, BrokerAddr: broker}
}

// serve serves on loopback until the test has ended.
func serve(t *testing.T, handler http.Handler) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}
