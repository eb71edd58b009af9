package scenarios

import (
	"context"
	"net"
)

// Network is where the broker listens and devices dial: a memnet.Network, or
// the machine's own TCP.
type Network interface {
	Listen(addr string) (net.Listener, error)
	Dial(ctx context.Context, network, addr string) (net.Conn, error)
}
