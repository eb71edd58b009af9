package memnet_test

import (
	"crypto/tls"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/memnet"
)

func TestResetThroughTLS(t *testing.T) {
	near, far := memnet.Pipe()
	require.NoError(t, memnet.Reset(tls.Client(near, &tls.Config{InsecureSkipVerify: true})))
	_, err := far.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

func TestResetOfOther(t *testing.T) {
	near, far := net.Pipe()
	require.NoError(t, memnet.Reset(near))
	_, err := far.Read(make([]byte, 1))
	require.Error(t, err)
}

// TestResetOfTCP sees the RST of a real socket.
func TestResetOfTCP(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	far, err := l.Accept()
	require.NoError(t, err)
	defer far.Close()
	require.NoError(t, memnet.Reset(near))
	_, err = far.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
}
