package topic

import "strings"

// Filters is a trie of topic filters; each filter holds one value per owner.
// It is not safe for concurrent use.
//
// Matching is AWS's, which differs from the specification in one point: a/#
// does not match a (AWS.md §1). Wildcards at the first level do not match
// topics that begin with $.
type Filters[V any] struct {
	root level[V]
}

type level[V any] struct {
	next   map[string]*level[V]
	values map[string]V // by owner
}

// Set adds or replaces owner's value at filter.
func (f *Filters[V]) Set(filter, owner string, value V) {
	n := &f.root
	for part := range strings.SplitSeq(filter, "/") {
		child := n.next[part]
		if child == nil {
			child = &level[V]{}
			if n.next == nil {
				n.next = map[string]*level[V]{}
			}
			n.next[part] = child
		}
		n = child
	}
	if n.values == nil {
		n.values = map[string]V{}
	}
	n.values[owner] = value
}

// Remove takes owner's value from filter and prunes empty levels.
func (f *Filters[V]) Remove(filter, owner string) {
	f.root.remove(strings.Split(filter, "/"), owner)
}

func (n *level[V]) remove(parts []string, owner string) {
	if len(parts) == 0 {
		delete(n.values, owner)
		return
	}
	child := n.next[parts[0]]
	if child == nil {
		return
	}
	child.remove(parts[1:], owner)
	if len(child.values) == 0 && len(child.next) == 0 {
		delete(n.next, parts[0])
	}
}

// Match calls yield with every owner and value whose filter matches topic; an
// owner with several such filters is called several times, in no order.
func (f *Filters[V]) Match(topic string, yield func(owner string, value V)) {
	f.root.match(topic, !strings.HasPrefix(topic, "$"), yield)
}

func (n *level[V]) match(topic string, wildcards bool, yield func(string, V)) {
	part, rest, more := strings.Cut(topic, "/")
	if wildcards {
		n.next["#"].all(yield)
		n.next["+"].step(rest, more, yield)
	}
	n.next[part].step(rest, more, yield)
}

func (n *level[V]) step(rest string, more bool, yield func(string, V)) {
	switch {
	case n == nil:
	case more:
		n.match(rest, true, yield)
	default:
		n.all(yield)
	}
}

func (n *level[V]) all(yield func(string, V)) {
	if n == nil {
		return
	}
	for owner, value := range n.values {
		yield(owner, value)
	}
}
