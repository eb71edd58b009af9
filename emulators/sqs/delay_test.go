package sqs_test

import (
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// A message is hidden for its own delay, or the queue's when it has none.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
//
// AWS.md §5: delay.
func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q", map[string]string{"DelaySeconds": "10"})
		send := func(body string, delay int32) error {
			_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: &body, DelaySeconds: delay})
			return err
		}
		require.NoError(t, send("the queue's", 0))
		require.NoError(t, send("its own", 900))
		require.ErrorContains(t, send("too long", 901), "DelaySeconds")
		require.Empty(t, receive(t, c, url, 0))
		counts, err := c.GetQueueAttributes(t.Context(), &sdk.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"ApproximateNumberOfMessagesDelayed"}})
		require.NoError(t, err)
		require.Equal(t, "2", counts.Attributes["ApproximateNumberOfMessagesDelayed"])
		time.Sleep(10 * time.Second)
		require.Equal(t, []string{"the queue's"}, bodies(receive(t, c, url, 0)))
		time.Sleep(890*time.Second - time.Millisecond)
		require.NotContains(t, bodies(receive(t, c, url, 0)), "its own")
		time.Sleep(time.Millisecond)
		require.Equal(t, []string{"its own"}, bodies(receive(t, c, url, 0)))
	})
}
