package registry

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPool: what was signed is signed by the authority, survives a file, and a
// fleet that has grown gets the old certificates and new ones.
func TestPool(t *testing.T) {
	p, err := NewPool()
	require.NoError(t, err)
	var signed atomic.Int64
	first, err := p.Take(5, func() { signed.Add(1) })
	require.NoError(t, err)
	require.EqualValues(t, 5, signed.Load())
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(p.Authority().PEM()))
	for _, pair := range first {
		c, err := x509.ParseCertificate(pair.Certificate)
		require.NoError(t, err)
		_, err = c.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
		require.NoError(t, err)
		key, err := x509.ParsePKCS8PrivateKey(pair.Key)
		require.NoError(t, err)
		require.True(t, key.(*ecdsa.PrivateKey).PublicKey.Equal(c.PublicKey))
	}
	var file bytes.Buffer
	require.NoError(t, p.Write(&file))
	again, err := ReadPool(bytes.NewReader(file.Bytes()), time.Now())
	require.NoError(t, err)
	require.Equal(t, p.Authority().PEM(), again.Authority().PEM())
	more, err := again.Take(7, nil)
	require.NoError(t, err)
	require.Equal(t, first, more[:5])
	c, err := x509.ParseCertificate(more[6].Certificate)
	require.NoError(t, err)
	_, err = c.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	require.NoError(t, err, "the authority's key came back")
	_, err = p.Take(maxPairs+1, nil)
	require.ErrorContains(t, err, "more than")
}

// TestDamagedPools: no bit of the file may be another, and none may be missing.
func TestDamagedPools(t *testing.T) {
	p, err := NewPool()
	require.NoError(t, err)
	_, err = p.Take(2, nil)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, p.Write(&file))
	whole := file.Bytes()
	for i := range whole {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 1 << (i % 8)
		_, err := ReadPool(bytes.NewReader(damaged), time.Now())
		require.Error(t, err, "byte %d", i)
		_, err = ReadPool(bytes.NewReader(whole[:i]), time.Now())
		require.Error(t, err, "the first %d bytes", i)
	}
	_, err = ReadPool(bytes.NewReader(whole), time.Now().Add(-48*time.Hour))
	require.ErrorContains(t, err, "is valid from")
}

func FuzzReadPool(f *testing.F) {
	p, err := NewPool()
	require.NoError(f, err)
	_, err = p.Take(1, nil)
	require.NoError(f, err)
	var file bytes.Buffer
	require.NoError(f, p.Write(&file))
	f.Add(file.Bytes())
	f.Add([]byte(poolMagic))
	f.Fuzz(func(t *testing.T, text []byte) {
		if pool, err := ReadPool(bytes.NewReader(text), time.Now()); err == nil {
			require.NotNil(t, pool.Authority())
		}
	})
}

// TestProvision makes in one step what four calls make.
func TestProvision(t *testing.T) {
	p, err := NewPool()
	require.NoError(t, err)
	pairs, err := p.Take(1, nil)
	require.NoError(t, err)
	s := New(Config{Authority: p.Authority()})
	want := Provision{Thing: "a", Attributes: map[string]string{"site": "x"}, Policy: "fleet", Certificate: pairs[0].Certificate}
	_, err = s.Provision(want)
	require.ErrorContains(t, err, "Policy fleet not found")
	ctx := context.Background()
	_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "fleet", PolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}`})
	require.NoError(t, err)
	arn, err := s.Provision(want)
	require.NoError(t, err)
	id := Fingerprint(pairs[0].Certificate)
	require.Equal(t, s.certificateARN(id), arn)
	require.NoError(t, s.Check(id, time.Now()))
	g := s.Grants(id, "a")
	require.Len(t, g.Documents, 1)
	require.Equal(t, "a", g.Thing)
	require.Equal(t, want.Attributes, g.Attributes)
	_, err = s.Provision(want)
	require.ErrorContains(t, err, "already exists")
	want.Thing = "b"
	_, err = s.Provision(want)
	require.ErrorContains(t, err, "already registered")
	_, err = s.DescribeThing(ctx, &DescribeThingInput{ThingName: "b"})
	require.Error(t, err, "nothing was made")
}
