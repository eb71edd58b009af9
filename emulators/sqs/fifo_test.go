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

// to sends a message to a group with a deduplication id; empty ids are none.
func to(t *testing.T, c *sdk.Client, url *string, group, dedup, body string) *sdk.SendMessageOutput {
	in := &sdk.SendMessageInput{QueueUrl: url, MessageBody: &body, MessageGroupId: &group}
	if dedup != "" {
		in.MessageDeduplicationId = &dedup
	}
	out, err := c.SendMessage(t.Context(), in)
	require.NoError(t, err)
	return out
}

func bodies(messages []types.Message) []string {
	list := []string{}
	for _, m := range messages {
		list = append(list, *m.Body)
	}
	return list
}

// A group waits for its message in flight; other groups go on.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
// AWS.md §5: SQS: FIFO groups.
func TestFIFOKeepsTheOrderOfEachGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q.fifo", map[string]string{"FifoQueue": "true", "VisibilityTimeout": "10"})
		for i, body := range []string{"a1", "a2", "b1", "a3", "b2"} {
			to(t, c, url, body[:1], string(rune('0'+i)), body)
		}
		one, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}})
		require.NoError(t, err)
		require.Equal(t, []string{"a1"}, bodies(one.Messages))
		require.Equal(t, "a", one.Messages[0].Attributes["MessageGroupId"])
		require.Len(t, one.Messages[0].Attributes["SequenceNumber"], 20)
		two := receive(t, c, url, 0)
		require.Equal(t, []string{"b1", "b2"}, bodies(two), "group a waits for a1")
		_, err = c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: one.Messages[0].ReceiptHandle})
		require.NoError(t, err)
		require.Equal(t, []string{"a2", "a3"}, bodies(receive(t, c, url, 0)))
		time.Sleep(10 * time.Second)
		require.Equal(t, []string{"a2", "b1", "a3", "b2"}, bodies(receive(t, c, url, 0)), "all that was not deleted comes again in order")
		_, err = c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: two[0].ReceiptHandle})
		require.NoError(t, err, "a handle that a newer one has replaced is gone")
		time.Sleep(10 * time.Second)
		require.Len(t, receive(t, c, url, 0), 4)
	})
}

// AWS.md §5: SQS: … and deduplication.
func TestFIFODeduplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q.fifo", map[string]string{"FifoQueue": "true"})
		first := to(t, c, url, "g", "d", "one")
		again := to(t, c, url, "other", "d", "another body")
		require.Equal(t, *first.MessageId, *again.MessageId)
		require.Equal(t, *first.SequenceNumber, *again.SequenceNumber)
		require.Equal(t, []string{"one"}, bodies(receive(t, c, url, 0)))
		time.Sleep(5 * time.Minute)
		later := to(t, c, url, "g2", "d", "late")
		require.Greater(t, *later.SequenceNumber, *first.SequenceNumber)

		byContent := create(t, c, "content.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup"})
		for _, group := range []string{"g", "h", "g"} {
			to(t, c, byContent, group, "", "same")
		}
		require.Len(t, receive(t, c, byContent, 0), 2, "each group by itself")
	})
}

func TestFIFORefusals(t *testing.T) {
	c := start(t)
	url := create(t, c, "q.fifo", map[string]string{"FifoQueue": "true"})
	plain := create(t, c, "q", nil)
	for complaint, in := range map[string]*sdk.SendMessageInput{
		"MessageGroupId":                   {QueueUrl: url, MessageBody: aws.String("x")},
		"ContentBasedDeduplication":        {QueueUrl: url, MessageBody: aws.String("x"), MessageGroupId: aws.String("g")},
		"DelaySeconds is invalid":          {QueueUrl: url, MessageBody: aws.String("x"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d"), DelaySeconds: 1},
		"MessageDeduplicationId is for":    {QueueUrl: plain, MessageBody: aws.String("x"), MessageDeduplicationId: aws.String("d")},
		"alphanumeric and punctuation":     {QueueUrl: url, MessageBody: aws.String("x"), MessageGroupId: aws.String("ä"), MessageDeduplicationId: aws.String("d")},
		"outside the allowed set":          {QueueUrl: plain, MessageBody: aws.String("bell\a")},
		"Message (user) attribute name":    {QueueUrl: plain, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{"AWS.x": {DataType: aws.String("String"), StringValue: aws.String("y")}}},
		"Can't cast the value of message":  {QueueUrl: plain, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{"n": {DataType: aws.String("Number"), StringValue: aws.String("y")}}},
		"must contain a non-empty value":   {QueueUrl: plain, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{"n": {DataType: aws.String("String")}}},
		"supported type prefixes: Binary,": {QueueUrl: plain, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{"n": {DataType: aws.String("Text"), StringValue: aws.String("y")}}},
	} {
		_, err := c.SendMessage(t.Context(), in)
		require.ErrorContains(t, err, complaint)
	}
	_, err := c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("r.fifo"), Attributes: map[string]string{
		"FifoQueue": "true", "RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:q","maxReceiveCount":2}`}})
	require.ErrorContains(t, err, "same type of queue")
	_, err = c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("s.fifo"), Attributes: map[string]string{"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId"}})
	require.ErrorContains(t, err, "only when the value for DeduplicationScope")
	_, err = c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("s"), Attributes: map[string]string{"ContentBasedDeduplication": "true"}})
	require.ErrorContains(t, err, "it is for FIFO queues")
}
