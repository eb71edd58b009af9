package verdict

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Failures are the reasons why a run does not pass: a lost or corrupted message,
// an alert missing, repeated or unasked for, a silence missed or made up, a
// command nobody acted on, a pipeline that did not come to rest.
func Failures(res *reports.Result, ev ledger.Evidence) []string {
	var list []string
	add := func(n int, format string, args ...any) {
		if n > 0 {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	for _, s := range res.Sinks {
		for _, fate := range []ledger.Fate{ledger.Lost, ledger.Corrupted, ledger.InFlight} {
			n := s.Fates[string(fate)]
			add(n, "%s: %d of %d messages %s", s.Name, n, s.Expected, fate)
		}
	}
	if !ev.Drained {
		list = append(list, "the pipeline had not come to rest when the drain time was over")
	}
	wrong, faulty := map[string]int{}, hits(res.Faults) > 0
	for _, a := range res.Alerts.List {
		// A repetition is what "at least once" means where a fault hit calls.
		repeated := strings.HasPrefix(a.Verdict, "sent ") && faulty
		if a.Verdict != "sent" && a.Verdict != undecided && a.Verdict != unseenAlert && !repeated {
			wrong[a.Verdict]++
		}
	}
	for _, verdict := range slices.Sorted(maps.Keys(wrong)) {
		add(wrong[verdict], "alerts: %d %s", wrong[verdict], verdict)
	}
	silences := map[string]int{}
	for _, o := range res.Offline {
		silences[o.Verdict]++
	}
	add(silences["missed"], "offline detection: %d silences missed", silences["missed"])
	add(silences["false"], "offline detection: %d devices called offline that were not", silences["false"])
	if t := res.OfflineTruth; t != nil && len(t.Disagree) > 0 {
		list = append(list, fmt.Sprintf("device state: %d devices have another status than they should: %s", len(t.Disagree), t.Disagree[0]))
	}
	idle := 0
	for _, c := range res.Commands {
		if c.Acted.IsZero() && !c.Befallen {
			idle++
		}
	}
	add(idle, "commands: %d not acted on", idle)
	return list
}
