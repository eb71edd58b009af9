package memnet_test

import (
	"bufio"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// chunked is a layer like TLS: it hands on what it has read in pieces of its own,
// and goes on after a temporary error where it was.
type chunked struct {
	inner io.Reader
	have  []byte
}

func (c *chunked) Read(p []byte) (int, error) {
	for len(c.have) < 4 { // a record of four bytes
		b := make([]byte, 3)
		n, err := c.inner.Read(b)
		c.have = append(c.have, b[:n]...)
		if err != nil {
			return 0, err
		}
	}
	n := copy(p, c.have[:4])
	c.have = c.have[n:]
	return n, nil
}

// TestPatientWaitsOutside: whatever the layers between keep for themselves, nothing
// that was written is waited for, and nothing is lost.
func TestPatientWaitsOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := memnet.Pipe()
		patient := memnet.NewPatient(near).(*memnet.Patient)
		require.Equal(t, near, patient.NetConn())
		reader := bufio.NewReaderSize(&chunked{inner: patient}, 16)
		var got []byte
		var reading sync.WaitGroup
		reading.Go(func() {
			for {
				err := await(patient, func() error { _, err := reader.Peek(1); return err })
				if err != nil {
					require.ErrorIs(t, err, io.EOF)
					return
				}
				b, err := reader.ReadByte()
				require.NoError(t, err)
				got = append(got, b)
			}
		})
		want := "one record, a piece of the next, and all of the rest"
		for _, piece := range []string{want[:3], want[3:4], want[4:25], want[25:26], want[26:]} {
			_, err := far.Write([]byte(piece))
			require.NoError(t, err)
			synctest.Wait()
		}
		require.Equal(t, want, string(got), "it did not wait for what was there")
		require.NoError(t, far.Close())
		reading.Wait()
		require.NoError(t, near.Close())
	})
}

// TestPatientEnds: a deadline, a reset and a close end a wait, and are called for.
func TestPatientEnds(t *testing.T) {
	readers := map[string]func(c net.Conn, ended func(error)){
		"waits": func(c net.Conn, ended func(error)) {
			patient := memnet.NewPatient(c).(*memnet.Patient)
			go func() {
				ended(await(patient, func() error { _, err := patient.Read(make([]byte, 1)); return err }))
			}()
		},
		"is called": func(c net.Conn, ended func(error)) { called(c, func([]byte) {}, ended) },
	}
	for name, read := range readers {
		t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { endsEach(t, read) }) })
	}
}

// endsEach ends a connection that is read from, in each way.
func endsEach(t *testing.T, read func(c net.Conn, ended func(error))) {
	for want, end := range map[error]func(net.Conn){
		os.ErrDeadlineExceeded: func(c net.Conn) { _ = c.SetReadDeadline(time.Now().Add(time.Minute)) },
		net.ErrClosed:          func(c net.Conn) { _ = c.Close() },
		syscall.ECONNRESET:     func(c net.Conn) { _ = memnet.Reset(c) },
	} {
		near, far := memnet.Pipe()
		ended := make(chan error, 1)
		read(near, func(err error) { ended <- err })
		synctest.Wait()
		require.Empty(t, ended)
		end(near)
		require.ErrorIs(t, <-ended, want)
		_, _ = near.Close(), far.Close()
	}
}

// A connection that cannot be waited for stays as it is.
func TestPatientLeavesOthersAlone(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	defer near.Close()
	require.Equal(t, near, memnet.NewPatient(near))
}

// await is what a reader does with Try and WaitRead.
func await(p *memnet.Patient, try func() error) error {
	for {
		if ready, err := p.Try(try); ready || err != nil {
			return err
		}
		p.WaitRead()
	}
}
