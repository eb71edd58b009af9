package fault

import (
	"sort"
	"sync"
	"sync/atomic"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// Injector applies faults of services, the stream and functions. It is safe for
// concurrent use. While no fault is active it costs one atomic load a call.
type Injector struct {
	seed uint64
	// now are the active faults by id; nil when there are none. It is replaced,
	// never changed.
	now atomic.Pointer[[]*active]

	mu   sync.Mutex // of what follows, and of writing now
	hits map[int]*atomic.Int64
}

// New makes an Injector without faults. The seed is the scenario's.
func New(seed uint64) *Injector {
	return &Injector{seed: seed, hits: map[int]*atomic.Int64{}}
}

// Begin starts a fault; id is its index in the schedule. A fault that is active
// under this id ends. Kinds that act elsewhere, such as on links, do nothing here.
// In a bubble, Begin must be called inside it.
func (i *Injector) Begin(id int, f simfault.Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.hits[id] == nil {
		i.hits[id] = new(atomic.Int64)
	}
	list := append(i.without(id), &active{Fault: f, id: id, seed: i.seed, hits: i.hits[id], over: make(chan struct{})})
	sort.Slice(list, func(a, b int) bool { return list[a].id < list[b].id })
	i.now.Store(&list)
}

// End ends a fault: what it holds back goes on. Its hits stay counted.
func (i *Injector) End(id int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	list := i.without(id)
	if len(list) == 0 {
		i.now.Store(nil)
		return
	}
	i.now.Store(&list)
}

// without is a copy of the active faults without one, which it ends.
func (i *Injector) without(id int) []*active {
	var list []*active
	for _, a := range i.active() {
		if a.id == id {
			close(a.over)
			continue
		}
		list = append(list, a)
	}
	return list
}

// Hits is how often the fault did something: calls, invocations or reads.
func (i *Injector) Hits(id int) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	if n := i.hits[id]; n != nil {
		return int(n.Load())
	}
	return 0
}

func (i *Injector) active() []*active {
	if list := i.now.Load(); list != nil {
		return *list
	}
	return nil
}

// befalling are the active faults that the function picks, the outermost first.
func (i *Injector) befalling(pick func(*active) bool) []*active {
	var list []*active
	for _, a := range i.active() {
		if pick(a) {
			list = append(list, a)
		}
	}
	return list
}
