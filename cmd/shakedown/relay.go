package main

import (
	"fmt"
	"net"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/relay"
)

// canRelay tells that a process can hand a listening socket to another.
const canRelay = runtime.GOOS != "windows"

// dialTime bounds a relay's dial on loopback.
const dialTime = 30 * time.Second

// newRelay is the command of the processes that hold a run's sockets.
func newRelay() *cobra.Command {
	return &cobra.Command{
		Use:    relay.Command + " accept|dial",
		Short:  "Hold sockets for a run; only a run starts it",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := openFiles(relayFiles)
			if err != nil {
				return environment(fmt.Errorf("limit of open files: %w", err), "")
			}
			if err := relay.Main(relay.Role(args[0]), int(files)-spareFiles, dialFrom); err != nil {
				return environment(err, "")
			}
			return nil
		},
	}
}

// relayFiles are as many open files as a relay asks for.
const relayFiles = 1 << 17

// dialFrom dials on loopback, from a source address where there are many.
func dialFrom(source, address string) (net.Conn, error) {
	d := net.Dialer{KeepAlive: -1, Timeout: dialTime} // as loopback's
	if manyLoopbacks {
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(source)}
	}
	return d.Dial("tcp", address)
}
