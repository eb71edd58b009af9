package device

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Backoff is a pause with full jitter: uniform between nothing and
// Base·2^failures, at most Cap.
type Backoff struct {
	// Base is the longest first pause; 1 s when zero.
	Base time.Duration
	// Cap is the longest pause of all; 2 min when zero.
	Cap time.Duration
}

// Pause is the pause before a dial, in whole milliseconds, after so many failures
// in a row. It follows from the seed, the thing and the number of the dial alone:
// devices share no stream of random numbers.
func (b Backoff) Pause(seed uint64, thing string, attempt, failures int) time.Duration {
	limit := b.Base
	for range min(failures, 62) {
		if limit >= b.Cap/2 {
			limit = b.Cap
			break
		}
		limit *= 2
	}
	limit = min(limit, b.Cap)
	h := fnv.New64a()
	_, _ = h.Write([]byte(thing))
	r := rand.New(rand.NewPCG(seed^h.Sum64(), uint64(attempt)))
	return time.Duration(r.Int64N(int64(limit)/int64(slot)+1)) * slot
}
