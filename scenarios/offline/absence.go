package offline

// absence is a stretch in which a device was not up.
type absence struct {
	from, to int64 // Unix ns; to is the end of observation while it lasts
	// out tells that the device was really out at some time of it, from outFrom on;
	// otherwise it was on its way back all the time.
	out     bool
	outFrom int64
	cause   string
}

// length is how long the device was away, from when it was really out.
func (a absence) length() int64 { return a.to - a.outFrom }

// absences joins a thing's spans that are not up.
//
//	up ──┐ reconnecting ┌ out ┐ reconnecting ┌── up
//	     from           outFrom              to
func absences(spans []span, end int64) []absence {
	var list []absence
	for i, s := range spans {
		to := end
		if i+1 < len(spans) {
			to = spans[i+1].from
		}
		if s.state == up {
			continue
		}
		if i == 0 || spans[i-1].state == up {
			list = append(list, absence{from: s.from, cause: s.cause})
		}
		a := &list[len(list)-1]
		a.to = to
		if s.state == out && !a.out {
			a.out, a.outFrom, a.cause = true, s.from, s.cause
		}
	}
	return list
}

// stateAt is the span at an instant; up before the first.
func stateAt(spans []span, at int64) span {
	var found span
	for _, s := range spans {
		if s.from > at {
			break
		}
		found = s
	}
	return found
}
