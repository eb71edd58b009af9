package ledger

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Finding is something the read-back shows that no message accounts for, such
// as an alert that no reading asked for.
type Finding struct {
	Sink Sink
	Text string
}

// Audit gives every message its fate in each sink and returns what the stores
// hold beyond the messages.
func (l *Ledger) Audit(ev Evidence, thresholds []Threshold) []Finding {
	expected := l.Crossings(thresholds)
	l.mu.Lock()
	defer l.mu.Unlock()
	sortMessages(l.messages)
	letters := indexLetters(ev.DeadLetters)
	a := audit{ev: ev, letters: letters, expected: expected}
	a.archive(l.messages)
	a.timeSeries(l.messages)
	a.state(l.messages)
	return a.alerts(l.messages)
}

func sortMessages(messages []*Message) {
	sort.Slice(messages, func(i, j int) bool {
		a, b := messages[i].ID, messages[j].ID
		if a.Thing != b.Thing {
			return a.Thing < b.Thing
		}
		return a.Seq < b.Seq
	})
}

type audit struct {
	ev       Evidence
	letters  letterIndex
	expected []ExpectedAlert
}

// absent explains why a message is in no store of a sink: the first cause on
// its way, or lost.
func (a *audit) absent(sink Sink, m *Message, missing string) Verdict {
	if d, ok := a.letters.whole(m, sink); ok {
		return Verdict{DeadLettered, strings.TrimSuffix(d.Reason+": "+d.Detail, ": ")}
	}
	trouble := m.Trouble()
	switch {
	case trouble.Refusal != "" && !m.Has(Accepted): // a refusal does not excuse what became of another try
		return Verdict{Refused, trouble.Refusal}
	case !m.Has(Accepted) && !m.Has(Sent):
		if trouble.GivenUp != "" {
			return Verdict{NeverSent, trouble.GivenUp}
		}
		return Verdict{NeverSent, "the device was down until the end"}
	case !m.Has(Accepted) && !m.Has(Acked):
		if trouble.GivenUp != "" {
			return Verdict{Unacknowledged, trouble.GivenUp}
		}
		return Verdict{Unacknowledged, "no PUBACK reached the device"}
	case !a.ev.Drained:
		return Verdict{InFlight, "the run was cut short before the pipeline had drained"}
	case trouble.Failure != "":
		return Verdict{Lost, trouble.Failure}
	}
	return Verdict{Lost, missing}
}

type sumKey struct {
	thing string
	sum   Sum
}

// letterIndex finds dead letters by payload and by point.
type letterIndex struct {
	bySum   map[sumKey][]DeadLetter
	byPoint map[Row]DeadLetter
	skipped map[string]bool // things of which the alert handler gave readings up
}

func indexLetters(letters []DeadLetter) letterIndex {
	index := letterIndex{map[sumKey][]DeadLetter{}, map[Row]DeadLetter{}, map[string]bool{}}
	for _, d := range letters {
		if d.Measure != "" {
			index.byPoint[Row{Thing: d.Thing, Time: d.Timestamp, Measure: d.Measure}] = d
			continue
		}
		if d.Sum != (Sum{}) {
			key := sumKey{d.Thing, d.Sum}
			index.bySum[key] = append(index.bySum[key], d)
			if slices.Equal(d.Sinks, []Sink{Alert}) {
				index.skipped[d.Thing] = true
			}
		}
	}
	return index
}

// undecidedText says why a crossing of such a thing is not judged.
const undecidedText = "the alert handler gave up readings of this device: which one crosses is open"

// undecided tells whether readings of a thing were set aside before the alert
// handler had decided: then another reading may cause the alert.
func (x letterIndex) undecided(thing string) bool { return x.skipped[thing] }

// Undecided tells whether alerts of a thing cannot be judged by its readings,
// because the alert handler gave some of them up.
func (ev Evidence) Undecided(thing string) bool {
	for _, d := range ev.DeadLetters {
		if d.Thing == thing && slices.Equal(d.Sinks, []Sink{Alert}) {
			return true
		}
	}
	return false
}

// whole is a letter with the message that explains why it is not in the sink.
func (x letterIndex) whole(m *Message, sink Sink) (DeadLetter, bool) {
	for _, d := range x.bySum[sumKey{m.ID.Thing, m.Sum}] {
		if len(d.Sinks) == 0 || slices.Contains(d.Sinks, sink) {
			return d, true
		}
	}
	return DeadLetter{}, false
}

func (x letterIndex) point(m *Message, measure string) (DeadLetter, bool) {
	d, ok := x.byPoint[Row{Thing: m.ID.Thing, Time: m.Timestamp, Measure: measure}]
	return d, ok
}

// Tally counts the fates of one sink.
func (l *Ledger) Tally(s Sink) map[Fate]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[Fate]int{}
	for _, m := range l.messages {
		counts[m.Fate(s).Fate]++
	}
	return counts
}

// plural is "1 object" or "2 objects".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
