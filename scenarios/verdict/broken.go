package verdict

import (
	"fmt"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Broken are the promises about order and number that a run broke: device state
// never goes back in time; a record is set aside once. Where a fault hit calls,
// reads or functions, what is done comes at least once, so a second letter with
// the same id is no failure there.
func Broken(l *ledger.Ledger, ev ledger.Evidence, faults []reports.Fault) []string {
	var list []string
	if n := len(l.WentBack()); n > 0 {
		list = append(list, fmt.Sprintf("device state: went back in time %d times", n))
	}
	if n := repeated(ev.DeadLetters); n > 0 && hits(faults) == 0 {
		list = append(list, fmt.Sprintf("dead letters: %d written more than once", n))
	}
	return list
}

// repeated counts the dead letters whose id another one has.
func repeated(letters []ledger.DeadLetter) int {
	type key struct{ id, reason string }
	seen, n := map[key]bool{}, 0
	for _, d := range letters {
		k := key{d.ID, d.Reason}
		if d.ID != "" && seen[k] {
			n++
		}
		seen[k] = true
	}
	return n
}

func hits(faults []reports.Fault) int {
	n := 0
	for _, f := range faults {
		n += f.Hits
	}
	return n
}
