package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWebServersAreCalledOnLoopbackOnly(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
	}))
	defer server.Close()
	client := loopbackWeb()
	defer client.CloseIdleConnections()
	answer, err := client.Get(server.URL)
	require.NoError(t, err)
	answer.Body.Close()
	require.Equal(t, http.StatusFound, answer.StatusCode, "redirects are not followed")
	_, err = client.Get("http://192.0.2.1/")
	require.ErrorContains(t, err, "is not on this machine")
}
