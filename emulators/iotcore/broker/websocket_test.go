package broker

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page of another site that has given its own name to this machine's address, so that
// Origin and Host agree, does not connect; one at the name of the API does.
func TestPagesThatConnect(t *testing.T) {
	for origin, want := range map[string]bool{
		"": true, "http://localhost:3000": true, "http://app.localhost": true, "http://127.0.0.1:3000": true, "http://[::1]": true, "https://IoT.lan:4566": true,
		"http://rebound.example:4566": false, "http://192.168.0.8:4566": false, "null": false, "file://": false, "http://localhost.example": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://rebound.example:4566/mqtt", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		require.Equal(t, want, fromHere(r, "iot.lan"), origin)
	}
	r := httptest.NewRequest(http.MethodGet, "http://192.168.0.7:4566/mqtt", nil)
	r.Header.Set("Origin", "http://192.168.0.7:4566")
	require.True(t, fromHere(r, ""), "a page at this machine's address")
}
