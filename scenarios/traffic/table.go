package traffic

import (
	"maps"
	"sync"
	"sync/atomic"
)

// most bounds the names that are counted apart; what comes beyond is counted
// together, under the zero key.
const most = 1_000

// table finds a counter by name without a lock: there is a reading for each
// message and a new name hardly ever.
type table[K comparable, V any] struct {
	adding sync.Mutex
	now    atomic.Pointer[map[K]*V]
}

func (t *table[K, V]) all() map[K]*V {
	if m := t.now.Load(); m != nil {
		return *m
	}
	return nil
}

func (t *table[K, V]) get(key K) *V {
	if v, ok := t.all()[key]; ok {
		return v
	}
	t.adding.Lock()
	defer t.adding.Unlock()
	before := t.all()
	if len(before) >= most {
		var rest K
		key = rest
	}
	if v, ok := before[key]; ok {
		return v
	}
	after := maps.Clone(before)
	if after == nil {
		after = map[K]*V{}
	}
	v := new(V)
	after[key] = v
	t.now.Store(&after)
	return v
}
