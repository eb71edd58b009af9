package memnet_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/sim/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(t *testing.T, n *memnet.Network) (client, server net.Conn) {
	t.Helper()
	l, err := n.Listen("broker:0")
	require.NoError(t, err)
	client, err = n.Dial(t.Context(), "tcp", l.Addr().String())
	require.NoError(t, err)
	server, err = l.Accept()
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return client, server
}

func TestAddresses(t *testing.T) {
	var n memnet.Network
	l, err := n.Listen(":8883")
	require.NoError(t, err)
	_, err = n.Listen("0.0.0.0:8883")
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	_, err = n.Listen("nonsense")
	require.Error(t, err)

	seen := map[string]bool{}
	for range 300 {
		c, err := n.Dial(t.Context(), "tcp", "data-ats.iot.us-east-1.amazonaws.com:8883")
		require.NoError(t, err)
		s, err := l.Accept()
		require.NoError(t, err)
		host, _, err := net.SplitHostPort(s.RemoteAddr().String())
		require.NoError(t, err)
		require.NotNil(t, net.ParseIP(host))
		require.Equal(t, c.LocalAddr(), s.RemoteAddr())
		require.Equal(t, c.RemoteAddr(), s.LocalAddr())
		require.False(t, seen[host], "%s twice", host)
		seen[host] = true
	}
	c, err := n.DialFrom(t.Context(), "10.9.8.7:5", "x:8883")
	require.NoError(t, err)
	s, err := l.Accept()
	require.NoError(t, err)
	require.Equal(t, "10.9.8.7:5", s.RemoteAddr().String())
	require.Equal(t, "x:8883", c.RemoteAddr().String())

	for _, bad := range [][2]string{{"tcp", "x:9"}, {"udp", "x:8883"}, {"tcp", "x"}, {"tcp", "x:http"}} {
		_, err := n.Dial(t.Context(), bad[0], bad[1])
		var op *net.OpError
		require.ErrorAs(t, err, &op, "%v", bad)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = n.Dial(done, "tcp", "x:8883")
	require.ErrorIs(t, err, context.Canceled)
}

func TestListenerCloseRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n memnet.Network
		l, err := n.Listen("broker:8883")
		require.NoError(t, err)
		waiting, err := n.Dial(t.Context(), "tcp", "broker:8883")
		require.NoError(t, err)
		require.NoError(t, l.Close())
		require.ErrorIs(t, l.Close(), net.ErrClosed)
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = waiting.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = n.Dial(t.Context(), "tcp", "broker:8883")
		require.ErrorIs(t, err, syscall.ECONNREFUSED)

		again, err := n.Listen("broker:8883")
		require.NoError(t, err)
		accepted := make(chan error)
		go func() { _, err := again.Accept(); accepted <- err }()
		synctest.Wait()
		require.NoError(t, again.Close())
		require.ErrorIs(t, <-accepted, net.ErrClosed)
	})
}

// An ending is what the far end sees when the near end stops in some way.
func TestEndings(t *testing.T) {
	type ends struct{ near, far net.Conn }
	for _, tc := range []struct {
		name           string
		stop           func(ends)
		read, write    error // of the far end
		own, ownWrite  error // of the near end
		bytesStillRead bool
	}{
		{"close", func(e ends) { _ = e.near.Close() }, io.EOF, syscall.EPIPE, net.ErrClosed, net.ErrClosed, true},
		{"close write", func(e ends) { _ = e.near.(interface{ CloseWrite() error }).CloseWrite() }, io.EOF, nil, nil, net.ErrClosed, true},
		{"reset", func(e ends) { _ = e.near.(interface{ Reset() error }).Reset() }, syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var n memnet.Network
			near, far := connect(t, &n)
			_, err := near.Write([]byte("hello"))
			require.NoError(t, err)
			tc.stop(ends{near, far})
			buf := make([]byte, 16)
			if tc.bytesStillRead {
				got, err := far.Read(buf)
				require.NoError(t, err)
				require.Equal(t, "hello", string(buf[:got]))
			}
			_, err = far.Read(buf)
			require.ErrorIs(t, err, tc.read)
			_, err = far.Write([]byte("x"))
			require.ErrorIs(t, err, tc.write)
			_, err = near.Read(buf)
			require.ErrorIs(t, err, tc.own)
			_, err = near.Write([]byte("x"))
			require.ErrorIs(t, err, tc.ownWrite)
			_ = far.Close()
		})
	}
}

