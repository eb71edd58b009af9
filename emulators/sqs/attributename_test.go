package sqs_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// settable are the names that CreateQueue and SetQueueAttributes document, each with a value
// that is taken by a FIFO queue and one that is refused; the first is empty for one that is
// refused whatever its value.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
var settable = []struct{ name, good, bad string }{
	{"DelaySeconds", "900", "901"},
	{"MaximumMessageSize", "1024", "1023"},
	{"MessageRetentionPeriod", "1209600", "59"},
	{"Policy", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`, "{"},
	{"ReceiveMessageWaitTimeSeconds", "20", "21"},
	{"VisibilityTimeout", "43200", "43201"},
	{"RedrivePolicy", `{"deadLetterTargetArn":"` + account + `dead.fifo","maxReceiveCount":2}`, `{"maxReceiveCount":2}`},
	{"RedriveAllowPolicy", `{"redrivePermission":"denyAll"}`, `{"redrivePermission":"some"}`},
	{"KmsMasterKeyId", "", "alias/aws/sqs"},
	{"KmsDataKeyReusePeriodSeconds", "", "300"},
	{"SqsManagedSseEnabled", "false", "perhaps"},
	{"ContentBasedDeduplication", "true", "perhaps"},
	{"DeduplicationScope", "messageGroup", "topic"},
	{"FifoThroughputLimit", "perMessageGroupId", "perMessage"},
	{"shakedown-unknown", "", "x"},
}

// TestQueueAttributes has each name of AWS's list read back or refused by its name.
func TestQueueAttributes(t *testing.T) {
	ctx, c := t.Context(), start(t)
	fifo := map[string]string{"FifoQueue": "true"}
	create(t, c, "dead.fifo", fifo)
	url, standard := create(t, c, "q.fifo", fifo), create(t, c, "q", nil)
	for _, a := range settable {
		_, err := c.CreateQueue(ctx, &sdk.CreateQueueInput{QueueName: aws.String("new.fifo"), Attributes: map[string]string{"FifoQueue": "true", a.name: a.bad}})
		require.ErrorContains(t, err, a.name)
		for _, url := range []*string{url, standard} {
			_, err = c.SetQueueAttributes(ctx, &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{a.name: a.bad}})
			require.ErrorContains(t, err, "Invalid", a.name)
			require.ErrorContains(t, err, a.name)
		}
		if a.good == "" {
			continue
		}
		_, err = c.SetQueueAttributes(ctx, &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{a.name: a.good}})
		require.NoError(t, err, a.name)
		got, err := c.GetQueueAttributes(ctx, &sdk.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeName(a.name)}})
		require.NoError(t, err)
		require.Equal(t, map[string]string{a.name: a.good}, got.Attributes)
	}
}

// TestNamesOfMessagesAttributes asks a message for each name that ReceiveMessage documents,
// in both of its lists, and for others.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
func TestNamesOfMessagesAttributes(t *testing.T) {
	ctx, c := t.Context(), start(t)
	dead := create(t, c, "dead.fifo", map[string]string{"FifoQueue": "true"})
	url := create(t, c, "q.fifo", map[string]string{"FifoQueue": "true", "RedrivePolicy": `{"deadLetterTargetArn":"` + account + `dead.fifo","maxReceiveCount":1}`, "VisibilityTimeout": "0"})
	_, err := c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("m"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d"), MessageSystemAttributes: trace})
	require.NoError(t, err)
	for range 2 { // received once too often
		receive(t, c, url, 0)
	}
	for _, name := range []string{
		"AWSTraceHeader", "ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "DeadLetterQueueSourceArn", "MessageDeduplicationId", "MessageGroupId", "SenderId", "SentTimestamp", "SequenceNumber",
	} {
		for _, in := range []*sdk.ReceiveMessageInput{
			{AttributeNames: []types.QueueAttributeName{types.QueueAttributeName(name)}}, {MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeName(name)}},
		} {
			in.QueueUrl = dead
			got, err := c.ReceiveMessage(ctx, in)
			require.NoError(t, err, name)
			require.Len(t, got.Messages, 1, name)
			require.Len(t, got.Messages[0].Attributes, 1, name)
			require.NotEmpty(t, got.Messages[0].Attributes[name], name)
			_, err = c.ChangeMessageVisibility(ctx, &sdk.ChangeMessageVisibilityInput{QueueUrl: dead, ReceiptHandle: got.Messages[0].ReceiptHandle})
			require.NoError(t, err)
		}
	}
	for _, name := range []types.QueueAttributeName{"VisibilityTimeout", "shakedown-unknown"} {
		_, err := c.ReceiveMessage(ctx, &sdk.ReceiveMessageInput{QueueUrl: dead, AttributeNames: []types.QueueAttributeName{name}})
		require.ErrorContains(t, err, "Unknown Attribute "+string(name))
		_, err = c.ReceiveMessage(ctx, &sdk.ReceiveMessageInput{QueueUrl: dead, MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeName(name)}})
		require.ErrorContains(t, err, "Unknown Attribute "+string(name))
	}
	_, err = c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("m"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("e"),
		MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{"SenderId": trace["AWSTraceHeader"]}})
	require.ErrorContains(t, err, "Message system attribute name 'SenderId' is invalid")
}
