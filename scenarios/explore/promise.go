package explore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// Promise is what must hold in every run.
type Promise string

// The promises, the ones about the run itself first.
const (
	// NoPanic also covers goroutines that are left and a cloud that fails.
	NoPanic Promise = "nothing panics and nothing is left running"
	// NoStall is that the virtual clock neither stands still nor runs away.
	NoStall Promise = "the run comes to its end"
	// Drained is that nothing is on its way once the faults have healed.
	Drained Promise = "after healing everything drains"
	// Repeatable is that the same seed gives the same hash.
	Repeatable Promise = "the same scenario runs the same way"
	// NotLost is that an acknowledged message is stored or set aside with a reason.
	NotLost Promise = "no acknowledged message is lost"
	// NotCorrupted is that what is stored is what the device sent.
	NotCorrupted Promise = "no message is stored with another value"
	// Forward is that the state of a device never gets older.
	Forward Promise = "device state never goes back in time"
	// Alerted, Asked and Once are that each crossing has one alert; with the same id
	// it may repeat where a fault hit calls or functions: at least once.
	Alerted Promise = "each crossing is alerted"
	Asked   Promise = "no alert without a crossing"
	Once    Promise = "an alert is sent once"
	// SetAsideOnce is that the dead-letter queue holds a record once under one
	// reason, with the same exception as for alerts.
	SetAsideOnce Promise = "a dead letter is written once"
	// Obeyed is that without faults each command is acted on.
	Obeyed Promise = "without faults each command is acted on"
)

// Promises lists them, in the words in which features name them.
func Promises() []Promise {
	return []Promise{NoPanic, NoStall, Drained, Repeatable, NotLost, NotCorrupted, Forward, Alerted, Asked, Once, SetAsideOnce, Obeyed}
}

// Failure is a promise that was broken.
type Failure struct {
	Promise Promise `json:"promise"`
	// Sink is where a message is missing; empty for other promises.
	Sink string `json:"sink,omitempty"`
	// Text says what happened, of many the first.
	Text string `json:"text"`
}

// String is the failure in one line.
func (f Failure) String() string {
	if f.Sink != "" {
		return fmt.Sprintf("broken: %s (%s): %s", f.Promise, f.Sink, f.Text)
	}
	return fmt.Sprintf("broken: %s: %s", f.Promise, f.Text)
}

// Like tells whether two failures are of one kind: what shrinking must keep.
func (f Failure) Like(other Failure) bool { return f.Promise == other.Promise && f.Sink == other.Sink }

// Check holds an outcome to the promises. Without a witness it leaves out what
// only one standing next to the cloud can tell.
func check(s *scenarios.Scenario, o *scenarios.Outcome, w *witness) []Failure {
	c := checker{scenario: s, outcome: o, letters: o.Evidence.DeadLetters}
	if !o.Evidence.Drained {
		c.broken(Drained, "", "the pipeline had not come to rest %s after the fleet's end", s.Drain)
	}
	c.stored()
	c.setAside()
	for _, text := range w.back {
		c.broken(Forward, "", "%s", text)
	}
	for _, g := range s.Fleet {
		for i := range g.Count {
			c.alerts(thingOf(g, i), w)
		}
	}
	c.commands()
	return c.failures
}

type checker struct {
	scenario *scenarios.Scenario
	outcome  *scenarios.Outcome
	letters  []ledger.DeadLetter
	failures []Failure
}

// broken enters a failure: of each kind the first, with the number of all.
func (c *checker) broken(p Promise, sink, format string, args ...any) {
	f := Failure{Promise: p, Sink: sink, Text: fmt.Sprintf(format, args...)}
	if !slices.ContainsFunc(c.failures, f.Like) {
		c.failures = append(c.failures, f)
	}
}

