package wire_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// A panic in a stream is an internal failure and a line of the log too: before the first
// event a status, behind it an exception that ends the stream.
func TestStreamsPanic(t *testing.T) {
	type input struct{ When string }
	var log strings.Builder
	h := wire.JSON{TargetPrefix: "Svc", Version: "1.1", Log: slog.New(slog.NewTextHandler(&log, nil)), Streams: map[string]wire.StreamOperation{
		"Watch": wire.StreamOp(func(_ context.Context, in *input) (func(context.Context, wire.EventSender) error, error) {
			if in.When == "opening" {
				panic("boom")
			}
			return func(context.Context, wire.EventSender) error { panic("boom") }, nil
		}),
	}}
	watch := func(when string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"When":"`+when+`"}`))
		r.Header.Set("X-Amz-Target", "Svc.Watch")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Contains(t, log.String(), "operation=Watch")
		require.NotContains(t, w.Body.String(), "boom", "what panicked is for the log")
		log.Reset()
		return w
	}
	opening := watch("opening")
	require.Equal(t, http.StatusInternalServerError, opening.Code)
	require.Contains(t, opening.Body.String(), "InternalFailure")
	running := watch("running")
	require.Equal(t, http.StatusOK, running.Code)
	require.Contains(t, running.Body.String(), "exception")
	require.Contains(t, running.Body.String(), "InternalFailure")
}
