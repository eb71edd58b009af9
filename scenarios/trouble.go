package scenarios

import (
	"fmt"
	"sort"
	"sync"
)

// trouble counts what went wrong, by kind, with the first words of the first.
type trouble struct {
	mu    sync.Mutex
	count map[string]int
	first map[string]string
}

// maxTroubles bounds the kinds that are told apart.
const maxTroubles = 100

func (t *trouble) add(kind, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil {
		t.count, t.first = map[string]int{}, map[string]string{}
	}
	if t.count[kind] == 0 {
		if len(t.count) >= maxTroubles {
			return
		}
		t.first[kind] = text
	}
	t.count[kind]++
}

// lines words the troubles, sorted by kind.
func (t *trouble) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for kind, n := range t.count {
		lines = append(lines, fmt.Sprintf("%s, %d times, first: %.200s", kind, n, t.first[kind]))
	}
	sort.Strings(lines)
	return lines
}
