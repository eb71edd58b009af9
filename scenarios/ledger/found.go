package ledger

import "fmt"

// BeginReadBack forgets what earlier read-backs have found in the stores.
func (l *Ledger) BeginReadBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.messages {
		m.objects, m.points = 0, 0
		if m.trouble != nil {
			m.trouble.corrupted = ""
		}
	}
}

// FoundObject enters an object of the archive: List (key + ETag). Of several
// messages with the same bytes it is of the one that the rule gave its key, or else
// of one that has the fewest: broken payloads may be alike.
func (l *Ledger) FoundObject(o Object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, ok := l.summed(thingOf(o.Key), o.ETag)
	if !ok {
		return
	}
	m := last
	for one := last; one != nil; one = one.Trouble().alike {
		if one.Key == o.Key {
			m = one
			break
		}
		if one.objects < m.objects {
			m = one
		}
	}
	m.objects++
	if m.Key == "" {
		m.Key = o.Key
	}
}

// FoundRow enters a point of the time series: (device, time, measure, value). Of
// several messages with one timestamp it is of those that sent its value.
func (l *Ledger) FoundRow(r Row) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.timed(r.Thing, r.Time)
	for m := last; m != nil; m = m.same {
		i := m.index(r.Measure)
		switch {
		case i < 0:
		case m.values[i] == r.Value:
			m.points |= 1 << i
		case last.same == nil: // nobody else can have sent it
			m.points |= 1 << i
			m.amiss().corrupted = fmt.Sprintf("%s: sent %v, stored %v", r.Measure, m.values[i], r.Value)
		}
	}
}
