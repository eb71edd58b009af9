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

// A call that is made again, because its answer was lost, gets the same messages and receipts,
// hidden anew, for five minutes and as long as nothing was done with them.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
func TestAttemptsAreMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q.fifo", map[string]string{"FifoQueue": "true", "VisibilityTimeout": "30"})
		for _, body := range []string{"a1", "a2", "b1"} {
			to(t, c, url, body[:1], body, body)
		}
		receive := func(id string, most int32) []types.Message {
			out, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: most, ReceiveRequestAttemptId: &id,
				MessageSystemAttributeNames: []types.MessageSystemAttributeName{"ApproximateReceiveCount"}})
			require.NoError(t, err)
			return out.Messages
		}
		first := receive("one", 2)
		require.Equal(t, []string{"a1", "a2"}, bodies(first))
		time.Sleep(20 * time.Second)
		require.Equal(t, first, receive("one", 2), "the same receipts, received once")
		require.Equal(t, []string{"b1"}, bodies(receive("two", 2)), "another gets what is left")
		time.Sleep(29 * time.Second)
		require.Empty(t, receive("three", 2), "they were hidden anew")
		require.Equal(t, first, receive("one", 2))

		_, err := c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: first[0].ReceiptHandle})
		require.NoError(t, err)
		require.Empty(t, receive("one", 1), "one is deleted, the other in flight")
		time.Sleep(30 * time.Second)
		again := receive("one", 1)
		require.Equal(t, []string{"a2"}, bodies(again))
		require.Equal(t, "2", again[0].Attributes["ApproximateReceiveCount"])
		_, err = c.ChangeMessageVisibility(t.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: again[0].ReceiptHandle, VisibilityTimeout: 600})
		require.NoError(t, err)
		require.NotContains(t, bodies(receive("one", 1)), "a2", "its visibility was changed")

		to(t, c, url, "c", "c1", "c1")
		long := receive("long", 1)
		require.Equal(t, []string{"c1"}, bodies(long))
		_, err = c.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"VisibilityTimeout": "900"}})
		require.NoError(t, err)
		require.Equal(t, long, receive("long", 1))
		time.Sleep(5 * time.Minute)
		require.NotContains(t, bodies(receive("long", 1)), "c1", "five minutes have passed")
	})
}

func TestAttemptsAreOfFIFOQueues(t *testing.T) {
	c := start(t)
	standard, fifo := create(t, c, "q", nil), create(t, c, "q.fifo", map[string]string{"FifoQueue": "true"})
	receive := func(url *string, id string) error {
		_, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url, ReceiveRequestAttemptId: aws.String(id)})
		return err
	}
	require.NoError(t, receive(fifo, "one"))
	require.ErrorContains(t, receive(standard, "one"), "not valid for this queue type")
	require.ErrorContains(t, receive(fifo, "o n e"), "ReceiveRequestAttemptId")
}
