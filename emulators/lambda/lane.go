package lambda

import (
	"bytes"
	"cmp"
	"container/heap"
	"time"
)

// lane is the asynchronous queue of one function.
type lane struct {
	function string
	waiting  agenda
	added    int // events, ever
	started  bool
	wake     chan struct{}
}

// add puts an event where it is due. The caller holds mu.
func (l *lane) add(e *asyncEvent) {
	l.added++
	e.place = l.added
	heap.Push(&l.waiting, e)
}

// due takes what is due, in order. The caller holds mu.
func (l *lane) due(now time.Time) []*asyncEvent {
	var due []*asyncEvent
	for len(l.waiting) > 0 && !l.waiting[0].due.After(now) {
		due = append(due, heap.Pop(&l.waiting).(*asyncEvent))
	}
	return due
}

// agenda is events by due time, then payload, then in the order they came in: a heap, for
// of a function that fails there may be very many.
type agenda []*asyncEvent

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (a agenda) Len() int { return len(a) }

func (a agenda) Less(i, j int) bool {
	if order := a[i].due.Compare(a[j].due); order != 0 {
		return order < 0
	}
	return cmp.Or(bytes.Compare(a[i].payload, a[j].payload), cmp.Compare(a[i].place, a[j].place)) < 0
}

func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

func (a *agenda) Push(x any) { *a = append(*a, x.(*asyncEvent)) }

func (a *agenda) Pop() any {
	last := len(*a) - 1
	e := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	return e
}
