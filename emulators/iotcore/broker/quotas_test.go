package broker

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// AWS.md §1: CONNECT per second, account: 3,000: throttled.
func TestConnectsOfTheAccountAreThrottled(t *testing.T) {
	q := connectQuota{enforced: true}
	now := time.Unix(1000, 0)
	for i := range connectsPerSecond {
		require.NoError(t, q.take(fmt.Sprint(i), now.Add(time.Duration(i)*time.Microsecond)))
	}
	require.ErrorContains(t, q.take("x", now.Add(999*time.Millisecond)), "3000 CONNECTs")
	require.NoError(t, q.take("y", now.Add(time.Second)))
	require.ErrorContains(t, q.take("x", now.Add(1500*time.Millisecond)), "client id", "remembered over the second's end")
	require.NoError(t, q.take("x", now.Add(10*time.Second)))
	require.LessOrEqual(t, len(q.last)+len(q.before), 2, "not for ever")
}
