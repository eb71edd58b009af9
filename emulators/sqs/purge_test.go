package sqs_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// TestPurgeOnceInAMinute: "only one PurgeQueue operation is allowed every 60 seconds".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
func TestPurgeOnceInAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url, other := create(t, c, "q", nil), create(t, c, "other", nil)
		purge := func(url *string) error {
			_, err := c.PurgeQueue(t.Context(), &sdk.PurgeQueueInput{QueueUrl: url})
			return err
		}
		require.NoError(t, purge(url))
		require.NoError(t, purge(other))
		time.Sleep(59 * time.Second)
		var again *types.PurgeQueueInProgress
		require.ErrorAs(t, purge(url), &again)
		time.Sleep(time.Second)
		require.NoError(t, purge(url))
	})
}

func TestAPageOfNothing(t *testing.T) {
	c := start(t)
	_, err := c.ListQueues(t.Context(), &sdk.ListQueuesInput{MaxResults: aws.Int32(0)})
	require.ErrorContains(t, err, "Must be between 1 and 1000")
}
