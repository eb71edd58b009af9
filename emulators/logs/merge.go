package logs

import "container/heap"

// run is events of a stream, in order.
type run struct {
	stream string
	events []event
}

// merge makes one order of the events of several streams, from the first ahead or from the
// last back: a heap of runs that looks at no more events than it is asked for.
type merge struct {
	ahead bool
	runs  []run // none is empty
}

// first takes the first events, n of them or all.
func (m *merge) first(n int) []found {
	heap.Init(m)
	var out []found
	for len(out) < n && len(m.runs) > 0 {
		r := &m.runs[0]
		e, last := m.head(r), len(r.events)-1
		out = append(out, found{e, r.stream})
		switch {
		case last == 0:
			heap.Pop(m)
			continue
		case m.ahead:
			r.events = r.events[1:]
		default:
			r.events = r.events[:last]
		}
		heap.Fix(m, 0)
	}
	return out
}

func (m *merge) head(r *run) event {
	if m.ahead {
		return r.events[0]
	}
	return r.events[len(r.events)-1]
}

// Len, Less, Swap, Push and Pop implement heap.Interface; no two events have one key.
func (m *merge) Len() int { return len(m.runs) }

func (m *merge) Less(i, j int) bool {
	order := m.head(&m.runs[i]).compare(m.head(&m.runs[j]).key)
	return order < 0 == m.ahead
}

func (m *merge) Swap(i, j int) { m.runs[i], m.runs[j] = m.runs[j], m.runs[i] }

func (m *merge) Push(x any) { m.runs = append(m.runs, x.(run)) }

func (m *merge) Pop() any {
	last := len(m.runs) - 1
	r := m.runs[last]
	m.runs = m.runs[:last]
	return r
}
