package process

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
)

// ErrBusy tells that as many processes run as may.
var ErrBusy = errors.New("as many processes run as may")

// Pool runs the processes of functions: at most Host.Limit at a time. The zero
// value is not usable; make one with NewPool.
type Pool struct {
	host Host

	mu      sync.Mutex
	idle    []*sandbox // longest idle first
	running int        // processes, idle ones too
	live    map[*sandbox]bool
	keep    bool
	stops   int // calls of Stop
}

// NewPool makes a Pool that keeps no idle processes until Keep.
func NewPool(h Host) *Pool { return &Pool{host: h.orDefault(), live: map[*sandbox]bool{}} }

// Invoke runs an invocation in an idle process of the function, or in a new one,
// and waits for its end: at most the timeout and ten seconds of init. The id is
// unique. Errors: ErrBusy, and what keeps a process from being made; what the
// function does wrong is an Outcome.
func (p *Pool) Invoke(f *Function, inv Invocation) (Outcome, error) {
	b, err := p.take(f, inv)
	if err != nil {
		return Outcome{}, err
	}
	b.output.begin()
	outcome, alive := b.run(inv)
	outcome.Log = b.output.last()
	p.put(b, alive)
	return outcome, nil
}

// take finds an idle process of the function or makes one. The process counts
// until put has stopped it.
func (p *Pool) take(f *Function, inv Invocation) (*sandbox, error) {
	p.mu.Lock()
	stops := p.stops
	p.mu.Unlock()
	b, evicted, err := p.claim(f)
	if evicted != nil {
		p.stop(evicted)
	}
	if b != nil || err != nil {
		return b, err
	}
	if b, err = start(f, p.host, strings.ReplaceAll(inv.ID, "-", "")); err != nil {
		p.free()
		return nil, err
	}
	p.mu.Lock()
	p.live[b] = true
	stopped := p.stops != stops
	p.mu.Unlock()
	if stopped {
		b.kill()
	}
	return b, nil
}

// claim takes an idle process of the function, or answers nil and counts a new
// one. That may need the place of another: of one that has exited, or else of
// the one that is idle for longest.
func (p *Pool) claim(f *Function) (b, evicted *sandbox, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := slices.IndexFunc(p.idle, func(b *sandbox) bool { return b.function == f })
	switch {
	case at >= 0 && !p.idle[at].gone():
		b = p.idle[at]
		p.idle = slices.Delete(p.idle, at, at+1)
		return b, nil, nil
	case at < 0 && p.running < p.host.Limit:
		p.running++
		return nil, nil, nil
	case len(p.idle) == 0:
		return nil, nil, ErrBusy
	}
	at = max(at, 0)
	evicted = p.idle[at]
	p.idle = slices.Delete(p.idle, at, at+1)
	return nil, evicted, nil
}

// put keeps a process for the next invocation, or stops it.
func (p *Pool) put(b *sandbox, alive bool) {
	p.mu.Lock()
	if alive && p.keep && !b.function.isRetired() {
		p.idle = append(p.idle, b)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.stop(b)
	p.free()
}

func (p *Pool) stop(b *sandbox) {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.live, b)
		close(b.stopped)
	}()
	if err := b.stop(); err != nil {
		p.host.Log.Warn("stopping a process", "function", b.function.spec.Name, "error", err)
	}
}

// free uncounts a process.
func (p *Pool) free() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
}

// Keep makes the pool keep idle processes, or stops all of them; it waits until
// those are gone.
func (p *Pool) Keep(keep bool) {
	p.mu.Lock()
	p.keep = keep
	p.mu.Unlock()
	if !keep {
		p.stopIdle(func(*sandbox) bool { return true })
	}
}

// Stop kills every process, busy or idle, and waits until they and their files
// are gone. Busy ones end as function errors. Keep(true) opens the pool again.
func (p *Pool) Stop() {
	p.mu.Lock()
	p.keep = false
	p.stops++
	live := slices.Collect(maps.Keys(p.live))
	p.mu.Unlock()
	p.stopIdle(func(*sandbox) bool { return true })
	for _, b := range live {
		b.kill()
	}
	for _, b := range live {
		<-b.stopped
	}
}

// Retire stops the idle processes of a function that is no more, or has new
// code; those that are busy stop after their invocation.
func (p *Pool) Retire(f *Function) {
	f.retire()
	p.stopIdle(func(b *sandbox) bool { return b.function == f })
}

func (p *Pool) stopIdle(which func(*sandbox) bool) {
	p.mu.Lock()
	var stopping, staying []*sandbox
	for _, b := range p.idle {
		if which(b) {
			stopping = append(stopping, b)
		} else {
			staying = append(staying, b)
		}
	}
	p.idle = staying
	p.mu.Unlock()
	for _, b := range stopping {
		p.put(b, false)
	}
}
