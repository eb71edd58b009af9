package offline

import (
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// Trial is what is judged: a fleet, what is known of it, the detector's settings,
// and the time of observation.
type Trial struct {
	Things []string
	Truth  *Truth
	Watch  *Watch
	// Silence is the detector's threshold, and Sweep how often it looks.
	Silence, Sweep time.Duration
	// Poll is how often the stream is read: a sign of life needs as long to the table.
	Poll         time.Duration
	Started, End time.Time
}

// Judge compares the detector with the truth, and tries other thresholds. It is
// called while the devices still run: their good-byes would look like outages.
func (t Trial) Judge() *reports.OfflineTruth {
	r := rules{silence: int64(t.Silence), sweep: int64(t.Sweep), settle: int64(max(2*t.Poll, time.Second)), end: t.End.UnixNano()}
	subjects := t.subjects()
	report := &reports.OfflineTruth{Silence: t.Silence, Sweep: t.Sweep, Causes: []reports.OfflineCause{}, Thresholds: []reports.OfflineThreshold{}}
	var outcomes []outcome
	var all []silence
	for _, s := range subjects {
		outcomes = append(outcomes, judge(s, r)...)
		all = append(all, falsifiable(s, r)...)
	}
	summarise(report, outcomes)
	if t.Watch.tabled() {
		report.Disagree = disagreements(subjects, r)
	}
	best := recommend(all)
	report.Recommended = best.silence
	if best.because.high > 0 {
		report.Longest = &reports.OfflineSilence{
			Thing: best.because.thing, At: instant(best.because.at), For: time.Duration(best.because.high), State: best.because.state}
	}
	sweeps := t.Watch.sweepsOf(t.Started, t.End, t.Sweep)
	for _, d := range thresholds(t.Silence, best.silence, t.End.Sub(t.Started)) {
		report.Thresholds = append(report.Thresholds, try(subjects, sweeps, d, r))
	}
	return report
}

// subjects gathers what is known of each thing. Where no sign of life reached a
// table that this pipeline keeps, those count that reached the broker.
func (t Trial) subjects() []subject {
	signsOf := t.Watch.heardOf
	if t.Watch.tabled() {
		signsOf = t.Watch.knownOf
	}
	var list []subject
	for _, thing := range t.Things {
		list = append(list, subject{
			thing: thing, spans: t.Truth.spans(thing, t.End), signs: signsOf(thing), verdicts: t.Watch.verdictsOn(thing, t.End)})
	}
	return list
}

// try is what a detector with another silence would have done.
func try(subjects []subject, sweeps []int64, d time.Duration, r rules) reports.OfflineThreshold {
	r.silence = int64(d)
	t := reports.OfflineThreshold{Silence: d}
	var delays []time.Duration
	for _, s := range subjects {
		s.verdicts = detect(s.signs, sweeps, r.silence, r.end)
		for _, o := range judge(s, r) {
			switch o.verdict {
			case outageFound:
				t.Found++
				delays = append(delays, time.Duration(o.found-o.from))
			case outageMissed:
				t.Missed++
			case falseAlarm:
				t.False++
			default:
				t.Brief++
			}
		}
	}
	t.Delay = reports.DelaysOf(delays)
	return t
}
