package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// running is the endpoint of an `up` without pipeline and console. It ends with the test.
func running(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	printed, shown := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		f := upFlags{endpoint: "127.0.0.1:0", mqtt: "127.0.0.1:0", console: noConsole, pipeline: "none", silence: 10 * time.Minute, sweep: time.Minute}
		ended <- f.run(ctx, false, shown, io.Discard)
		shown.Close()
	}()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	text := make([]byte, 4<<10)
	n, err := printed.Read(text)
	require.NoError(t, err)
	go io.Copy(io.Discard, printed)
	_, url, _ := strings.Cut(string(text[:n]), "AWS endpoint")
	return strings.Fields(url)[0]
}
