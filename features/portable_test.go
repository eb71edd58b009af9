package features_test

import (
	"context"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/localstack"
	"github.com/shakedown-iot/shakedown/features"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// TestPortable runs what holds on every backend on the one that SHAKEDOWN_BACKEND
// names: embedded; endpoint, at SHAKEDOWN_ENDPOINT or else at an embedded cloud
// behind a socket; localstack, in a container of SHAKEDOWN_IMAGE; attached, a whole
// cloud behind sockets, or image, the same in a container of SHAKEDOWN_IMAGE.
func TestPortable(t *testing.T) {
	if testing.Short() {
		t.Skip("real time is for the run without the race detector")
	}
	suite := features.Suite{FS: features.Files, Tags: "@portable"}
	switch name := os.Getenv("SHAKEDOWN_BACKEND"); name {
	case "embedded":
	case "", "endpoint":
		suite.World.Backend.Endpoint = endpoint(t)
	case "localstack":
		suite.World.Backend.Endpoint = stack(t)
	case "attached":
		suite.Fresh = attached
	case "image":
		needDocker(t)
		suite.Fresh = contained
	default:
		t.Fatalf("SHAKEDOWN_BACKEND=%s is none of embedded, endpoint, localstack, attached, image", name)
	}
	suite.Run(t)
}

// TestAttached is one feature, device to store and back, against a whole cloud that
// is only reached by sockets: HTTP, and MQTT over TLS with certificates from its
// API. SHAKEDOWN_BACKEND=attached runs all of them so.
func TestAttached(t *testing.T) {
	features.Suite{FS: features.Files, Paths: []string{"alerts.feature"}, Tags: "@portable", Fresh: attached}.Run(t)
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
	return serve(t, cloud).URL
}

// stack is a LocalStack, or the image that stands in for it.
func stack(t *testing.T) string {
	needDocker(t)
	container, err := localstack.Start(t.Context(), localstack.Config{Image: os.Getenv("SHAKEDOWN_IMAGE"), AuthToken: os.Getenv("LOCALSTACK_AUTH_TOKEN")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, container.Close()) })
	return container.Endpoint()
}

// attached is a world as `shakedown up` makes it, seen from outside.
func attached(t *testing.T) scenarios.WorldOptions {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	world, err := scenarios.NewWorld(t.Context(), scenarios.WorldOptions{
		Network: oneListener{listener}, BrokerAddr: listener.Addr().String(), Forget: true,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, world.Close()) })
	return scenarios.WorldOptions{Attach: serve(t, world.Handler()).URL}
}

// oneListener is a network whose listener is open.
type oneListener struct{ net.Listener }

func (l oneListener) Listen(string) (net.Listener, error) { return l.Listener, nil }

func (l oneListener) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, addr)
}
