package relay

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

// Main is the relay's process: it serves its standard input and output to the end.
// It holds as many connections as capacity says, and ignores Ctrl-C: whoever has
// started it closes the pipe when all is done.
func Main(role Role, capacity int, dial func(source, address string) (net.Conn, error)) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ends := stdio{os.Stdin, os.Stdout}
	switch role {
	case Dial:
		return ServeDial(ends, dial)
	case Accept:
		file := os.NewFile(listenFile, "socket")
		defer file.Close()
		listener, err := net.FileListener(file)
		if err != nil {
			return fmt.Errorf("relay: %w", err)
		}
		_ = file.Close() // the listener has a copy
		return ServeAccept(ends, listener, capacity)
	}
	return fmt.Errorf("relay: role %q is neither %s nor %s", role, Accept, Dial)
}