func TestBlockedReaderIsIdleAndWoken(t *testing.T) {
	for name, wake := range map[string]func(near, far net.Conn){
		"own close":  func(near, _ net.Conn) { _ = near.Close() },
		"peer close": func(_, far net.Conn) { _ = far.Close() },
		"write":      func(_, far net.Conn) { _, _ = far.Write([]byte("x")) },
		"reset":      func(_, far net.Conn) { _ = far.(interface{ Reset() error }).Reset() },
		"deadline":   func(near, _ net.Conn) { _ = near.SetReadDeadline(time.Now()) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var n memnet.Network
				near, far := connect(t, &n)
				done := make(chan time.Time)
				go func() { _, _ = near.Read(make([]byte, 1)); done <- time.Now() }()
				time.Sleep(time.Hour) // returns only because the reader is idle
				wake(near, far)
				require.Equal(t, time.Now(), <-done)
			})
		})
	}
}

func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n memnet.Network
		near, far := connect(t, &n)
		start := time.Now()
		require.NoError(t, near.SetDeadline(start.Add(90*time.Second)))
		_, err := near.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		var timeout net.Error
		require.True(t, errors.As(err, &timeout) && timeout.Timeout())
		require.Equal(t, 90*time.Second, time.Since(start))
		_, err = near.Write([]byte("x"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)

		// A deadline moved while a reader waits: the later one counts.
		require.NoError(t, near.SetDeadline(time.Now().Add(time.Second)))
		go func() {
			time.Sleep(time.Second / 2)
			_ = near.SetReadDeadline(time.Now().Add(time.Minute))
		}()
		start = time.Now()
		_, err = near.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Minute+time.Second/2, time.Since(start))

		require.NoError(t, near.SetDeadline(time.Time{}))
		_, err = far.Write([]byte("y"))
		require.NoError(t, err)
		_, err = near.Read(make([]byte, 1))
		require.NoError(t, err)
	})
}

func TestOverflowResets(t *testing.T) {
	n := memnet.Network{Limit: 100}
	near, far := connect(t, &n)
	_, err := near.Write(make([]byte, 100))
	require.NoError(t, err)
	got, err := far.Read(make([]byte, 60))
	require.NoError(t, err)
	require.Equal(t, 60, got)
	_, err = near.Write(make([]byte, 60))
	require.NoError(t, err)
	_, err = near.Write([]byte("x"))
	require.ErrorContains(t, err, "limit")
	_, err = far.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
	_, err = near.Read(make([]byte, 1))
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

func TestBytesArriveInOrder(t *testing.T) {
	near, far := memnet.Pipe()
	const total = 1 << 20
	go func() {
		buf := make([]byte, 0, 7919)
		for i := 0; i < total; {
			buf = buf[:0]
			for len(buf) < cap(buf) && i < total {
				buf = append(buf, byte(i*31))
				i++
			}
			_, _ = near.Write(buf)
		}
		_ = near.Close()
	}()
	got, err := io.ReadAll(far)
	require.NoError(t, err)
	require.Len(t, got, total)
	for i, b := range got {
		if b != byte(i*31) {
			t.Fatalf("byte %d: got %d, want %d", i, b, byte(i*31))
		}
	}
}

// TestTLS runs mutual closing over TLS, where net.Pipe deadlocks: both ends
// write their close_notify at the same time.
func TestTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n memnet.Network
		cert := selfSigned(t)
		near, far := connect(t, &n)
		pool := x509.NewCertPool()
		pool.AddCert(cert.Leaf)
		client := tls.Client(near, &tls.Config{RootCAs: pool, ServerName: "broker"})
		server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{cert}})
		served := make(chan error)
		go func() {
			_, err := io.Copy(server, server)
			_ = server.Close()
			served <- err
		}()
		_, err := client.Write([]byte("ping"))
		require.NoError(t, err)
		require.NoError(t, client.CloseWrite())
		echo, err := io.ReadAll(client)
		require.NoError(t, err)
		require.Equal(t, "ping", string(echo))
		require.NoError(t, <-served)
		require.NoError(t, client.Close())
	})
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "broker"}, DNSNames: []string{"broker"},
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
