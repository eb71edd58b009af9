package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/shakedown-iot/shakedown/scenarios/explore"
)

// exploreProgress shows a search: one line rewritten in a terminal, a line every
// few seconds in a pipe or CI, and a line for each find.
type exploreProgress struct {
	w        io.Writer
	seeds    int
	state    explore.Progress
	terminal bool
	every    time.Duration
	began    time.Time
	quit     chan struct{}
	done     sync.WaitGroup
	writing  sync.Mutex
}

func newExploreProgress(w io.Writer, seeds int) *exploreProgress {
	p := &exploreProgress{w: w, seeds: seeds, every: 5 * time.Second, quit: make(chan struct{})}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.terminal, p.every = true, 200*time.Millisecond
	}
	return p
}

func (p *exploreProgress) start(from uint64, budget time.Duration) {
	p.began = time.Now()
	fmt.Fprintf(p.w, "exploring %d seeds from %d, budget %s\n", p.seeds, from, budget)
	p.done.Go(func() {
		ticker := time.NewTicker(p.every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.line(p.text())
			case <-p.quit:
				if p.terminal {
					fmt.Fprint(p.w, "\r\x1b[K")
				}
				return
			}
		}
	})
}

func (p *exploreProgress) text() string {
	return fmt.Sprintf("%d of %d seeds, %d failing, %d shrinking, %s",
		p.state.Done(), p.seeds, p.state.Failing(), p.state.Shrinking(), time.Since(p.began).Truncate(100*time.Millisecond))
}

func (p *exploreProgress) line(text string) {
	p.writing.Lock()
	defer p.writing.Unlock()
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K"+text)
		return
	}
	fmt.Fprintln(p.w, text)
}

// found tells a find at once: a search may be long.
func (p *exploreProgress) found(f explore.Find) {
	text := fmt.Sprintf("seed %d %s", f.Seed, f.Failure)
	if p.terminal {
		text += "\n"
	}
	p.line(text)
}

func (p *exploreProgress) stop() {
	close(p.quit)
	p.done.Wait()
}
