package lambda

import (
	"encoding/binary"
	"hash/fnv"
	"time"
)

// Bounds of the wait before a batch is tried again. AWS does not publish its
// own; the shape is the usual one, doubling with jitter.
const (
	backoffFirst = time.Second
	backoffMost  = time.Minute
)

// backoff is the wait before attempt number attempt+1 of a batch: between half
// and all of 1 s, 2 s, 4 s … 1 min. It is a function of its arguments alone, so
// a run repeats.
func backoff(mapping, shard string, attempt int) time.Duration {
	full := backoffMost
	if attempt >= 1 && attempt <= 6 {
		full = min(backoffFirst<<(attempt-1), backoffMost)
	}
	half := full / 2
	return half + time.Duration(hash(mapping, shard, uint64(attempt))%uint64(half))
}

// settleMost bounds settle.
const settleMost = 4096 * time.Nanosecond

// settle is the time a lane or poller lets pass before it acts: it differs
// between them, so that what wakes at one instant acts in one order.
func settle(name, part string) time.Duration {
	return time.Duration(1 + hash(name, part, 0)%uint64(settleMost))
}

func hash(a, b string, n uint64) uint64 {
	h := fnv.New64a()
	h.Write([]byte(a))
	h.Write([]byte{0})
	h.Write([]byte(b))
	h.Write(binary.BigEndian.AppendUint64(nil, n))
	// FNV leaves the last bytes in the low bits: mix.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}
