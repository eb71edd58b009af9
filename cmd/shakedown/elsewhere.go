package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/shakedown-iot/shakedown/hardware"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// elsewhere are boards that come over the network: the ledger knows them from the
// broker on.
type elsewhere struct {
	certs string
	w     io.Writer
}

// boardPatience is how long a run waits for a board to connect.
const boardPatience = 10 * time.Minute

// Attach implements scenarios.Outsider: it writes the thing's certificates, says
// what to do with them, and waits for the thing.
func (e elsewhere) Attach(ctx context.Context, s scenarios.Slot) error {
	folder := filepath.Join(e.certs, s.Thing)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return environment(err, "choose another folder with --certs")
	}
	for _, file := range []struct {
		name string
		text []byte
		mode os.FileMode
	}{
		{hardware.KeyFile, s.KeyPEM, 0o600},
		{hardware.CertificateFile, s.CertificatePEM, 0o644},
		{hardware.AuthorityFile, s.AuthorityPEM, 0o644},
	} {
		if err := writeNew(filepath.Join(folder, file.name), string(file.text), file.mode); err != nil {
			return environment(err, "choose another folder with --certs: each run has an authority of its own")
		}
	}
	fmt.Fprintf(e.w, "waiting for %s. With the folder %s copied to the board:\n  shakedown sensor --thing %s --certs %s --host %s --interval %s\n",
		s.Thing, folder, s.Thing, s.Thing, s.Broker, s.Interval)
	deadline := time.Now().Add(boardPatience)
	for !s.Connected() {
		switch {
		case s.Interrupted() || ctx.Err() != nil:
			return environment(errors.New("interrupted before the board had connected"), "")
		case time.Now().After(deadline):
			return environment(fmt.Errorf("no connection within %s", boardPatience), "can the board reach "+s.Broker+"? Is that address in --mqtt this machine's?")
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
	fmt.Fprintf(e.w, "%s is connected\n", s.Thing)
	return nil
}

// Run implements scenarios.Outsider: the board lives its own life.
func (elsewhere) Run(ctx context.Context, _ scenarios.Slot) error {
	<-ctx.Done()
	return nil
}

// plainTCP is a Network of the machine's interfaces.
type plainTCP struct{}

// Listen implements scenarios.Network.
func (plainTCP) Listen(addr string) (net.Listener, error) { return net.Listen("tcp", addr) }

// Dial implements scenarios.Network.
func (plainTCP) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, addr)
}
