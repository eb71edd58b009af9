package relay_test

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/relay"
)

// full is a listener of a process that may open no more files.
type full struct{ net.Listener }

func (full) Accept() (net.Conn, error) { return nil, os.NewSyscallError("accept", syscall.EMFILE) }

// closed is one that was closed.
type closed struct{ net.Listener }

func (closed) Accept() (net.Conn, error) { return nil, net.ErrClosed }

// TestARelayTellsThatItCannotAccept: once, and not that it is done.
func TestARelayTellsThatItCannotAccept(t *testing.T) {
	var told strings.Builder
	l := relay.Telling(full{}, &told)
	for range 3 {
		_, err := l.Accept()
		require.ErrorIs(t, err, syscall.EMFILE)
	}
	require.Equal(t, "shakedown: a relay cannot accept connections, and goes on trying: accept: too many open files\n", told.String())
	told.Reset()
	_, err := relay.Telling(closed{}, &told).Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	require.Empty(t, told.String())
}
