package verdict

import (
	"fmt"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// undecided is the verdict on alerts of a device of which the alert handler gave
// readings up: which of its readings crosses a threshold is open.
const undecided = "dead-lettered"

// unseenAlert is the verdict where the alert queue could not be read.
const unseenAlert = string(ledger.Unobserved)

// Alerts compares the alerts that readings had to cause with those received.
func Alerts(l *ledger.Ledger, ev ledger.Evidence, thresholds []ledger.Threshold) reports.Alerts {
	a := reports.Alerts{Sent: len(ev.Alerts), List: []reports.Alert{}}
	sent := map[ledger.SentAlert]int{}
	for _, s := range ev.Alerts {
		sent[s.Key()]++
	}
	asked := map[ledger.SentAlert]bool{}
	for _, e := range l.Crossings(thresholds) {
		a.Expected++
		key := ledger.SentAlert{Thing: e.Message.ID.Thing, Kind: e.Kind, Severity: e.Severity, Timestamp: e.Message.Timestamp}
		anonymous := key
		anonymous.Kind = ""
		asked[key], asked[anonymous] = true, true
		verdict := "sent"
		if ev.Alerts == nil {
			verdict = unseenAlert
		} else if n := sent[key] + sent[anonymous]; n == 0 && ev.Undecided(key.Thing) {
			verdict = undecided
		} else if n == 0 {
			verdict = "missing"
		} else if n > 1 {
			verdict = fmt.Sprintf("sent %d times", n)
		}
		a.List = append(a.List, alertOf(key, verdict))
	}
	for _, s := range ev.Alerts {
		s = s.Key()
		if !asked[s] {
			asked[s] = true
			verdict := "without a crossing"
			if ev.Undecided(s.Thing) {
				verdict = undecided
			}
			a.List = append(a.List, alertOf(s, verdict))
		}
	}
	sort.SliceStable(a.List, func(i, j int) bool { return a.List[i].At.Before(a.List[j].At) })
	return a
}

func alertOf(s ledger.SentAlert, verdict string) reports.Alert {
	return reports.Alert{At: time.UnixMilli(s.Timestamp).UTC(), Thing: s.Thing, Kind: s.Kind, Severity: s.Severity, Verdict: verdict}
}
