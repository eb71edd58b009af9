package reports

import (
	"fmt"
	"time"
)

// Load is how well the simulator kept to the fleet's schedule. That is an open
// one: a reading is due when it is due, whatever has become of those before, and
// all latencies count from then. What the simulator could not do is in here.
type Load struct {
	// Due are the readings that the schedule had.
	Due int `json:"due"`
	// Late is from when a reading was due to when the simulator took it.
	Late Latency `json:"late"`
	// Skipped were due so long ago that they were not made up for.
	Skipped int `json:"skipped"`
	// Dropped were taken, and pushed out of a device's full queue before they were sent.
	Dropped int `json:"dropped"`
}

// tardy is a lateness that makes a run's latencies doubtful.
const tardy = 100 * time.Millisecond

// Findings are what a reader has to know before believing the run's numbers.
func (l *Load) Findings() []string {
	var list []string
	if l.Late.P99 > tardy {
		list = append(list, fmt.Sprintf("the simulator was late: a reading in a hundred was taken %s or more after it was due; "+
			"latencies count from then, and tell of this machine rather than of the pipeline", short(l.Late.P99)))
	}
	if l.Skipped > 0 {
		list = append(list, fmt.Sprintf("the simulator skipped %s readings that had been due for too long", count(l.Skipped)))
	}
	if l.Dropped > 0 {
		list = append(list, fmt.Sprintf("%s readings were pushed out of full queues on devices", count(l.Dropped)))
	}
	return list
}

// load says how late readings were taken; in virtual time none ever is.
func (t *text) load(l *Load) {
	if l == nil || l.Late.Max == 0 && l.Skipped+l.Dropped == 0 {
		return
	}
	t.paragraph("      ", fmt.Sprintf("%s readings due, taken late by %s (p50), %s (p99), %s (max); %s skipped, %s dropped from full queues",
		count(l.Due), short(l.Late.P50), short(l.Late.P99), short(l.Late.Max), count(l.Skipped), count(l.Dropped)))
}
