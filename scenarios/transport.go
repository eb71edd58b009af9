package scenarios

import (
	"errors"
	"fmt"
)

// Transport says what carries the bytes between devices and broker. TLS is spoken
// over either.
type Transport string

// The transports: connections in memory, and the machine's own sockets. In virtual
// time there are only the former: a socket waits for the kernel, which knows no
// bubble.
const (
	MemoryTransport Transport = "memory"
	TCPTransport    Transport = "tcp"
)

// validate tells why a transport cannot be had with a clock.
func (t Transport) validate(c Clock) error {
	switch {
	case t == "": // the default, in a scenario that was not read from YAML
		return nil
	case t != MemoryTransport && t != TCPTransport:
		return fmt.Errorf("transport: %q is neither %s nor %s", t, MemoryTransport, TCPTransport)
	case t == TCPTransport && c == VirtualClock:
		return fmt.Errorf("transport: %s needs clock: %s; in virtual time nobody opens a socket", t, RealClock)
	}
	return nil
}

// errNoNetwork says that a caller of Run has opened no sockets for a scenario that
// wants them.
var errNoNetwork = errors.New("transport: tcp, but the run was given no network")
