package ledger

import (
	"fmt"
	"strings"
)

// archive: an object of the message's thing whose ETag is the payload's MD5.
func (a *audit) archive(messages []*Message) {
	if !a.ev.Archive {
		unobserved(messages, Archive, "the archive was not read back")
		return
	}
	var keys map[string]*Message // of the stored messages; made when one is missing
	for _, m := range messages {
		switch n := int(m.objects); {
		case n == 1:
			m.judge(Archive, Verdict{Fate: Stored})
		case n > 1:
			m.judge(Archive, Verdict{StoredTwice, fmt.Sprintf("%s; the broker accepted it %s", plural(n, "object"), plural(int(m.Ingress), "time"))})
		default:
			if keys == nil {
				keys = keysOf(messages)
			}
			m.judge(Archive, a.unarchived(m, keys))
		}
	}
}

func keysOf(messages []*Message) map[string]*Message {
	keys := map[string]*Message{}
	for _, m := range messages {
		if m.objects > 0 && m.Key != "" {
			keys[m.Key] = m
		}
	}
	return keys
}

func (a *audit) unarchived(m *Message, keys map[string]*Message) Verdict {
	if other := keys[m.Key]; m.Key != "" && other != nil && other != m {
		return Verdict{Overwritten, "another message took the key " + m.Key}
	}
	return a.absent(Archive, m, "acknowledged, but no object of its thing has its MD5 as ETag")
}

// thingOf is the second part of a key such as devices/sensor-1/telemetry/….
func thingOf(key string) string {
	parts := strings.SplitN(key, "/", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}

// timeSeries: every metric of the message at its timestamp with its value.
func (a *audit) timeSeries(messages []*Message) {
	if !a.ev.TimeSeries {
		unobserved(messages, TimeSeries, "the time series were not read back")
		return
	}
	for _, m := range messages {
		m.judge(TimeSeries, a.series(m))
	}
}

func (a *audit) series(m *Message) Verdict {
	if m.invalid() != "" {
		return a.absent(TimeSeries, m, "payload is invalid ("+m.invalid()+") and not in the dead-letter queue")
	}
	if text := m.Trouble().corrupted; text != "" {
		return Verdict{Corrupted, text}
	}
	var missing []string
	for i, name := range m.names {
		if m.points&(1<<i) != 0 {
			continue
		}
		if d, rejected := a.letters.point(m, name); rejected {
			return Verdict{Rejected, name + ": " + d.Detail}
		}
		missing = append(missing, name)
	}
	if len(missing) == 0 {
		return Verdict{Fate: Stored}
	}
	return a.absent(TimeSeries, m, "acknowledged, but these metrics are not in Timestream: "+strings.Join(missing, ", "))
}

// state: the device's item carries the message's timestamp or a later one.
func (a *audit) state(messages []*Message) {
	if a.ev.States == nil {
		unobserved(messages, State, "the device states were not read back")
		return
	}
	for _, m := range messages {
		item, ok := a.ev.States[m.ID.Thing]
		reached := m.Has(Accepted)
		switch {
		case m.invalid() != "":
			m.judge(State, a.absent(State, m, "payload is invalid ("+m.invalid()+") and not in the dead-letter queue"))
		case ok && reached && item.Timestamp == m.Timestamp:
			m.judge(State, Verdict{Fate: Stored})
		case ok && reached && item.Timestamp > m.Timestamp:
			m.judge(State, *isSuperseded)
		case ok:
			m.judge(State, a.absent(State, m, "acknowledged, but the stored state is older"))
		default:
			m.judge(State, a.absent(State, m, "acknowledged, but the device has no state item"))
		}
	}
}

// alerts: each crossing has one alert in the subscriber's queue.
func (a *audit) alerts(messages []*Message) []Finding {
	if a.ev.Alerts == nil {
		unobserved(messages, Alert, "the alert queue was not read back")
		return nil
	}
	sent := map[SentAlert]int{}
	var order []SentAlert
	for _, s := range a.ev.Alerts {
		s = s.Key()
		if sent[s] == 0 {
			order = append(order, s)
		}
		sent[s]++
	}
	for _, m := range messages {
		m.judge(Alert, a.noCrossing(m))
	}
	asked := map[SentAlert]bool{}
	for _, e := range a.expected {
		s := SentAlert{Thing: e.Message.ID.Thing, Kind: e.Kind, Severity: e.Severity, Timestamp: e.Message.Timestamp}
		anonymous := s
		anonymous.Kind = ""
		asked[s], asked[anonymous] = true, true
		n := sent[s] + sent[anonymous]
		v := Verdict{Fate: Stored}
		switch {
		case n == 0 && a.letters.undecided(s.Thing):
			v = Verdict{DeadLettered, undecidedText}
		case n == 0:
			v = a.absent(Alert, e.Message, fmt.Sprintf("crossed %s %s, but no such alert was sent", e.Kind, e.Severity))
		case n > 1:
			v = Verdict{StoredTwice, fmt.Sprintf("%s %s alert sent %s", e.Kind, e.Severity, plural(n, "time"))}
		}
		e.Message.judge(Alert, worse(e.Message.Fate(Alert), v))
	}
	var extra []Finding
	for _, s := range order {
		if !asked[s] && !a.letters.undecided(s.Thing) {
			extra = append(extra, Finding{Alert, fmt.Sprintf("alert without a crossing: %s %s %s at %d", s.Thing, s.Kind, s.Severity, s.Timestamp)})
		}
	}
	return extra
}

// noCrossing is the alert fate of a message that crosses nothing: filtered,
// unless it never got far enough to be looked at.
func (a *audit) noCrossing(m *Message) Verdict {
	if m.invalid() == "" && m.Has(Accepted) {
		return *isFiltered
	}
	if m.invalid() != "" && m.Has(Accepted) {
		return Verdict{Filtered, "not a reading: " + m.invalid()}
	}
	return a.absent(Alert, m, "acknowledged, but never accepted")
}

// worse keeps the more serious of two verdicts where one reading crosses two
// thresholds.
func worse(a, b Verdict) Verdict {
	if a.Fate == Filtered || rank(b.Fate) > rank(a.Fate) {
		return b
	}
	return a
}

func rank(f Fate) int {
	for i, other := range Fates() {
		if other == f {
			return i
		}
	}
	return len(Fates())
}

func unobserved(messages []*Message, s Sink, why string) {
	for _, m := range messages {
		m.judge(s, Verdict{Unobserved, why})
	}
}
