package main

import (
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shakedown-iot/shakedown/scenarios/metrics"
)

const metricsUsage = "serve Prometheus metrics on this address, such as 127.0.0.1:9090; without a host it is loopback"

// serveMetrics answers scrapes of /metrics, under the name of the address too or the one
// that clients reach this machine by.
func serveMetrics(addr, reached string, c prometheus.Collector, stderr io.Writer) (*httpServer, error) {
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
	if reached == "" {
		reached = host
	}
	s := serveHTTP(l, "metrics", knownHostHere(nameOf(reached), mux))
	s.url += "metrics"
	fmt.Fprintf(stderr, "metrics   %s\n", s.url)
	return s, nil
}
