package scenarios

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/pipeline"
)

// Backend is where the stores are: see emulators.Backend.
type Backend = emulators.Backend

// ErrVirtualBackend says that a server elsewhere knows no virtual time.
var ErrVirtualBackend = errors.New("the scenario has `clock: virtual`, and a server outside this process keeps real time: use the embedded backend, or `clock: real` in a copy of the scenario")

// CheckBackend tells whether a scenario can run on a backend.
func CheckBackend(s *Scenario, b Backend) error {
	if b.Remote() && s.Clock == VirtualClock {
		return ErrVirtualBackend
	}
	return b.Validate()
}

// reachTimeout bounds the wait for an endpoint to take a connection.
const reachTimeout = 5 * time.Second

// Reach tells whether something listens at a backend's endpoint.
func Reach(ctx context.Context, b Backend) error {
	if !b.Remote() {
		return nil
	}
	u, err := url.Parse(b.Endpoint)
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme // a service name, which dialing looks up
	}
	conn, err := (&net.Dialer{Timeout: reachTimeout}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return fmt.Errorf("endpoint %s: %w", b.Endpoint, err)
	}
	return conn.Close()
}

// ownNames gives the stores names that no other run has: a server elsewhere keeps
// what earlier runs stored, and several may use it at a time.
func ownNames(c *pipeline.Config) {
	var id [4]byte
	rand.Read(id[:])
	suffix := "-sd" + hex.EncodeToString(id[:])
	for _, name := range []*string{&c.Stream, &c.Bucket, &c.Table, &c.AlertTopic, &c.ErrorTopic, &c.DeadLetters} {
		*name += suffix
	}
}
