package live

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Look is a look at the run.
type Look struct {
	At  time.Time
	Now scenarios.Snapshot
}

// Said is something to tell the user, such as that the run is being stopped.
type Said string

// Options are what a Model shows and whom it asks.
type Options struct {
	Scenario *scenarios.Scenario
	// Began is when the run did.
	Began time.Time
	// Look is asked every quarter of a second.
	Look func() Look
	// Interrupt is called when the user presses Ctrl-C.
	Interrupt func()
	// Notes stand at the bottom, such as the address of the console.
	Notes []string
}

// Model is the view's state. It implements tea.Model.
type Model struct {
	Options

	width, height int
	now           scenarios.Snapshot
	at            time.Time
	phases        phases
	history       history
	delays        delays
	said          string
}

// every is how often the run is looked at.
const every = 250 * time.Millisecond

// New makes a Model.
func New(o Options) *Model { return &Model{Options: o, at: o.Began, width: 80, height: 24} }

// Init implements tea.Model.
func (m *Model) Init() tea.Cmd { return m.again() }

func (m *Model) again() tea.Cmd {
	return tea.Tick(every, func(time.Time) tea.Msg { return m.Look() })
}

// Update implements tea.Model.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case Look:
		m.see(msg)
		return m, m.again()
	case Said:
		m.said = string(msg)
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			m.Interrupt()
		}
	}
	return m, nil
}

// View implements tea.Model.
func (m *Model) View() tea.View {
	v := tea.NewView(m.Frame())
	v.AltScreen = true
	v.WindowTitle = "shakedown " + m.Scenario.Name
	return v
}

func (m *Model) see(l Look) {
	m.at, m.now = l.At, l.Now
	m.phases.see(m, l)
	if l.Now.Phase == scenarios.Running || l.Now.Phase == scenarios.Draining {
		m.history.add(mark{l.At, l.Now.Elapsed, valuesOf(l.Now)})
	}
	m.delays.see(l)
}

// delays are those of the last few seconds.
type delays struct{ looks []Look }

// delaySpan is the real time over which percentiles are taken.
const delaySpan = 10 * time.Second

func (d *delays) see(l Look) {
	d.looks = append(d.looks, l)
	for len(d.looks) > 2 && l.At.Sub(d.looks[1].At) >= delaySpan {
		d.looks = d.looks[1:]
	}
}

// of are the delays to a stage lately, or those of the whole run when there were
// none lately.
func (d *delays) of(stage func(scenarios.Snapshot) ledger.Delays) ledger.Delays {
	if len(d.looks) == 0 {
		return ledger.Delays{}
	}
	all := stage(d.looks[len(d.looks)-1].Now)
	if lately := all.Since(stage(d.looks[0].Now)); lately.Count() > 0 {
		return lately
	}
	return all
}
