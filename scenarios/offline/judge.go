package offline

import "sort"

// subject is all that is known of one thing at the end of observation.
type subject struct {
	thing    string
	spans    []span // what it was
	signs    []sign // what the detector could know
	verdicts []verdict
}

// verdict is a stretch in which the detector had a thing offline, in Unix ns; to
// is the end of observation while it lasts.
type verdict struct{ from, to int64 }

// rules are what a detector is judged by, in ns.
type rules struct {
	silence, sweep int64
	// settle is how long after a device's return a verdict still counts for its
	// absence: its sign of life is on the way to the table.
	settle int64
	end    int64
}

// judgement is of a verdict, or of none where one was due.
type judgement string

const (
	outageFound  judgement = "found"
	outageMissed judgement = "missed"
	falseAlarm   judgement = "false"
	// tooBrief is an outage too short for the detector to be late.
	tooBrief judgement = "brief"
)

// outcome is one absence with what the detector made of it, or one verdict
// without an absence.
type outcome struct {
	thing   string
	verdict judgement
	cause   string
	// from and to are the real outage's; of a false verdict, its own.
	from, to int64
	// found is when the detector said so, sign when the cloud had last heard of the
	// device before that; zero where there is none.
	found, sign int64
}

// judge compares verdicts with the truth. A real outage counts as missed once it
// lasted for silence and two sweeps. A verdict that begins while the device was
// up, or only reconnecting, is false.
func judge(s subject, r rules) []outcome {
	away := absences(s.spans, r.end)
	var list []outcome
	for _, a := range away {
		if !a.out {
			continue
		}
		o := outcome{thing: s.thing, cause: a.cause, from: a.outFrom, to: a.to, verdict: tooBrief}
		if v, ok := verdictOn(a, s.verdicts, r); ok {
			o.verdict, o.found, o.sign = outageFound, max(v.from, a.outFrom), lastSign(s.signs, v.from)
		} else if a.length() > r.silence+2*r.sweep {
			o.verdict, o.sign = outageMissed, lastSign(s.signs, a.to)
		}
		list = append(list, o)
	}
	for _, v := range s.verdicts {
		if !excused(away, v.from, r) {
			list = append(list, outcome{thing: s.thing, cause: stateAt(s.spans, v.from).words(), from: v.from, to: v.to,
				verdict: falseAlarm, found: v.from, sign: lastSign(s.signs, v.from)})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].from < list[j].from })
	return list
}

// verdictOn is the first verdict that stood during an absence.
func verdictOn(a absence, verdicts []verdict, r rules) (verdict, bool) {
	for _, v := range verdicts {
		if v.from <= a.to+r.settle && v.to > a.from {
			return v, true
		}
	}
	return verdict{}, false
}

// excused tells that a verdict may begin at an instant.
func excused(away []absence, at int64, r rules) bool {
	for _, a := range away {
		if a.out && a.from <= at && at <= a.to+r.settle {
			return true
		}
	}
	return false
}

// lastSign is the latest sign of life before an instant; zero without one.
func lastSign(signs []sign, before int64) int64 {
	last := int64(0)
	for _, s := range signs {
		if s.at <= before {
			last = max(last, s.at)
		}
	}
	return last
}

// words say what a device was.
func (s span) words() string {
	switch s.state {
	case up:
		return "up"
	case reconnecting:
		return "reconnecting after " + s.cause
	}
	return s.cause
}
