package relay

import (
	"net"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// listener accepts what the accepting relays have accepted.
type listener struct {
	addr     net.Addr
	ready    chan net.Conn
	done     chan struct{}
	close    sync.Once
	controls []*yamux.Stream
}

// add lets a relay accept.
func (l *listener) add(r *Relay) error {
	control, err := r.session.OpenStream()
	if err != nil {
		return err
	}
	l.controls = append(l.controls, control)
	return nil
}

// receive takes in the connections of one relay, until it has ended.
func (l *listener) receive(session *yamux.Session) {
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return
		}
		c, err := welcome(stream, l.addr)
		if err != nil {
			_ = stream.Close()
			continue
		}
		select {
		case l.ready <- c:
		case <-l.done:
			_ = c.Close()
		case <-session.CloseChan():
			return
		}
	}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.ready:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return l.addr }

// Close implements net.Listener: connections stay, and the address is free when it
// returns.
func (l *listener) Close() error {
	l.close.Do(func() {
		close(l.done)
		for _, control := range l.controls {
			_ = control.Close()
			_ = control.SetReadDeadline(time.Now().Add(stopTime))
			_, _ = readLine(control) // its end: the relay has closed the socket
		}
	})
	return nil
}
