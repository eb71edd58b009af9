package registry

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// poolMagic begins the file of a pool: its form and its version.
const poolMagic = "shakedown certificates 1\n"

// maxDER bounds a certificate or key in such a file, in bytes.
const maxDER = 4096

// Write writes the pool with its secret keys:
//
//	magic │ authority │ pair … │ empty pair │ SHA-256 of all before
//
// where each is a certificate and a key, each with its length in two bytes before.
func (p *Pool) Write(w io.Writer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	secret, err := x509.MarshalPKCS8PrivateKey(p.authority.secret)
	if err != nil {
		return fmt.Errorf("write certificates: %w", err)
	}
	sum := sha256.New()
	out := bufio.NewWriterSize(w, 1<<16)
	both := io.MultiWriter(out, sum)
	_, err = io.WriteString(both, poolMagic)
	put := func(der []byte) {
		if err == nil {
			_, err = both.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(der))), der...))
		}
	}
	put(p.authority.certificate.Raw)
	put(secret)
	for _, pair := range p.pairs {
		put(pair.Certificate)
		put(pair.Key)
	}
	put(nil)
	put(nil)
	if err == nil {
		_, err = out.Write(sum.Sum(nil))
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("write certificates: %w", err)
	}
	return nil
}

// ReadPool reads what Write has written. An error says that the file is of no use:
// damaged, of another version, or of an authority that is not valid now.
func ReadPool(src io.Reader, now time.Time) (*Pool, error) {
	r := &poolReader{in: bufio.NewReaderSize(src, 1<<16), sum: sha256.New()}
	p, err := r.pool()
	if err != nil {
		return nil, fmt.Errorf("read certificates: %w", err)
	}
	if c := p.authority.certificate; now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return nil, fmt.Errorf("read certificates: their authority is valid from %s to %s", c.NotBefore, c.NotAfter)
	}
	return p, nil
}

type poolReader struct {
	in  *bufio.Reader
	sum hash.Hash
}

func (r *poolReader) pool() (*Pool, error) {
	magic, err := r.bytes(len(poolMagic))
	if err != nil || string(magic) != poolMagic {
		return nil, errors.New("it is not a file of certificates of this version")
	}
	own, err := r.pair()
	if err != nil {
		return nil, err
	}
	p := &Pool{}
	for {
		pair, err := r.pair()
		if err != nil {
			return nil, err
		}
		if len(pair.Certificate) == 0 {
			break
		}
		if len(p.pairs) >= maxPairs {
			return nil, fmt.Errorf("more than %d", maxPairs)
		}
		p.pairs = append(p.pairs, pair)
	}
	want := r.sum.Sum(nil)
	if got, err := r.bytes(len(want)); err != nil || !bytes.Equal(got, want) {
		return nil, errors.New("the checksum is wrong")
	}
	p.authority, err = own.authority()
	return p, err
}

func (r *poolReader) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r.in, b); err != nil {
		return nil, err
	}
	r.sum.Write(b)
	return b, nil
}

func (r *poolReader) der() ([]byte, error) {
	length, err := r.bytes(2)
	if err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(length))
	if n > maxDER {
		return nil, fmt.Errorf("an entry of %d bytes", n)
	}
	return r.bytes(n)
}

func (r *poolReader) pair() (p Pair, err error) {
	if p.Certificate, err = r.der(); err != nil {
		return p, err
	}
	p.Key, err = r.der()
	return p, err
}

// authority is that of its own certificate and key.
func (p Pair) authority() (*Authority, error) {
	certificate, err := x509.ParseCertificate(p.Certificate)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(p.Key)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	secret, ok := key.(*ecdsa.PrivateKey)
	if !ok || !secret.PublicKey.Equal(certificate.PublicKey) {
		return nil, errors.New("authority: the key is not its certificate's")
	}
	return newAuthority(certificate, secret), nil
}
