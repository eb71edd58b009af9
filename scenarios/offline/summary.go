package offline

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// maxCases bounds the missed and false cases that a report lists.
const maxCases = 50

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
		if o.verdict != falseAlarm {
			c.Outages++
			report.Outages++
		}
		switch o.verdict {
		case outageFound:
			c.Found++
			report.Found++
			fromOutage[o.cause] = append(fromOutage[o.cause], time.Duration(o.found-o.from))
			if o.sign > 0 {
				fromSign[o.cause] = append(fromSign[o.cause], time.Duration(o.found-o.sign))
			}
		case outageMissed:
			c.Missed++
			report.Missed++
		case falseAlarm:
			c.False++
			report.False++
		default:
			c.Brief++
			report.Brief++
		}
		if (o.verdict == outageMissed || o.verdict == falseAlarm) && len(report.Cases) < maxCases {
			report.Cases = append(report.Cases, reports.OfflineCase{Thing: o.thing, Verdict: string(o.verdict), Cause: o.cause,
				From: instant(o.from), To: instant(o.to), LastSign: instant(o.sign)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(causes)) {
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

// Fact is what a run's hash has of the comparison with the truth.
func Fact(t *reports.OfflineTruth) string {
	text := fmt.Sprint(t.Recommended)
	for _, c := range t.Causes {
		text += fmt.Sprintf(" %s %d %d %d %d", c.Cause, c.Found, c.Missed, c.Brief, c.False)
	}
	return text
}
