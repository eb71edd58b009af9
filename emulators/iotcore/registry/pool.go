package registry

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Pair is a device's certificate (X.509) and its key (PKCS #8), in DER.
type Pair struct{ Certificate, Key []byte }

// maxPairs bounds a pool.
const maxPairs = 100_000

// Pool is an authority and certificates that it has signed ahead, for a fleet. A
// certificate has no thing's name in it, as on AWS, so that any thing can have any.
type Pool struct {
	authority *Authority

	mu    sync.Mutex
	pairs []Pair
}

// NewPool is an empty pool with a new authority.
func NewPool() (*Pool, error) {
	a, err := NewAuthority()
	if err != nil {
		return nil, err
	}
	return &Pool{authority: a}, nil
}

// Authority is who signs.
func (p *Pool) Authority() *Authority { return p.authority }

// Len is the number of certificates in the pool.
func (p *Pool) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

// Take returns the first n certificates, and signs those that are missing, on all
// processors. Signed, if not nil, counts them; it is called by several goroutines.
func (p *Pool) Take(n int, signed func()) ([]Pair, error) {
	if n > maxPairs {
		return nil, fmt.Errorf("%d certificates are more than %d", n, maxPairs)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if missing := n - len(p.pairs); missing > 0 {
		pairs, err := p.sign(missing, signed)
		if err != nil {
			return nil, err
		}
		p.pairs = append(p.pairs, pairs...)
	}
	return p.pairs[:n:n], nil
}

// sign makes n certificates.
func (p *Pool) sign(n int, signed func()) ([]Pair, error) {
	pairs := make([]Pair, n)
	var next atomic.Int64
	var workers sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for w := range errs {
		workers.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				pairs[i], errs[w] = p.authority.pair()
				if signed != nil {
					signed()
				}
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

// pair makes a P-256 key and a certificate for it.
func (a *Authority) pair() (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, fmt.Errorf("device key: %w", err)
	}
	certificate, err := a.device(key.Public())
	if err != nil {
		return Pair{}, fmt.Errorf("device certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, fmt.Errorf("device key: %w", err)
	}
	return Pair{certificate, secret}, nil
}
