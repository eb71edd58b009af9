package registry_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// TestSignaturesHaveOneLength also verifies them.
func TestSignaturesHaveOneLength(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for i := range 200 {
		digest := sha256.Sum256([]byte{byte(i)})
		signature, err := registry.SameLength(key).Sign(rand.Reader, digest[:], nil)
		require.NoError(t, err)
		require.Len(t, signature, 71)
		require.True(t, ecdsa.VerifyASN1(&key.PublicKey, digest[:], signature))
	}
}

// TestCertificatesHaveOneLength: as many bytes for every thing.
func TestCertificatesHaveOneLength(t *testing.T) {
	authority, err := registry.NewAuthority()
	require.NoError(t, err)
	state := registry.New(registry.Config{Authority: authority})
	first, err := state.Issue("sensor-00001")
	require.NoError(t, err)
	for range 20 {
		next, err := state.Issue("sensor-00002")
		require.NoError(t, err)
		require.Len(t, next.CertificatePEM, len(first.CertificatePEM))
	}
}
