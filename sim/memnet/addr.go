package memnet

import (
	"fmt"
	"net"
	"strconv"
)

// Addr is an address of the form host:port.
type Addr string

// Network implements net.Addr; it is "tcp".
func (Addr) Network() string { return "tcp" }

// String implements net.Addr.
func (a Addr) String() string { return string(a) }

// firstPort is where the ports of dialers and of listeners on port 0 begin.
const firstPort = 40000

// ephemeral is the n-th dialer's address: one host each for the first 16 million.
func ephemeral(n uint64) Addr {
	host := net.IPv4(10, byte(n>>16), byte(n>>8), byte(n))
	return Addr(fmt.Sprintf("%s:%d", host, firstPort+(n>>24)%(1<<16-firstPort)))
}

// split checks that addr is host:port with a numeric port.
func split(addr string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, &net.AddrError{Err: "invalid port", Addr: addr}
	}
	return host, port, nil
}

// wildcard tells that a listener on this host serves every host name.
func wildcard(host string) bool { return host == "" || host == "0.0.0.0" || host == "::" }
