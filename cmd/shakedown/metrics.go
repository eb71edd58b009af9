package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shakedown-iot/shakedown/scenarios/metrics"
)

const metricsUsage = "serve Prometheus metrics on this address, such as 127.0.0.1:9090; without a host it is loopback"

// metricsServer answers scrapes of /metrics, outside any bubble.
type metricsServer struct {
	url    string
	server *http.Server
	ended  chan error
}

func serveMetrics(addr string, c prometheus.Collector, stderr io.Writer) (*metricsServer, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, usage(fmt.Errorf("--metrics %q is no address such as 127.0.0.1:9090", addr))
	}
	if host == "" {
		host = "127.0.0.1"
	}
	l, err := listen(net.JoinHostPort(host, port), "--metrics")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler(c))
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	s := &metricsServer{url: "http://" + l.Addr().String() + "/metrics", server: server, ended: make(chan error, 1)}
	go func() { s.ended <- server.Serve(l) }()
	fmt.Fprintf(stderr, "metrics   %s\n", s.url)
	return s, nil
}

// close stops listening and lets open requests finish.
func (s *metricsServer) close() error {
	patience, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.server.Shutdown(patience)
	if err != nil {
		err = s.server.Close()
	}
	if served := <-s.ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, fmt.Errorf("metrics: %w", served))
	}
	return err
}
