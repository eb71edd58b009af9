package relay

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/yamux"
)

// listenFile is the number that an accepting relay's socket has: the first after
// standard error.
const listenFile = 3

// Relay is one that was started: the near end of its pipe.
type Relay struct {
	session *yamux.Session
	// wait waits for the process and kill ends it; both may be nil.
	wait func() error
	kill func() error
}

// New is a relay at the other end of a pipe.
func New(pipe io.ReadWriteCloser) (*Relay, error) {
	session, err := yamux.Server(pipe, settings())
	if err != nil {
		return nil, err
	}
	return &Relay{session: session}, nil
}

// Process starts this program again, as a relay.
func Process(role Role, socket *os.File) (*Relay, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, Command, string(role))
	cmd.Stderr = os.Stderr
	if socket != nil {
		cmd.ExtraFiles = []*os.File{socket}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r, err := New(stdio{out, in})
	if err != nil {
		return nil, errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	r.wait, r.kill = cmd.Wait, cmd.Process.Kill
	return r, nil
}

// end closes the pipe and waits for the process.
func (r *Relay) end() error {
	err := r.session.Close()
	if r.wait == nil {
		return err
	}
	late := time.AfterFunc(stopTime, func() { _ = r.kill() })
	defer late.Stop()
	if failed := r.wait(); failed != nil {
		err = errors.Join(err, fmt.Errorf("relay: %w", failed))
	}
	return err
}
