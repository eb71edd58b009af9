package fault_test

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// TestAnythingAtAnyTime lets faults begin and end, deadlines pass and both ends
// close while bytes move, over TCP and net.Pipe: nothing hangs, nothing is left
// behind (TestMain looks), no race.
func TestAnythingAtAnyTime(t *testing.T) {
	for n := range 24 {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		p := overTCP(t)
		if n%3 == 0 {
			accepted := make(chan net.Conn, 1)
			p.dialer = func(context.Context) (net.Conn, error) {
				near, far := net.Pipe()
				accepted <- far
				return near, nil
			}
			_ = p.listener.Close()
			p.listener = pipes(accepted)
		}
		p.connect()
		var busy sync.WaitGroup
		for _, end := range []net.Conn{p.device, p.broker} {
			busy.Go(func() { _, _ = io.Copy(io.Discard, stubborn{end, time.Now().Add(time.Second)}) })
			busy.Go(func() {
				for {
					if _, err := end.Write(make([]byte, 5000)); err != nil {
						return
					}
				}
			})
		}
		for range 30 {
			with := map[fault.Kind]fault.Parameters{
				fault.HalfOpen: {}, fault.Partition: {}, fault.Drop: {Rate: 0.3},
				fault.Latency: {Delay: time.Millisecond, Jitter: time.Millisecond}, fault.Bandwidth: {Bandwidth: 1 << 20},
			}
			kinds := []fault.Kind{fault.Latency, fault.Bandwidth, fault.Partition, fault.Drop, fault.Latency, fault.Latency, fault.HalfOpen}
			k := kinds[r.IntN(len(kinds)-1+n%2)]
			switch r.IntN(4) {
			case 0, 1:
				p.begin(r.IntN(3), k, with[k])
			case 2:
				p.link.End(r.IntN(3))
			case 3:
				_ = p.device.SetReadDeadline(time.Now().Add(time.Duration(r.IntN(3)) * time.Millisecond))
			}
			time.Sleep(time.Duration(r.IntN(400)) * time.Microsecond)
		}
		switch n % 4 {
		case 0:
			_ = p.device.(interface{ Vanish() error }).Vanish()
		case 1:
			_ = p.device.(interface{ Reset() error }).Reset()
		case 2:
			p.begin(9, fault.ConnectionReset, fault.Parameters{})
		}
		_ = p.device.Close()
		_ = p.broker.Close()
		busy.Wait()
		p.link.Heal()
	}
}

// stubborn goes on reading after a deadline has passed, until it is too late.
type stubborn struct {
	net.Conn
	until time.Time
}

func (s stubborn) Read(p []byte) (int, error) {
	for {
		n, err := s.Conn.Read(p)
		if timeout, ok := err.(net.Error); n > 0 || !ok || !timeout.Timeout() || time.Now().After(s.until) {
			return n, err
		}
		_ = s.SetReadDeadline(time.Time{})
	}
}

// pipes is a listener for the far ends of pipes.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) { return <-p, nil }
func (p pipes) Close() error              { return nil }
func (p pipes) Addr() net.Addr            { return &net.TCPAddr{} }

// certificate is a self-signed one.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "broker"}, DNSNames: []string{"broker"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, pool
}

// TestUnderTLS speaks TLS through every fault that carries bytes: a byte too many,
// too few or in the wrong place would break it.
func TestUnderTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, pool := certificate(t)
		p := inMemory(t)
		p.begin(1, fault.Latency, fault.Parameters{Delay: 100 * time.Millisecond})
		began := time.Now()
		p.connect()
		device := tls.Client(p.device, &tls.Config{RootCAs: pool, ServerName: "broker"})
		broker := tls.Server(p.broker, &tls.Config{Certificates: []tls.Certificate{own}})
		go func() { _, _ = io.Copy(broker, broker) }() // an echo
		require.NoError(t, device.HandshakeContext(t.Context()))
		require.Equal(t, 400*time.Millisecond, time.Since(began), "two round trips: TCP's, TLS 1.3's")
		p.begin(2, fault.Drop, fault.Parameters{Rate: 0.2})
		p.begin(3, fault.Bandwidth, fault.Parameters{Bandwidth: 100_000})
		sent := make([]byte, 300_000)
		for i := range sent {
			sent[i] = byte(rand.Uint32())
		}
		go func() {
			for i := 0; i < len(sent); i += 1000 {
				_, _ = device.Write(sent[i : i+1000])
				time.Sleep(time.Millisecond)
			}
		}()
		time.AfterFunc(5*time.Second, func() { p.begin(4, fault.Partition, fault.Parameters{}) })
		time.AfterFunc(time.Minute, func() { p.link.End(4) })
		got := make([]byte, len(sent))
		_, err := io.ReadFull(device, got)
		require.NoError(t, err)
		require.Equal(t, sent, got)
		require.Greater(t, time.Since(began), time.Minute)
		p.link.Heal()
		require.NoError(t, device.Close())
	})
}
