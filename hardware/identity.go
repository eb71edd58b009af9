package hardware

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The files of a thing's folder, as `shakedown provision` and AWS name them.
const (
	CertificateFile = "cert.pem"
	KeyFile         = "private.key"
	AuthorityFile   = "AmazonRootCA1.pem"
)

// ErrCertificates says that a thing's certificates are of no use; the error that
// wraps it says which and why.
var ErrCertificates = errors.New("certificates")

// LoadIdentity reads a thing's certificate and key and the authority that its broker
// is checked by, from one folder.
func LoadIdentity(folder string) (*tls.Config, error) {
	bad := func(format string, args ...any) (*tls.Config, error) {
		return nil, fmt.Errorf("%w: %w", ErrCertificates, fmt.Errorf(format, args...))
	}
	cert, key := filepath.Join(folder, CertificateFile), filepath.Join(folder, KeyFile)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return bad("load %s and %s: %w", cert, key, err)
	}
	if end := pair.Leaf.NotAfter; time.Now().After(end) {
		return bad("%s expired on %s", cert, end.Format(time.DateOnly))
	}
	authority := filepath.Join(folder, AuthorityFile)
	text, err := os.ReadFile(authority)
	if err != nil {
		return bad("%w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return bad("%s: there is no certificate in it", authority)
	}
	return &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// Secured dials a broker with TLS through dial, such as that of a net.Dialer.
func Secured(dial func(ctx context.Context, network, addr string) (net.Conn, error), addr string, config *tls.Config) func(context.Context) (net.Conn, error) {
	config = config.Clone()
	if host, _, err := net.SplitHostPort(addr); err == nil {
		config.ServerName = host
	}
	return func(ctx context.Context) (net.Conn, error) {
		conn, err := dial(ctx, "tcp", addr)
		if err != nil {
			return nil, err
		}
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("tls handshake with %s: %w", addr, err)
		}
		return secure, nil
	}
}

// Refused tells that a broker will not have these certificates, or that they will not
// have it: trying again does not help.
func Refused(err error) bool {
	if _, ours := errors.AsType[*tls.CertificateVerificationError](err); ours {
		return true
	}
	theirs, ok := errors.AsType[*net.OpError](err)
	return ok && theirs.Op == "remote error" // a TLS alert
}
