package sim

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// Churn lets devices leave and come back. In each Every, a Share of them says
// goodbye at some instant, is Away for so long, without readings, and connects
// again. Who and when follows from the seed. The zero value lets nobody leave.
type Churn struct {
	Every time.Duration `yaml:"every" json:"every"`
	Share fault.Share   `yaml:"share" json:"share"`
	Away  time.Duration `yaml:"away" json:"away"`
}

// Validate tells what is wrong with a churn.
func (c Churn) Validate() error {
	switch {
	case c == Churn{}:
		return nil
	case c.Every < time.Second:
		return fmt.Errorf("every %s is shorter than 1s", c.Every)
	case !(c.Share > 0 && c.Share <= 1):
		return fmt.Errorf("share %s is not between 0%% and 100%%", c.Share)
	case c.Away < time.Millisecond || c.Away >= c.Every || c.Away%time.Millisecond != 0:
		return fmt.Errorf("away %s is not a whole number of milliseconds below every, %s", c.Away, c.Every)
	}
	return nil
}

// Absence is the first time after from at which a thing leaves, and when it is
// back. Nobody leaves in the first Every. It is false when the thing will not leave
// for very long.
func (c Churn) Absence(seed uint64, thing string, from time.Duration) (leave, back time.Duration, ok bool) {
	if c.Every <= 0 {
		return 0, 0, false
	}
	const patience = 100_000
	first := max(1, from/c.Every)
	for round := first; round < first+patience; round++ {
		about := strconv.FormatInt(int64(round), 10)
		if fault.Draw(seed, "churn", thing, about) >= float64(c.Share) {
			continue
		}
		within := fault.Draw(seed, "leave", thing, about) * float64(c.Every-c.Away)
		leave = round*c.Every + time.Duration(within).Truncate(time.Millisecond)
		if leave > from {
			return leave, leave + c.Away, true
		}
	}
	return 0, 0, false
}
