package scheduler

import (
	"cmp"
	"container/heap"
	"time"
)

// agenda is the schedules that have something to do, in the order of when they have, and
// then of their names: a heap.
type agenda []*schedule

// wakes is when a schedule has something to do; zero is never.
func (s *schedule) wakes() time.Time {
	switch {
	case s.spec.State != enabled:
		return time.Time{}
	case s.retry != nil && (s.next.IsZero() || s.retry.at.Before(s.invokes())):
		return s.retry.at
	}
	return s.invokes()
}

// put finds a schedule its place, after it was changed. The caller holds the lock of the State.
func (a *agenda) put(s *schedule) {
	at := s.wakes()
	if at.IsZero() {
		a.drop(s)
		return
	}
	s.at = at
	if s.place == 0 {
		heap.Push(a, s)
	} else {
		heap.Fix(a, s.place-1)
	}
}

// drop takes a schedule off. The caller holds the lock of the State.
func (a *agenda) drop(s *schedule) {
	if s.place > 0 {
		heap.Remove(a, s.place-1)
	}
}

// first is what has something to do first, or nil.
func (a agenda) first() *schedule {
	if len(a) == 0 {
		return nil
	}
	return a[0]
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (a agenda) Len() int { return len(a) }

func (a agenda) Less(i, j int) bool {
	if order := a[i].at.Compare(a[j].at); order != 0 {
		return order < 0
	}
	return cmp.Or(cmp.Compare(a[i].name, a[j].name), cmp.Compare(a[i].group, a[j].group)) < 0
}

func (a agenda) Swap(i, j int) {
	a[i], a[j] = a[j], a[i]
	a[i].place, a[j].place = i+1, j+1
}

func (a *agenda) Push(x any) {
	s := x.(*schedule)
	*a = append(*a, s)
	s.place = len(*a)
}

func (a *agenda) Pop() any {
	last := len(*a) - 1
	s := (*a)[last]
	(*a)[last] = nil
	*a = (*a)[:last]
	s.place = 0
	return s
}
