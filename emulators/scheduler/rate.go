package scheduler

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const codeInvalid = "ValidationException"

var (
	ratePattern = regexp.MustCompile(`^rate\(\s*([0-9]{1,9})\s+(minute|minutes|hour|hours|day|days)\s*\)$`)
	units       = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
)

// maxRate bounds an interval; it is far below the overflow of a Duration.
const maxRate = 100 * 366 * 24 * time.Hour

// parseRate reads rate(n minutes|hours|days). The unit may be singular or
// plural with any n.
func parseRate(expression string) (time.Duration, error) {
	m := ratePattern.FindStringSubmatch(expression)
	if m == nil {
		return 0, invalidExpression(expression)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || n < 1 {
		return 0, invalidExpression(expression)
	}
	unit := units[strings.TrimSuffix(m[2], "s")]
	if n > int64(maxRate/unit) {
		return 0, invalidExpression(expression)
	}
	return time.Duration(n) * unit, nil
}

func invalidExpression(expression string) error {
	return wire.Errorf(codeInvalid, 0, "Invalid Schedule Expression %s.", expression)
}
