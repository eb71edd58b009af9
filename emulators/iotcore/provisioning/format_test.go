package provisioning

import "testing"

// FuzzCBOR: no payload panics.
func FuzzCBOR(f *testing.F) {
	f.Add([]byte{0xa1, 0x61, 'x', 0xf6})
	f.Fuzz(func(_ *testing.T, payload []byte) {
		_ = payloadFormats["cbor"].read(payload, &registerRequest{})
	})
}
