package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/term"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/live"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// display shows how a run comes along.
type display interface {
	start()
	// say tells the user something at once.
	say(text string)
	// stop ends the display; the terminal is as it was.
	stop()
	// restore makes the terminal as it was at once: the process is about to end.
	restore()
}

// newDisplay is a live view where there is a terminal for one, else lines.
// press is called for Ctrl-C, which is a key while the view has the terminal.
func newDisplay(stderr io.Writer, lines bool, s *scenarios.Scenario, state *scenarios.Progress, press func(), notes []string) display {
	if !lines && interactive(stderr, os.Getenv) {
		return newLiveView(stderr.(*os.File), live.Options{
			Scenario: s, Began: time.Now(), Interrupt: press, Notes: notes,
			Look: func() live.Look { return live.Look{At: time.Now(), Now: state.Snapshot()} },
		}, newProgress(stderr, s, state))
	}
	return newProgress(stderr, s, state)
}

// interactive tells whether a person watches: there is a terminal at both ends that
// can do more than lines, and no machine has asked for the run.
func interactive(stderr io.Writer, env func(string) string) bool {
	f, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())) {
		return false
	}
	return env("CI") == "" && env("TERM") != "" && env("TERM") != "dumb"
}

// liveView is a display of the whole terminal. It is outside the run's bubble.
type liveView struct {
	program *tea.Program
	plain   *progress // for when the terminal does not do
	running sync.WaitGroup
	failed  bool // read after running.Wait
	stopped atomic.Bool
}

func newLiveView(out *os.File, o live.Options, plain *progress) *liveView {
	options := []tea.ProgramOption{tea.WithOutput(out), tea.WithoutSignalHandler()}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		options = append(options, tea.WithInput(nil)) // Ctrl-C is a signal then
	}
	return &liveView{program: tea.NewProgram(live.New(o), options...), plain: plain}
}

func (v *liveView) start() {
	v.running.Go(func() {
		if _, err := v.program.Run(); err != nil && !v.stopped.Load() {
			fmt.Fprintf(v.plain.w, "live view: %v; lines instead\n", err)
			v.failed = true
			v.plain.start()
		}
	})
}

func (v *liveView) say(text string) { v.program.Send(live.Said(text)) }

func (v *liveView) restore() {
	v.stopped.Store(true)
	v.program.Kill()
}

func (v *liveView) stop() {
	v.stopped.Store(true)
	v.program.Quit()
	v.running.Wait()
	if v.failed {
		v.plain.stop()
	}
}
