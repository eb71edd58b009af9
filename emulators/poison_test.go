package emulators

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// refuser fails on batches with poison in them and remembers when it did not.
type refuser struct {
	began time.Time
	done  time.Duration
	calls int
}

func (r *refuser) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	r.calls++
	if strings.Contains(string(payload), "poison") {
		return nil, errors.New("poison")
	}
	r.done = time.Since(r.began)
	return nil, nil
}

// A mapping without a bound tries a record again until the stream has let it go,
// after 24 hours, and what is behind it waits.
// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
//
// AWS.md §3: MaximumRetryAttempts −1 = until the record expires.
func TestAPoisonedRecordBlocksItsShardUntilItExpires(t *testing.T) {
	f := &refuser{}
	withStream(t, f, lambdatypes.EventSourcePositionTrimHorizon, 1, func(w streamWorld) {
		require.Equal(w, int32(-1), *w.mapping.MaximumRetryAttempts)
		f.began = time.Now()
		for _, key := range []string{"poison", "good"} {
			w.put(key, "x")
			time.Sleep(2 * time.Hour)
		}
		time.Sleep(21 * time.Hour)
	})
	require.InDelta(t, 24, f.done.Hours(), 0.1, "the good record came when the bad one had left, after %d calls", f.calls)
	require.Greater(t, f.calls, 24*60/2)
}
