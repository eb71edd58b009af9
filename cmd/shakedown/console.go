package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/console"
)

// consoleAddr is where the console is when nothing else is said; noConsole is said
// to have none.
const (
	consoleAddr = "127.0.0.1:4580"
	noConsole   = "none"
)

// consoleServer is the console's listener. Until a world is there to be shown it
// says so.
type consoleServer struct {
	*httpServer
	handler atomic.Pointer[console.Console]
}

// openConsole listens on loopback, and nowhere else: there is no log-in. With
// orAny a port that is taken is no error, another is found.
func openConsole(addr string, orAny bool) (*consoleServer, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, usage(fmt.Errorf("--console %q is no address such as %s", addr, consoleAddr))
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, usage(fmt.Errorf("--console %s is not on loopback, and the console has no log-in: use %s, and ssh -L to see it from elsewhere", addr, consoleAddr))
	}
	l, err := listen(addr, "--console")
	if err != nil && orAny {
		l, err = listen(net.JoinHostPort(host, "0"), "--console")
	}
	if err != nil {
		return nil, err
	}
	s := &consoleServer{}
	s.httpServer = serveHTTP(l, "console", s)
	return s, nil
}

// show lets the console show a world from now on.
func (s *consoleServer) show(world *scenarios.World, title string, log *slog.Logger) error {
	c, err := console.New(console.Config{
		AWS: world.Observer(), Pipeline: world.Pipeline, Deployed: world.Deployed, Traffic: world.Traffic().Snapshot, Title: title, Log: log,
	})
	if err != nil {
		return err
	}
	s.handler.Store(c)
	return nil
}

// ServeHTTP implements http.Handler.
func (s *consoleServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c := s.handler.Load(); c != nil {
		c.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Retry-After", "1")
	w.Header().Set("Refresh", "1")
	http.Error(w, "The pipeline is being deployed. This page asks again in a second.", http.StatusServiceUnavailable)
}

// watchRun opens a run's console and arranges that it shows the run's world.
func watchRun(addr string, options *scenarios.RunOptions, stderr io.Writer) (*consoleServer, error) {
	if options.Scenario.Clock != scenarios.RealClock {
		return nil, usage(fmt.Errorf("--console: %s runs in virtual time, in which nobody can look on: use clock: real", options.Scenario.Name))
	}
	s, err := openConsole(addr, false)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(stderr, "console   %s\n", s.url)
	options.Started = func(world *scenarios.World) error { return s.show(world, options.Scenario.Name, options.Log) }
	return s, nil
}

// consoleOf takes the address of `--console 127.0.0.1:4580` out of the arguments,
// where a flag whose value may be left out leaves it.
func (f *runFlags) consoleOf(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		_, port, err := net.SplitHostPort(arg)
		if err != nil || f.console == noConsole || len(args) < 2 {
			return false
		}
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return false
		}
		f.console = arg
		return true
	})
}
