package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"sync"
)

// Hash is the run hash: a chain of facts for each entity, the chains sorted by
// entity. The order in which facts of different entities are added does not
// matter; the order within one does; dropping, adding or changing a fact changes
// the sum. It is safe for concurrent use; the zero value is ready.
type Hash struct {
	mu     sync.Mutex
	chains map[string][sha256.Size]byte
}

// Add appends a fact to an entity's chain.
func (h *Hash) Add(entity, fact string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.chains == nil {
		h.chains = map[string][sha256.Size]byte{}
	}
	chain := h.chains[entity]
	h.chains[entity] = sha256.Sum256(append(chain[:], fact...))
}

// Sum is the hash of all chains, in hex.
func (h *Hash) Sum() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	entities := make([]string, 0, len(h.chains))
	for e := range h.chains {
		entities = append(entities, e)
	}
	sort.Strings(entities)
	all := sha256.New()
	for _, e := range entities {
		// The length keeps entities apart from what follows.
		all.Write(binary.BigEndian.AppendUint32(nil, uint32(len(e))))
		all.Write([]byte(e))
		chain := h.chains[e]
		all.Write(chain[:])
	}
	return hex.EncodeToString(all.Sum(nil))
}
