package memnet

import "net"

// Reset breaks any connection, as a router in the middle would: one of this
// package, a TCP connection (RST instead of FIN), or either inside wrappers that
// have a NetConn method, such as *tls.Conn, which then sends no close_notify. Any
// other connection is closed.
func Reset(c net.Conn) error {
	for {
		switch inner := c.(type) {
		case interface{ Reset() error }:
			return inner.Reset()
		case interface{ SetLinger(sec int) error }:
			_ = inner.SetLinger(0) // an error means that it is closed already
			return c.Close()
		case interface{ NetConn() net.Conn }:
			c = inner.NetConn()
		default:
			return c.Close()
		}
	}
}
