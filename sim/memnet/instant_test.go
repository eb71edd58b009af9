package memnet_test

import (
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// TestWriteAtTheInstantOfThePeersClose: whether the close or the write came first is
// up to the scheduler, so both orders must look the same to the writer.
func TestWriteAtTheInstantOfThePeersClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := memnet.Pipe()
		defer near.Close()
		require.NoError(t, far.Close())
		_, err := near.Write([]byte("x"))
		require.NoError(t, err)
		time.Sleep(time.Nanosecond)
		_, err = near.Write([]byte("x"))
		require.ErrorIs(t, err, syscall.EPIPE)
	})
}
