package relay

import (
	"errors"
	"io"
	"os"
	"os/exec"

	"github.com/hashicorp/yamux"
)

// listenFile is the number that an accepting relay's socket has: the first after
// standard error.
const listenFile = 3

// Relay is one that was started: the near end of its pipe.
type Relay struct {
	session *yamux.Session
	process *exec.Cmd // nil where the relay is none
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
	r.process = cmd
	return r, nil
}

// wait waits for the end of the pipe, with all that was written into it, and then
// for that of the process.
func (r *Relay) wait() error {
	<-r.session.CloseChan()
	if r.process == nil {
		return nil
	}
	return r.process.Wait()
}

func (r *Relay) kill() {
	if r.process != nil {
		_ = r.process.Process.Kill()
	}
}
