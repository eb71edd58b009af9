package mqtt

import (
	"bufio"
	"bytes"
	"testing"
)

// FuzzDecode feeds a server's bytes to the client: any input is a packet or an
// error within the bound.
func FuzzDecode(f *testing.F) {
	for _, seed := range [][]byte{
		{0x20, 2, 0, 0}, {0x40, 2, 0, 1}, {0x90, 3, 0, 1, 1}, {0xd0, 0}, {0xe0, 0},
		{0x32, 7, 0, 1, 'a', 0, 9, 'h', 'i'}, {0x30, 0}, {0x32, 2, 0, 9}, {0x36, 5, 0, 1, 'a', 0, 1},
		{0x20, 0xff, 0xff, 0xff, 0xff, 0x7f}, {0x30, 0xff, 0xff, 0x03}, {0x90, 1, 0}, {0x40, 0}, {0x20, 1, 1}, {},
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bufio.NewReader(bytes.NewReader(in))
		for {
			pk, err := decode(r, 1024)
			if err != nil {
				return
			}
			if pk.FixedHeader.Remaining > 1024 {
				t.Fatalf("packet of %d bytes exceeds the bound", pk.FixedHeader.Remaining)
			}
		}
	})
}
