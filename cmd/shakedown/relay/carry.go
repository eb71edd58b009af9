package relay

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// bufferSize is what one direction of a connection holds between two sockets.
const bufferSize = 2 << 10

// patience is how long the pipe between two processes of one machine may be full
// before the other counts as dead: a busy machine is slow, not dead.
const patience = 2 * time.Minute

// maxLine bounds the line that begins each stream.
const maxLine = 512

// settings are the session's: both ends share a machine, so nobody pings.
func settings() *yamux.Config {
	c := yamux.DefaultConfig()
	c.EnableKeepAlive = false
	c.AcceptBacklog = 1024
	c.ConnectionWriteTimeout = patience
	c.StreamOpenTimeout = 0
	c.StreamCloseTimeout = patience
	c.LogOutput = io.Discard
	return c
}

// carry moves the bytes of two connections both ways until either ends, and ends
// the other.
func carry(a, b net.Conn) {
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{a, b}, {b, a}} {
		both.Go(func() {
			// The wrapping hides ReadFrom, which would take 32 KiB a connection.
			_, _ = io.CopyBuffer(struct{ io.Writer }{way[0]}, struct{ io.Reader }{way[1]}, make([]byte, bufferSize))
			hangUp(a)
			hangUp(b)
		})
	}
	both.Wait()
}

// hangUp closes a connection, and ends whoever still reads from it: a stream that
// was closed can be read until the other end closes, too.
func hangUp(c net.Conn) { _ = errors.Join(c.Close(), c.SetReadDeadline(time.Unix(1, 0))) }

// readLine reads up to a line feed and not a byte further.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for next := make([]byte, 1); len(line) < maxLine; {
		if _, err := io.ReadFull(r, next); err != nil {
			return "", err
		}
		if next[0] == '\n' {
			return string(line), nil
		}
		line = append(line, next[0])
	}
	return "", errors.New("relay: the first line of a stream does not end")
}
