package scenarios

import (
	"fmt"
	"sort"
	"strings"
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
		t.first[kind] = bothEnds(text)
	}
	t.count[kind]++
}

// lines words the troubles, sorted by kind. Kinds of one subject ("function f:
// failed", "function f: retried") with one cause share a line.
func (t *trouble) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	kinds := make([]string, 0, len(t.count))
	for kind := range t.count {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	var lines []string
	words := map[string][]string{} // of a subject and a cause: what happened, and how often
	for _, kind := range kinds {
		about := aboutOf(kind, t.first[kind])
		words[about] = append(words[about], what(kind)+", "+times(t.count[kind]))
	}
	for _, kind := range kinds {
		about := aboutOf(kind, t.first[kind])
		if list := words[about]; list != nil {
			subject := strings.TrimSuffix(kind, what(kind))
			lines = append(lines, fmt.Sprintf("%s%s, first: %s", subject, strings.Join(list, "; "), t.first[kind]))
			delete(words, about)
		}
	}
	return lines
}

// what is the end of a kind, behind its subject.
func what(kind string) string {
	if i := strings.LastIndex(kind, ": "); i >= 0 {
		return kind[i+2:]
	}
	return kind
}

func aboutOf(kind, first string) string {
	return strings.TrimSuffix(kind, what(kind)) + "\x00" + first
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// bothEnds shortens a text in its middle: an SDK's error begins with the call and
// ends with what the service said.
func bothEnds(text string) string {
	const head, tail = 240, 240
	runes := []rune(text)
	if len(runes) <= head+tail {
		return text
	}
	end := string(runes[len(runes)-tail:])
	if _, whole, ok := strings.Cut(end, " "); ok {
		end = whole // from a word's beginning: half of an error's name says nothing
	}
	return string(runes[:head]) + " … " + end
}
