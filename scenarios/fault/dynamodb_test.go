package fault_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

func TestThrottlingReasons(t *testing.T) {
	w := start(t)
	w.begin(simfault.Throttle, "dynamodb", "", simfault.Parameters{})
	for want, do := range map[string]func() error{
		"TableWriteProvisionedThroughputExceeded": func() error { return w.store(t.Context(), "dynamodb", 1) },
		"TableReadProvisionedThroughputExceeded": func() error {
			_, err := w.items.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]dynamodbtypes.KeysAndAttributes{
				"thing": {Keys: []map[string]dynamodbtypes.AttributeValue{key(1)}}}})
			return err
		},
	} {
		throttled, ok := errors.AsType[*dynamodbtypes.ProvisionedThroughputExceededException](do())
		require.True(t, ok)
		require.Len(t, throttled.ThrottlingReasons, 1)
		require.Equal(t, want, aws.ToString(throttled.ThrottlingReasons[0].Reason))
		require.Equal(t, "arn:aws:dynamodb:us-east-1:000000000000:table/thing", aws.ToString(throttled.ThrottlingReasons[0].Resource))
	}
}
