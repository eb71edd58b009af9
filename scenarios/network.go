package scenarios

import (
	"context"
	"net"
	"net/http"
)

// Network is where the broker listens and devices dial: a memnet.Network, or
// the machine's own TCP.
type Network interface {
	Listen(addr string) (net.Listener, error)
	Dial(ctx context.Context, network, addr string) (net.Conn, error)
}

// HTTPClient is what aws-sdk-go-v2 sends requests with. A World has one: faults,
// then the tap, then whatever a test puts in between, then the cloud.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}
