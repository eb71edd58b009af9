package emulators_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
)

// TestWebSocketAtTheEndpoint: /mqtt is the broker's for WebSockets alone; a bucket
// may have that name.
func TestWebSocketAtTheEndpoint(t *testing.T) {
	cloud, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- cloud.Run(ctx) }()
	server := httptest.NewServer(cloud)
	query := "/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fiotdevicegateway%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
	dialer := websocket.Dialer{Subprotocols: []string{"mqtt"}}
	ws, response, err := dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http")+query, nil)
	require.NoError(t, err)
	_ = response.Body.Close()
	require.NoError(t, ws.WriteMessage(websocket.BinaryMessage, []byte("\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01a")))
	_, connack, err := ws.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, []byte{0x20, 2, 0, 0}, connack)

	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/mqtt", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request")
	response, err = server.Client().Do(r)
	require.NoError(t, err)
	_ = response.Body.Close()
	require.Equal(t, http.StatusNotFound, response.StatusCode, "no such bucket")

	stop()
	require.NoError(t, <-done, "the connection does not hold up the end")
	server.Close()
	_ = ws.Close()
}
