package live

import (
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// phase is a part of a run as the view names them.
type phase int

const (
	deploy phase = iota
	ramp
	run
	drain
	audit
)

var phaseNames = [...]string{"deploy", "ramp", "run", "drain", "audit"}

// phases is where a run is.
type phases struct {
	now    phase
	since  time.Time     // real time
	behind time.Duration // the run's clock then
	gone   time.Time     // the last device has left, and the pipeline drains
}

// see moves on to the phase of a look; a run never goes back.
func (p *phases) see(m *Model, l Look) {
	now := deploy
	switch l.Now.Phase {
	case scenarios.Running:
		now = run
		if l.Now.Connected < m.Scenario.Devices() && l.Now.Elapsed < rampOf(m.Scenario) {
			now = ramp
		}
	case scenarios.Draining:
		now = drain
	case scenarios.Auditing:
		now = audit
	}
	if now > p.now || p.since.IsZero() {
		*p = phases{now: max(now, p.now), since: l.At, behind: l.Now.Elapsed}
	}
	if p.now == drain && p.gone.IsZero() && l.Now.Connected == 0 {
		p.gone = l.At
	}
}

// rampOf is the time over which the last group connects.
func rampOf(s *scenarios.Scenario) time.Duration {
	longest := time.Duration(0)
	for _, g := range s.Fleet {
		longest = max(longest, g.Ramp)
	}
	return longest
}

// course is how far a phase has come.
type course struct {
	done float64 // 0 to 1; negative when nobody knows
	text string
	left time.Duration // real time; negative when nobody knows
}

// course tells how far the run has come in its phase.
func (m *Model) course() course {
	spent := m.at.Sub(m.phases.since)
	switch m.phases.now {
	case deploy:
		n, what := m.now.Provisioned, "things"
		if n == 0 && m.now.Signed > 0 {
			n, what = m.now.Signed, "certificates" // which take longer
		}
		c := portion(n, m.Scenario.Devices(), spent)
		c.text = fmt.Sprintf("%s of %s %s", count(n), count(m.Scenario.Devices()), what)
		return c
	case ramp, run:
		return m.running()
	case drain:
		if m.phases.gone.IsZero() {
			return course{-1, fmt.Sprintf("%s, %s of %s still connected", tenths(spent), count(m.now.Connected), count(m.Scenario.Devices())), -1}
		}
		return course{-1, fmt.Sprintf("%s, at most %s", tenths(m.at.Sub(m.phases.gone)), m.Scenario.Drain), -1}
	}
	c := portion(m.now.Found, m.toFind(), spent)
	c.text = count(m.now.Found) + " objects and points read back"
	return c
}

// portion is so many of so many; at that pace the rest takes as long.
func portion(n, of int, spent time.Duration) course {
	if n <= 0 || of <= 0 {
		return course{done: -1, left: -1}
	}
	done := min(float64(n)/float64(of), 1)
	return course{done: done, left: time.Duration(float64(spent) * (1 - done) / done)}
}

// running is the course of the fleet: by the clock, which in virtual time goes at
// the pace it has gone at.
func (m *Model) running() course {
	elapsed, total := m.now.Elapsed, m.Scenario.Duration
	c := course{done: min(float64(elapsed)/float64(total), 1), left: max(total-elapsed, 0)}
	c.text = fmt.Sprintf("%s of %s", tenths(elapsed), total)
	if m.phases.now == ramp {
		c.text = fmt.Sprintf("%s of %s connected, ", count(m.now.Connected), count(m.Scenario.Devices())) + c.text
	}
	if m.Scenario.Clock == scenarios.VirtualClock {
		spent, went := m.at.Sub(m.phases.since), elapsed-m.phases.behind
		if spent <= 0 || went <= 0 {
			c.left = -1
			return c
		}
		c.left = time.Duration(float64(c.left) * float64(spent) / float64(went))
		c.text += fmt.Sprintf(", %s times real time", count(int(went/spent)))
	}
	return c
}

// toFind is about how much a read-back finds: an object a message, a point a metric.
func (m *Model) toFind() int {
	metrics, devices := 0, 0
	for _, g := range m.Scenario.Fleet {
		n := len(g.Signals)
		if n == 0 {
			n = 4 // the source's firmware
		}
		metrics, devices = metrics+n*g.Count, devices+g.Count
	}
	if devices == 0 {
		return 0
	}
	return m.now.Archived + m.now.Written*metrics/devices
}

// tenths is a duration to a tenth of a second.
func tenths(d time.Duration) string { return d.Truncate(100 * time.Millisecond).String() }
