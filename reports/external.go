package reports

import (
	"fmt"
	"strings"
)

// External is what became of the readings of a device that was not simulated.
type External struct {
	Thing string `json:"thing"`
	// Accepted is how many of its readings the broker accepted, Asked how many it had
	// to be at least.
	Accepted int `json:"accepted"`
	Asked    int `json:"asked"`
	// Fates are counts by sink and fate.
	Fates map[string]map[string]int `json:"fates"`
}

// Words are the fates in the order of the sinks, such as
// "archive 12 stored; time series 12 stored".
func (x External) Words(sinks []Sink) string {
	var list []string
	for _, s := range sinks {
		var fates []string
		for _, fate := range s.Order {
			if n := x.Fates[s.Name][fate]; n > 0 {
				fates = append(fates, count(n)+" "+fate)
			}
		}
		if len(fates) > 0 {
			list = append(list, s.Name+" "+strings.Join(fates, ", "))
		}
	}
	return strings.Join(list, "; ")
}

// external lists the devices that were not simulated.
func (t *text) external(r *Result) {
	for _, x := range r.External {
		t.line("board     %s", Clean(fmt.Sprintf("%s: %s readings accepted", x.Thing, count(x.Accepted))))
		if words := x.Words(r.Sinks); words != "" {
			t.paragraph("          ", words)
		}
	}
}
