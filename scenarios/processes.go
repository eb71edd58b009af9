package scenarios

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/pipeline"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// Processes lets functions run as processes of this machine, over the Lambda
// Runtime API. They live in real time only.
type Processes struct {
	// Listen makes a listener on loopback: one a process, and one for the AWS
	// endpoint that processes call where Package is set.
	Listen func() (net.Listener, error)
	// Package is the zip with the bootstrap of one of the pipeline's functions, as
	// `make lambda` builds it: these run in place of the handlers in this process.
	// Nil leaves the pipeline in this process, and only functions that others
	// create are processes.
	Package func(function string) ([]byte, error)
	// Output is told every line that functions log; nil is fine.
	Output func(process.Line)
}

// host is what the cloud needs of it.
func (p *Processes) host() *process.Host {
	if p == nil {
		return nil
	}
	return &process.Host{Listen: p.Listen, Output: p.Output}
}

// runsPipeline tells that the pipeline's functions are processes.
func (o WorldOptions) runsPipeline() bool { return o.Processes != nil && o.Processes.Package != nil }

// validate tells what of a scenario processes cannot do.
func (p *Processes) validate(s *Scenario) error {
	if p == nil {
		return nil
	}
	if s.Clock == VirtualClock {
		return errors.New("functions as processes: processes live in real time; use clock: real")
	}
	for _, f := range s.Faults {
		switch f.Kind {
		case simfault.FunctionError, simfault.FunctionErrorAfter, simfault.FunctionPanic, simfault.FunctionTimeout:
			return fmt.Errorf("functions as processes: fault %s acts on handlers in this process only", f.Kind)
		}
	}
	return nil
}

// endpoint is where the pipeline's processes reach the cloud.
type endpoint struct {
	listener net.Listener
	server   *http.Server
	served   chan error
}

// openEndpoint listens, before there is a cloud, which must know its address.
func (w *World) openEndpoint() error {
	if !w.options.runsPipeline() {
		return nil
	}
	if w.options.Pipeline.Variant == PublishedPipeline {
		return fmt.Errorf("functions as processes: the %s pipeline has no bootstraps, only handlers in this process", PublishedPipeline)
	}
	l, err := w.options.Processes.Listen()
	if err != nil {
		return fmt.Errorf("listen for the functions' calls: %w", err)
	}
	w.endpoint = &endpoint{listener: l, served: make(chan error, 1)}
	w.options.Endpoint = "http://" + l.Addr().String()
	return nil
}

// serve lets calls through faults and taps, as every other client's of the
// pipeline.
func (e *endpoint) serve(client HTTPClient) {
	quiet := slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	here := &url.URL{Scheme: "http", Host: e.listener.Addr().String()}
	e.server = &http.Server{
		Handler: &httputil.ReverseProxy{
			Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(here) },
			Transport: transport{client}, ErrorLog: quiet,
		},
		ReadHeaderTimeout: handshakeTimeout, ErrorLog: quiet,
	}
	go func() { e.served <- e.server.Serve(e.listener) }()
}

// close ends the endpoint; a nil one, and one that never served, too.
func (e *endpoint) close() error {
	if e == nil {
		return nil
	}
	if e.server == nil {
		return e.listener.Close()
	}
	patience, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := e.server.Shutdown(patience)
	if err != nil {
		err = e.server.Close()
	}
	if served := <-e.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("the functions' endpoint: %w", served))
	}
	return err
}

// transport is an HTTPClient as http.RoundTripper.
type transport struct{ HTTPClient }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t.Do(r) }

// packaged is the pipeline's configuration with the functions' packages.
func (w *World) packaged() pipeline.Config {
	c := w.Pipeline
	if w.options.runsPipeline() {
		c.Code = w.options.Processes.Package
	}
	return c
}
