package registry

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
)

// signatureLength is the commonest length of a P-256 signature in DER, in bytes;
// most others have one less or more.
const signatureLength = 71

// SameLength signs with a P-256 key, again and again until the signature has its
// commonest length. Handshakes and certificates then always have as many bytes,
// and a link of limited bandwidth lets two runs of one scenario take the same time.
func SameLength(key *ecdsa.PrivateKey) crypto.Signer { return sameLength{key} }

type sameLength struct{ *ecdsa.PrivateKey }

// Sign implements crypto.Signer.
func (s sameLength) Sign(random io.Reader, digest []byte, options crypto.SignerOpts) ([]byte, error) {
	for {
		signature, err := s.PrivateKey.Sign(random, digest, options)
		if err != nil || len(signature) == signatureLength {
			return signature, err
		}
	}
}

// newSerial is a positive serial number of 16 bytes.
func newSerial() (*big.Int, error) {
	top := new(big.Int).Lsh(big.NewInt(1), 126)
	serial, err := rand.Int(rand.Reader, top)
	if err != nil {
		return nil, fmt.Errorf("serial number: %w", err)
	}
	return serial.Add(serial, top), nil
}
