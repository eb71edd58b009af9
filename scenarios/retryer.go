package scenarios

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// Bounds of the pause before an SDK call is made again, as in the SDK's standard
// retryer.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 20 * time.Second
)

// newRetryer is the SDK's standard retryer, three attempts, without its two
// sources of chance: the pause is the middle of the range that the SDK draws
// from, and there is no quota that calls of other functions could use up. A run
// repeats with it.
func newRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.RateLimiter = ratelimit.None
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			return min(firstPause<<min(attempt-1, 10), mostPause), nil
		})
	})
}
