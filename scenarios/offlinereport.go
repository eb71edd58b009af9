package scenarios

import (
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// maxOfflineCases bounds the missed and false cases that a report lists.
const maxOfflineCases = 50

// judgeOffline compares the detector with the truth up to end, and tries other
// thresholds. It is called while the devices still run: their good-byes would
// look like outages.
func (f *FleetRun) judgeOffline(end time.Time) *reports.OfflineTruth {
	p := f.world.options.Pipeline
	r := rules{silence: int64(p.Silence), sweep: int64(p.Sweep), settle: int64(max(2*p.Poll, time.Second)), end: end.UnixNano()}
	subjects := f.subjects(end)
	report := &reports.OfflineTruth{Silence: p.Silence, Sweep: p.Sweep, Causes: []reports.OfflineCause{}, Thresholds: []reports.OfflineThreshold{}}
	var outcomes []outcome
	var all []silence
	for _, s := range subjects {
		outcomes = append(outcomes, judge(s, r)...)
		all = append(all, falsifiable(s, r)...)
	}
	summarise(report, outcomes)
	if f.world.signs.any() { // the published pipeline keeps no status
		report.Disagree = disagreements(subjects, r)
	}
	best := recommend(all)
	report.Recommended = best.silence
	if best.because.high > 0 {
		report.Longest = &reports.OfflineSilence{
			Thing: best.because.thing, At: instant(best.because.at), For: time.Duration(best.because.high), State: best.because.state}
	}
	sweeps := f.world.signs.swept(f.started, end, p.Sweep)
	for _, d := range thresholds(p.Silence, best.silence, end.Sub(f.started)) {
		report.Thresholds = append(report.Thresholds, try(subjects, sweeps, d, r))
	}
	return report
}

// subjects gathers what is known of each thing. Where no sign of life reached a
// table that this pipeline keeps, those count that reached the broker.
func (f *FleetRun) subjects(end time.Time) []subject {
	tabled := f.world.signs.any()
	var list []subject
	for _, thing := range sortedStrings(f.members) {
		s := subject{thing: thing, spans: f.truth.spans(thing, end), verdicts: f.world.offline.verdictsOf(thing, end)}
		if tabled {
			s.signs = f.world.signs.of(thing)
		} else {
			s.signs = f.world.offline.signsOf(thing)
		}
		list = append(list, s)
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
			case OfflineFound:
				t.Found++
				delays = append(delays, time.Duration(o.found-o.from))
			case OfflineMissed:
				t.Missed++
			case OfflineFalse:
				t.False++
			default:
				t.Brief++
			}
		}
	}
	t.Delay = reports.DelaysOf(delays)
	return t
}

// summarise counts outcomes, in all and by cause.
func summarise(report *reports.OfflineTruth, outcomes []outcome) {
	causes := map[string]*reports.OfflineCause{}
	fromOutage, fromSign := map[string][]time.Duration{}, map[string][]time.Duration{}
	sort.SliceStable(outcomes, func(i, j int) bool { return outcomes[i].from < outcomes[j].from })
	for _, o := range outcomes {
		c := causes[o.cause]
		if c == nil {
			c = &reports.OfflineCause{Cause: o.cause}
			causes[o.cause] = c
		}
		if o.verdict != OfflineFalse {
			c.Outages++
			report.Outages++
		}
		switch o.verdict {
		case OfflineFound:
			c.Found++
			report.Found++
			fromOutage[o.cause] = append(fromOutage[o.cause], time.Duration(o.found-o.from))
			if o.sign > 0 {
				fromSign[o.cause] = append(fromSign[o.cause], time.Duration(o.found-o.sign))
			}
		case OfflineMissed:
			c.Missed++
			report.Missed++
		case OfflineFalse:
			c.False++
			report.False++
		default:
			c.Brief++
			report.Brief++
		}
		if (o.verdict == OfflineMissed || o.verdict == OfflineFalse) && len(report.Cases) < maxOfflineCases {
			report.Cases = append(report.Cases, reports.OfflineCase{Thing: o.thing, Verdict: string(o.verdict), Cause: o.cause,
				From: instant(o.from), To: instant(o.to), LastSign: instant(o.sign)})
		}
	}
	for _, name := range sortedStrings(causes) {
		c := causes[name]
		c.FromOutage, c.FromSign = reports.DelaysOf(fromOutage[name]), reports.DelaysOf(fromSign[name])
		report.Causes = append(report.Causes, *c)
	}
}

// instant is a time of Unix ns; the zero time for zero.
func instant(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}
