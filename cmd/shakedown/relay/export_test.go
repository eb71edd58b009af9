package relay

import (
	"io"
	"net"
)

// Telling is a listener as a relay's process has it.
func Telling(l net.Listener, to io.Writer) net.Listener { return &telling{Listener: l, to: to} }

// Kill kills a relay's process.
func (r *Relay) Kill() { r.kill() }
