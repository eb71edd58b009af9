package relay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/hashicorp/yamux"
)

// conn is one relayed connection, as this process sees it: with the addresses of
// the socket that the relay holds.
type conn struct {
	*yamux.Stream
	local, remote net.Addr
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// welcome makes a connection of a stream that an accepting relay has opened.
func welcome(stream *yamux.Stream, local net.Addr) (*conn, error) {
	line, err := readLine(stream)
	if err != nil {
		return nil, err
	}
	remote, err := netip.ParseAddrPort(line)
	if err != nil {
		return nil, err
	}
	return &conn{stream, local, net.TCPAddrFromAddrPort(remote)}, nil
}

// call asks a dialing relay for a connection from source to address.
func call(ctx context.Context, session *yamux.Session, source, address string) (*conn, error) {
	stream, err := session.OpenStream()
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = stream.SetDeadline(time.Unix(1, 0)) })
	c, err := ask(stream, source, address)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, stream.Close())
	}
	return c, nil
}

// ask speaks the first lines of a stream to a dialing relay.
func ask(stream *yamux.Stream, source, address string) (*conn, error) {
	if _, err := fmt.Fprintln(stream, source, address); err != nil {
		return nil, err
	}
	line, err := readLine(stream)
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(line, okay+" ")
	if !ok {
		return nil, errors.New(line)
	}
	local, err := netip.ParseAddrPort(text)
	if err != nil {
		return nil, err
	}
	remote, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, err
	}
	return &conn{stream, net.TCPAddrFromAddrPort(local), net.TCPAddrFromAddrPort(remote)}, nil
}
