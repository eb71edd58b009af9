package tap

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

// A write whose condition does not hold is billed, one that was throttled is not.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func TestThrottledWritesAreNotBilled(t *testing.T) {
	at := time.Unix(1, 0)
	call := contentOf([]byte(`{"TableName":"devices","Key":{"PK":{"S":"DEVICE#a"},"SK":{"S":"STATE"}}}`))
	for code, want := range map[string]int64{
		"": 1, "ConditionalCheckFailedException": 1, "ThrottlingException": 0, "ProvisionedThroughputExceededException": 0, "InternalServerError": 0,
	} {
		counter := quota.New(quota.Defaults())
		counter.Start(at)
		answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}}
		if code != "" {
			answer.StatusCode = http.StatusBadRequest
			answer.Header.Set("X-Amzn-Errortype", code)
		}
		meter{counter, "devices"}.item(call, answer, at)
		require.Equal(t, want, counter.Usage(at).WriteUnits, code)
	}
}
