package quota

import (
	"sync"
	"time"
)

type work struct {
	mu          sync.Mutex
	starts      meter
	running     int64
	most        int64
	ran         time.Duration
	invocations int64
}

// Invoke enters the begin of an invocation; mapping is that of a stream, or empty.
func (c *Counter) Invoke(mapping string, at time.Time) {
	if !c.counting() {
		return
	}
	if mapping != "" {
		c.streams.mu.Lock()
		if len(c.streams.consumers) < 1000 {
			c.streams.consumers[mapping] = true
		}
		c.streams.mu.Unlock()
	}
	w := &c.work
	w.mu.Lock()
	defer w.mu.Unlock()
	w.invocations++
	c.rate(&w.starts, at, 1, 0, 0, 0)
	w.running++
	if !c.parting() {
		w.most = max(w.most, w.running)
	}
	w.ran -= c.since(at) // and its end is added: no need to know which began when
}

// Return enters the end of an invocation.
func (c *Counter) Return(at time.Time) {
	if !c.counting() {
		return
	}
	w := &c.work
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running == 0 {
		return // it began before Start
	}
	w.running--
	w.ran += c.since(at)
}

// since is the time since Start.
func (c *Counter) since(at time.Time) time.Duration {
	return time.Duration(at.UnixNano() - c.started.Load())
}
