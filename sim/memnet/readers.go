package memnet

import "sync"

// spareReaders bounds the goroutines that are kept for the next call.
const spareReaders = 64

// readers are the goroutines of a network that call those who wait for bytes. A
// goroutine that has read through TLS has a large stack: few with large stacks call
// many connections, instead of each waiting with its own, or growing a new one for
// each packet. Spare ones end with the last connection that waits.
type readers struct {
	mu      sync.Mutex
	waiting int           // connections
	spare   []chan func() // of goroutines with nothing to do, the warmest last
}

// expect says that a call will follow.
func (r *readers) expect() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting++
}

// call makes an expected call, by a goroutine that the caller does not wait for.
func (r *readers) call(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting--
	if last := len(r.spare) - 1; last >= 0 {
		r.spare[last] <- f // which has room
		r.spare = r.spare[:last]
	} else {
		go r.serve(f)
	}
	if r.waiting > 0 {
		return
	}
	for _, next := range r.spare {
		close(next)
	}
	r.spare = nil
}

// serve makes a call, and then those that are handed to it.
func (r *readers) serve(f func()) {
	next := make(chan func(), 1)
	for ok := true; ok && f != nil; {
		f()
		if ok = r.rest(next); ok {
			f = <-next
		}
	}
}

// rest offers a goroutine for the next call; false when none is needed.
func (r *readers) rest(next chan func()) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == 0 || len(r.spare) >= spareReaders {
		return false
	}
	r.spare = append(r.spare, next)
	return true
}
