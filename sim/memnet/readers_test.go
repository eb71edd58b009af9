package memnet_test

import (
	"bytes"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// called reads from a connection that calls, until its end.
func called(c net.Conn, read func([]byte), ended func(error)) {
	p := memnet.NewPatient(c).(*memnet.Patient)
	var turn func()
	turn = func() {
		for {
			b := make([]byte, 16)
			n := 0
			ready, err := p.Try(func() (err error) { n, err = p.Read(b); return err })
			if err != nil {
				ended(err)
				return
			}
			if !ready {
				p.WhenReadable(turn)
				return
			}
			read(b[:n])
		}
	}
	turn()
}

// bubbled counts the goroutines of the caller's bubble: those of other tests, which may
// end meanwhile, do not count.
func bubbled() int {
	stacks := make([]byte, 1<<20)
	return bytes.Count(stacks[:runtime.Stack(stacks, true)], []byte(", synctest bubble "))
}

// TestWhenReadable: of very many connections each is called for what was written, in
// order, and for its end; nobody waits meanwhile, and no goroutine is left.
func TestWhenReadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := bubbled()
		var network memnet.Network
		l, err := network.Listen("broker:1")
		require.NoError(t, err)
		const many = 500
		var got [many]string
		var ends sync.WaitGroup
		var clients []net.Conn
		for i := range many {
			c, err := network.Dial(t.Context(), "tcp", "broker:1")
			require.NoError(t, err)
			clients = append(clients, c)
			s, err := l.Accept()
			require.NoError(t, err)
			ends.Add(1)
			called(s, func(b []byte) { got[i] += string(b) }, func(err error) {
				require.ErrorIs(t, err, io.EOF)
				require.NoError(t, s.Close())
				ends.Done()
			})
		}
		require.Positive(t, before)
		require.Equal(t, before, bubbled(), "somebody waits")
		for _, word := range []string{"one ", "two ", "three"} {
			for _, c := range clients {
				_, err := c.Write([]byte(word))
				require.NoError(t, err)
			}
		}
		synctest.Wait()
		require.LessOrEqual(t, bubbled(), before+64, "spare goroutines have a bound")
		for _, c := range clients {
			require.NoError(t, c.Close())
		}
		ends.Wait()
		synctest.Wait()
		for _, one := range got {
			require.Equal(t, "one two three", one)
		}
		require.Equal(t, before, bubbled())
		require.NoError(t, l.Close())
	})
}
