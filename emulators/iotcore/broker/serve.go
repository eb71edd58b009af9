package broker

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"sync"
	"time"
)

// errStopped refuses what comes after the Core has stopped.
var errStopped = errors.New("iot core has stopped")

// Serve accepts connections until ctx ends or the listener fails; then it ends
// those it accepted and waits for them.
func (b *Broker) Serve(ctx context.Context, listener net.Listener) error {
	group := &connGroup{broker: b, cancel: make(chan struct{}), links: map[*link]bool{}}
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	err := group.accept(ctx, listener)
	_ = listener.Close()
	group.end()
	if ctx.Err() != nil || errors.Is(err, errStopped) {
		return nil
	}
	return fmt.Errorf("serve %s: %w", listener.Addr(), err)
}

// connGroup is the connections of one listener.
type connGroup struct {
	broker *Broker
	cancel chan struct{}

	mu    sync.Mutex
	links map[*link]bool
	wait  sync.WaitGroup
}

func (g *connGroup) accept(ctx context.Context, listener net.Listener) error {
	pause := time.Duration(0)
	for {
		conn, err := listener.Accept()
		if err == nil {
			pause = 0
			if err := g.admit(conn); err != nil {
				return err
			}
			continue
		}
		var temporary interface{ Temporary() bool }
		if ctx.Err() != nil || !errors.As(err, &temporary) || !temporary.Temporary() {
			return err
		}
		// Out of file descriptors, for example: as in net/http, wait and go on.
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// admit starts the goroutine of one connection.
func (g *connGroup) admit(conn net.Conn) error {
	var inner *patient
	if w, ok := conn.(waiter); ok {
		inner = &patient{waiter: w}
		conn = inner
	}
	secure := tls.Server(conn, g.broker.tls)
	l := &link{
		Conn: secure, patient: inner, reader: bufio.NewReaderSize(secure, readBuffer), protocol: 4,
		ip: host(conn.RemoteAddr()), start: time.Now(), cancel: g.cancel, done: make(chan struct{}),
	}
	if err := g.broker.enlist(l); err != nil {
		_ = conn.Close()
		if errors.Is(err, errStopped) {
			return err
		}
		g.broker.refuse(l, err.Error())
		return nil
	}
	g.mu.Lock()
	g.links[l] = true
	g.mu.Unlock()
	g.wait.Add(1)
	// A handshake needs a large stack, which ends with its goroutine.
	go func() {
		if !g.broker.greet(l) {
			g.forget(l)
			return
		}
		go g.serve(l)
	}()
	return nil
}

// serve takes the packets of a link that have come, until it ends. Nearly all links
// wait: a goroutine that has read has a large stack, so none waits where the
// connection can call.
func (g *connGroup) serve(l *link) {
	for {
		wait, over := g.broker.turn(l)
		if over {
			g.forget(l)
			return
		}
		if wait {
			l.patient.WhenReadable(func() { g.serve(l) })
			return
		}
	}
}

// forget takes out a connection of which nothing is left.
func (g *connGroup) forget(l *link) {
	close(l.done)
	g.mu.Lock()
	delete(g.links, l)
	g.mu.Unlock()
	g.broker.delist(l)
	g.wait.Done()
}

// end ends all connections. Their wills and last events wait for room in the
// rules queue, but not for ever.
func (g *connGroup) end() {
	g.mu.Lock()
	links := slices.Collect(maps.Keys(g.links))
	g.mu.Unlock()
	for _, l := range links {
		l.stop(serverInitiated, "the broker is stopping")
	}
	giveUp := time.AfterFunc(closeGrace, func() { close(g.cancel) })
	defer giveUp.Stop()
	g.wait.Wait()
}

func (b *Broker) enlist(l *link) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return errStopped
	case len(b.links) >= maxConnections:
		return fmt.Errorf("the broker has %d connections, the most it takes", len(b.links))
	}
	b.links[l] = true
	b.handlers.Add(1)
	return nil
}

func (b *Broker) delist(l *link) {
	b.mu.Lock()
	delete(b.links, l)
	b.mu.Unlock()
	b.handlers.Done()
}
