package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/metrics"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// A page of another site that has given its own name to this machine's address reads
// nothing, though its browser takes the answers for the page's own and names no origin.
// Names and addresses under which clients come are known.
func TestKnownHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1:4566": true, "[::1]:4566": true, "[::1]": true, "192.168.0.7:4566": true, "127.0.0.1.": true, "": true,
		"localhost:4566": true, "LOCALHOST": true, "localhost.:4566": true, "archive.s3.localhost:4566": true, "a1b2.execute-api.localhost:4566": true,
		"shakedown:4566": true, "localstack": true, "host.docker.internal:4566": true, "host.containers.internal": true, "laptop.local": true, "aws.svc": true,
		"archive.s3.us-east-1.amazonaws.com": true, "a1b2-ats.iot.us-east-1.amazonaws.com": true, "s3.localhost.localstack.cloud:4566": true,
		"iot.lab.example.org:4566": true, "archive.iot.lab.example.org": true, // --host
		"rebound.example.com:4566": false, "rebound.example.com": false, "example.org": false, "localhost.example.com": false,
		"127.0.0.1.example.com": false, "notlocalhost.com": false, "evil-localhost.localstack.cloud": false, "xamazonaws.com": false,
	} {
		called := false
		handler := knownHost("iot.lab.example.org", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		require.Equal(t, want, called, host)
		if !want {
			require.Equal(t, http.StatusMisdirectedRequest, w.Code, host)
		}
	}
}

// reading is the status of a GET under a name.
func reading(t *testing.T, url, host string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	r.Host = host
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	return answer.StatusCode
}

// up shows nothing to them.
func TestUpKnowsItsHosts(t *testing.T) {
	url := running(t) + "/_localstack/health"
	require.Equal(t, http.StatusMisdirectedRequest, reading(t, url, "rebound.example.com"))
	require.Equal(t, http.StatusOK, reading(t, url, "localhost.localstack.cloud:4566"))
	require.Equal(t, http.StatusOK, reading(t, url, "shakedown:4566"))
}

// Nor do the metrics, to whoever comes from this machine: whoever opens the address to a
// network has its names too.
func TestMetricsKnowTheirHosts(t *testing.T) {
	var counted traffic.Traffic
	served, err := serveMetrics("127.0.0.1:0", "", metrics.Cloud(counted.Snapshot), new(bytes.Buffer))
	require.NoError(t, err)
	require.Equal(t, http.StatusMisdirectedRequest, reading(t, served.url, "rebound.example.com"))
	require.Equal(t, http.StatusOK, reading(t, served.url, "prometheus-target:9090"))
	http.DefaultClient.CloseIdleConnections()
	require.NoError(t, served.close())

	for address, want := range map[string]int{"127.0.0.1": http.StatusMisdirectedRequest, "192.168.0.7": http.StatusOK} {
		at := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(address), Port: 9090})
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil).WithContext(at)
		r.Host = "build7.example.com:9090"
		w := httptest.NewRecorder()
		knownHostHere("", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
		require.Equal(t, want, w.Code, address)
	}
}
