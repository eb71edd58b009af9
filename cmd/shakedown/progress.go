package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// progress shows how a run comes along: one line rewritten in a terminal, a
// line every few seconds in a pipe or CI.
type progress struct {
	w        io.Writer
	scenario *scenarios.Scenario
	state    *scenarios.Progress
	terminal bool
	every    time.Duration
	quit     chan struct{}
	done     sync.WaitGroup
	began    time.Time
}

func newProgress(w io.Writer, s *scenarios.Scenario, state *scenarios.Progress) *progress {
	p := &progress{w: w, scenario: s, state: state, every: 5 * time.Second, quit: make(chan struct{})}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.terminal, p.every = true, 200*time.Millisecond
	}
	return p
}

func (p *progress) start() {
	p.began = time.Now()
	fmt.Fprintf(p.w, "%s: %d devices, %s, %s clock, seed %d\n",
		p.scenario.Name, p.scenario.Devices(), p.scenario.Duration, p.scenario.Clock, p.scenario.Seed)
	p.done.Go(func() {
		ticker := time.NewTicker(p.every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.show()
			case <-p.quit:
				if p.terminal {
					fmt.Fprint(p.w, "\r\x1b[K")
				}
				return
			}
		}
	})
}

func (p *progress) show() {
	s := p.state.Snapshot()
	line := fmt.Sprintf("%-9s %8s  connected %d  sent %d  acked %d  archived %d  written %d",
		s.Phase, s.Elapsed.Truncate(100*time.Millisecond), s.Connected, s.Sent, s.Acked, s.Archived, s.Written)
	if s.Phase == scenarios.Deploying && s.Signed+s.Provisioned > 0 {
		line = fmt.Sprintf("%-9s %8s  %d certificates made, %d of %d things provisioned",
			s.Phase, time.Since(p.began).Truncate(100*time.Millisecond), s.Signed, s.Provisioned, p.scenario.Devices())
	}
	if s.Phase == scenarios.Auditing {
		line = fmt.Sprintf("%-9s %8s  %d objects and points read back", s.Phase, s.Elapsed.Truncate(100*time.Millisecond), s.Found)
	}
	if p.scenario.Clock == scenarios.VirtualClock {
		line += fmt.Sprintf("  (%s real)", time.Since(p.began).Truncate(100*time.Millisecond))
	}
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K"+line)
		return
	}
	fmt.Fprintln(p.w, line)
}

// say and restore implement display; one line needs no restoring.
func (p *progress) say(text string) { fmt.Fprintln(p.w, "\n"+text) }
func (p *progress) restore()        {}

func (p *progress) stop() {
	close(p.quit)
	p.done.Wait()
}
