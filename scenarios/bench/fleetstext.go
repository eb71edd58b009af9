package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// barWidth is that of the longest bar, in characters.
const barWidth = 40

// FleetText draws what a message costs in fleets of each size, with how many times
// that is of the first.
func FleetText(w io.Writer, costs []FleetCost) error {
	var most time.Duration
	for _, c := range costs {
		most = max(most, c.CPU)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "processor time of a message, from its sample to every sink; %d messages a second\n\n", FleetRate)
	for i, c := range costs {
		fmt.Fprintf(&text, "%7d devices  %s", c.Devices, microseconds(float64(c.CPU)))
		if most > 0 {
			fmt.Fprintf(&text, "  %-*s", barWidth, strings.Repeat("█", int(c.CPU*barWidth/most)))
		}
		if i > 0 && costs[0].CPU > 0 {
			fmt.Fprintf(&text, "  %.2f", float64(c.CPU)/float64(costs[0].CPU))
		}
		fmt.Fprintln(&text)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
