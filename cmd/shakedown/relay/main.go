package relay

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
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
		return ServeAccept(ends, inherited, capacity)
	}
	return fmt.Errorf("relay: role %q is neither %s nor %s", role, Accept, Dial)
}

// inherited is the listening socket that the process was started with.
func inherited() (net.Listener, error) {
	file := os.NewFile(listenFile, "socket")
	defer file.Close() // the listener has a copy
	return net.FileListener(file)
}
