package fault

import "sync"

// attempts counts how often each thing was tried. It is bounded: of the things
// not tried during the last maxAttempts new ones it may forget, so that those
// start anew.
type attempts struct {
	mu             sync.Mutex
	recent, before map[string]int
}

const maxAttempts = 1 << 16

// next is the number of the try, from 0.
func (t *attempts) next(what string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.recent[what]
	if !ok {
		n = t.before[what]
		if t.recent == nil || len(t.recent) >= maxAttempts {
			t.recent, t.before = map[string]int{}, t.recent
		}
	}
	t.recent[what] = n + 1
	return n
}