// stored holds the fates to NotLost and NotCorrupted. That a message is set aside
// counts only where the letter is from whom the sink gets its messages.
func (c *checker) stored() {
	from := map[string]map[string]bool{}
	key := func(thing string, sum ledger.Sum) string { return fmt.Sprintf("%s %x", thing, sum) }
	for _, d := range c.letters {
		k := key(d.Thing, d.Sum)
		if from[k] == nil {
			from[k] = map[string]bool{}
		}
		from[k][d.Function] = true
		from[k][d.Reason] = d.Function == ""
	}
	for _, m := range c.outcome.Ledger.Messages() {
		letters := from[key(m.ID.Thing, m.Sum)]
		for _, sink := range []ledger.Sink{ledger.Archive, ledger.TimeSeries, ledger.State} {
			switch v := m.Fate(sink); v.Fate {
			case ledger.Lost:
				c.broken(NotLost, sink.String(), "%s: %s", m.ID, v.Reason)
			case ledger.Corrupted:
				if !c.collides(m) {
					c.broken(NotCorrupted, sink.String(), "%s: %s", m.ID, v.Reason)
				}
			case ledger.DeadLettered:
				if !excused(sink, letters) {
					c.broken(NotLost, sink.String(), "%s: the only dead letter is of another part: %s", m.ID, v.Reason)
				}
			}
		}
	}
}

// collides tells whether a point of the message was rejected because another one
// of the device has its timestamp: its clock went back. The other one is stored.
func (c *checker) collides(m *ledger.Message) bool {
	return slices.ContainsFunc(c.letters, func(d ledger.DeadLetter) bool {
		return d.Thing == m.ID.Thing && d.Timestamp == m.Timestamp && d.Reason == "rejected"
	})
}

// excused tells whether one of those who feed a sink has set the message aside.
func excused(sink ledger.Sink, letters map[string]bool) bool {
	if sink == ledger.Archive {
		return letters["rule ArchiveToS3 failed"]
	}
	return letters["rule TelemetryToKinesis failed"] || letters[pipeline.StreamProcessor]
}

// hit tells whether a fault hits calls, functions or the stream: there everything
// comes at least once.
func (c *checker) hit() bool {
	return slices.ContainsFunc(c.scenario.Faults, func(f fault.Fault) bool {
		place := f.Kind.Place()
		return place == fault.OnService || place == fault.OnFunction || place == fault.OnStream
	})
}

// alerts holds the alerts of one device to Alerted, Asked and Once.
func (c *checker) alerts(thing string, w *witness) {
	must, may := expected(thing, w.records[thing]), map[string]bool{}
	if slices.ContainsFunc(c.letters, func(d ledger.DeadLetter) bool { return d.Thing == thing && d.Function == pipeline.AlertHandler }) {
		may, must = possible(thing, w.records[thing]), nil
	}
	for _, id := range slices.Sorted(maps.Keys(must)) {
		if len(w.alerts[id]) == 0 {
			c.broken(Alerted, "", "no alert %s", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.alerts)) {
		if !strings.HasPrefix(id, thing+"/") {
			continue
		}
		sent := w.alerts[id]
		switch {
		case !must[id] && !may[id]:
			c.broken(Asked, "", "alert %s", id)
		case len(sent) > 1 && !c.hit():
			c.broken(Once, "", "alert %s was sent %d times", id, len(sent))
		case len(slices.Compact(slices.Clone(sent))) > 1:
			c.broken(Once, "", "alert %s was sent with different contents", id)
		}
	}
}

// setAside holds the dead letters to SetAsideOnce. Those of a rule may be as many
// as the broker accepted the message.
func (c *checker) setAside() {
	if c.hit() {
		return
	}
	times := map[string]int{}
	for _, d := range c.letters {
		if d.ID == "" {
			continue
		}
		k := d.ID + ": " + d.Reason
		if times[k]++; times[k] == 2 {
			c.broken(SetAsideOnce, "", "%s", k)
		}
	}
}

// rebooting is for how long a device that reboots may not listen.
const rebooting = time.Minute

// commands holds the commands, which are in the order of their times, to Obeyed.
func (c *checker) commands() {
	if len(c.scenario.Faults) > 0 {
		return
	}
	booted := map[string]time.Time{}
	for _, order := range c.outcome.Result.Commands {
		if order.Acted.IsZero() && order.Sent.Sub(booted[order.Thing]) > rebooting {
			c.broken(Obeyed, "", "%s did not act on %s", order.Thing, order.Action)
		}
		if order.Action == "reboot" {
			booted[order.Thing] = order.Sent
		}
	}
}
