package relay

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Main is the relay's process: it serves its standard input and output to the end.
// It holds as many connections as capacity says, and ignores signals: whoever has
// started it closes the pipe when all is done, or is killed.
func Main(role Role, capacity int, dial func(source, address string) (net.Conn, error)) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	ends := stdio{os.Stdin, os.Stdout}
	switch role {
	case Dial:
		return ServeDial(ends, dial)
	case Accept:
		if capacity < 1 {
			return errors.New("relay: there are not enough open files for one connection")
		}
		listen := func() (net.Listener, error) {
			l, err := inherited()
			return &telling{Listener: l, to: os.Stderr}, err
		}
		return ServeAccept(ends, listen, capacity)
	}
	return fmt.Errorf("relay: role %q is neither %s nor %s", role, Accept, Dial)
}

// inherited is the listening socket that the process was started with.
func inherited() (net.Listener, error) {
	file := os.NewFile(listenFile, "socket")
	defer file.Close() // the listener has a copy
	return net.FileListener(file)
}

// telling is a listener that tells once why a connection has to wait to be accepted:
// devices only see that nobody answers.
type telling struct {
	net.Listener
	to   io.Writer
	once sync.Once
}

// Accept implements net.Listener.
func (l *telling) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		l.once.Do(func() { fmt.Fprintln(l.to, "shakedown: a relay cannot accept connections, and goes on trying:", err) })
	}
	return conn, err
}
