package relay

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// Command is the hidden command that starts a relay; its argument is a Role.
const Command = "relay"

// Role is which end of TCP connections a relay holds.
type Role string

// The roles.
const (
	Accept Role = "accept"
	Dial   Role = "dial"
)

// ServeAccept accepts up to capacity connections at a time and gives each to the
// other end of the pipe, as a stream that begins with the remote address in a line.
// The first stream is opened by the other end and stays: it begins to listen then,
// and when that stream is closed, so is the listener, and what has been accepted
// goes on to its end.
func ServeAccept(pipe io.ReadWriteCloser, listen func() (net.Listener, error), capacity int) error {
	session, err := yamux.Client(pipe, settings())
	if err != nil {
		return err
	}
	defer session.Close()
	control, err := session.AcceptStream()
	if err != nil {
		return nil // the other end is done
	}
	listener, err := listen()
	if err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	var carried sync.WaitGroup
	carried.Go(func() { accept(session, listener, capacity, &carried) })
	_, _ = io.Copy(io.Discard, control) // until the other end closes it, or is gone
	_ = listener.Close()
	_ = control.Close() // tells that the address is free
	carried.Wait()
	return nil
}

// acceptPause is how long a relay waits where the machine is out of open files, say.
const acceptPause = 100 * time.Millisecond

// accept accepts until the listener is closed or the other end is gone.
func accept(session *yamux.Session, listener net.Listener, capacity int, carried *sync.WaitGroup) {
	free := make(chan struct{}, capacity)
	for {
		select {
		case free <- struct{}{}:
		case <-session.CloseChan():
			return
		}
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			<-free
			time.Sleep(acceptPause)
			continue
		}
		carried.Go(func() {
			defer func() { <-free }()
			accepted(session, conn)
		})
	}
}

// accepted carries one connection that came in.
func accepted(session *yamux.Session, conn net.Conn) {
	defer conn.Close()
	stream, err := session.OpenStream()
	if err != nil {
		return
	}
	defer stream.Close()
	if _, err := fmt.Fprintln(stream, conn.RemoteAddr()); err != nil {
		return
	}
	carry(stream, conn)
}

// ServeDial dials for the other end of the pipe: a stream begins with the source
// and the destination in a line and is answered by one, "ok" and the local address
// or what was wrong.
func ServeDial(pipe io.ReadWriteCloser, dial func(source, address string) (net.Conn, error)) error {
	session, err := yamux.Client(pipe, settings())
	if err != nil {
		return err
	}
	defer session.Close()
	var carried sync.WaitGroup
	defer carried.Wait()
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return nil // the other end is done
		}
		carried.Go(func() { dialed(stream, dial) })
	}
}

// dialed carries one connection that goes out.
func dialed(stream *yamux.Stream, dial func(source, address string) (net.Conn, error)) {
	defer stream.Close()
	line, err := readLine(stream)
	if err != nil {
		return
	}
	source, address, _ := strings.Cut(line, " ")
	conn, err := dial(source, address)
	if err != nil {
		fmt.Fprintln(stream, oneLine(err))
		return
	}
	defer conn.Close()
	if _, err := fmt.Fprintln(stream, okay, conn.LocalAddr()); err != nil {
		return
	}
	carry(stream, conn)
}

// okay begins the answer to a dial that succeeded.
const okay = "ok"

func oneLine(err error) string {
	text := strings.ReplaceAll(err.Error(), "\n", "; ")
	return text[:min(len(text), maxLine-1)]
}
