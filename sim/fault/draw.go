package fault

import (
	"hash/fnv"
	"strconv"
)

// Draw is a number in [0, 1) that follows from the seed and what it is about, and
// from nothing else: not from what was drawn before, nor by whom (DESIGN.md §3).
func Draw(seed uint64, about ...string) float64 {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendUint(nil, seed, 16))
	for _, part := range about {
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(part))
	}
	return float64(mix(h.Sum64())>>11) / (1 << 53)
}

// mix spreads the bits of an FNV hash, whose last bytes reach the top bits
// badly (the finalizer of MurmurHash3).
func mix(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
