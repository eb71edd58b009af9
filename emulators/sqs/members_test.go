package sqs_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// actOnMembers uses what else the inputs have; its queues stay.
func actOnMembers(t *testing.T, c *sdk.Client) {
	ctx := t.Context()
	made, err := c.CreateQueue(ctx, &sdk.CreateQueueInput{QueueName: aws.String("members"), Tags: map[string]string{"team": "x"}})
	require.NoError(t, err)
	tags, err := c.ListQueueTags(ctx, &sdk.ListQueueTagsInput{QueueUrl: made.QueueUrl})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"team": "x"}, tags.Tags)
	found, err := c.GetQueueUrl(ctx, &sdk.GetQueueUrlInput{QueueName: aws.String("members"), QueueOwnerAWSAccountId: aws.String("000000000000")})
	require.NoError(t, err)
	require.Equal(t, made.QueueUrl, found.QueueUrl)
	_, err = c.GetQueueUrl(ctx, &sdk.GetQueueUrlInput{QueueName: aws.String("members"), QueueOwnerAWSAccountId: aws.String("111111111111")})
	require.ErrorContains(t, err, "NonExistentQueue")
	listMembers(t, c, made.QueueUrl)
	sendMembers(t, c, made.QueueUrl)
	fifoMembers(t, c, create(t, c, "members.fifo", map[string]string{"FifoQueue": "true"}))
	receiveMembers(t, c, made.QueueUrl)
}

func listMembers(t *testing.T, c *sdk.Client, dead *string) {
	ctx := t.Context()
	redrive := map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + account + `members","maxReceiveCount":2}`}
	sources := []string{*create(t, c, "members-a", redrive), *create(t, c, "members-b", redrive)}
	first, err := c.ListDeadLetterSourceQueues(ctx, &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: dead, MaxResults: aws.Int32(1)})
	require.NoError(t, err)
	none, err := c.ListDeadLetterSourceQueues(ctx, &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: &first.QueueUrls[0]})
	require.NoError(t, err)
	require.NotNil(t, none.QueueUrls, "the member is there without a queue too")
	rest, err := c.ListDeadLetterSourceQueues(ctx, &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: dead, MaxResults: aws.Int32(1), NextToken: first.NextToken})
	require.NoError(t, err)
	require.Equal(t, sources, slices.Concat(first.QueueUrls, rest.QueueUrls))
	named, err := c.ListQueues(ctx, &sdk.ListQueuesInput{QueueNamePrefix: aws.String("members-")})
	require.NoError(t, err)
	require.Equal(t, sources, named.QueueUrls)
}

var (
	twoAttributes = map[string]types.MessageAttributeValue{
		"n": {DataType: aws.String("Number"), StringValue: aws.String("7")}, "b": {DataType: aws.String("Binary"), BinaryValue: []byte{1}},
	}
	trace = map[string]types.MessageSystemAttributeValue{
		"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String("Root=1-5759e988-bd862e3fe1be46a994272793")},
	}
)

// sendMembers sends a message and a batch of one that are hidden for a while, each with
// all that a message of a standard queue can have.
func sendMembers(t *testing.T, c *sdk.Client, url *string) {
	ctx, group := t.Context(), aws.String("g")
	_, err := c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("1"), DelaySeconds: 1, MessageGroupId: group, MessageAttributes: twoAttributes, MessageSystemAttributes: trace})
	require.NoError(t, err)
	_, err = c.SendMessageBatch(ctx, &sdk.SendMessageBatchInput{QueueUrl: url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("2"), DelaySeconds: 2, MessageGroupId: group, MessageAttributes: twoAttributes, MessageSystemAttributes: trace}}})
	require.NoError(t, err)
	require.Empty(t, receive(t, c, url, 0), "both are hidden")
	for _, both := range []types.MessageAttributeValue{
		{DataType: aws.String("String"), StringValue: aws.String("x"), BinaryValue: []byte{1}}, {DataType: aws.String("Binary"), StringValue: aws.String("x"), BinaryValue: []byte{1}},
	} {
		_, err = c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("3"), MessageAttributes: map[string]types.MessageAttributeValue{"a": both}})
		require.ErrorContains(t, err, "InvalidParameterValue: Message (user) attribute 'a' of type '"+*both.DataType+"' has a")
	}
}

// TestTraceHeadersAreStrings sends some that are not, or not only.
func TestTraceHeadersAreStrings(t *testing.T) {
	c := start(t)
	url := create(t, c, "q", nil)
	for want, header := range map[string]types.MessageSystemAttributeValue{
		"must contain a non-empty value of type 'String'": {DataType: aws.String("Binary"), BinaryValue: []byte{1}},
		"of type 'String' has a BinaryValue":              {DataType: aws.String("String"), StringValue: aws.String("x"), BinaryValue: []byte{1}},
	} {
		attributes := map[string]types.MessageSystemAttributeValue{"AWSTraceHeader": header}
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("3"), MessageSystemAttributes: attributes})
		require.ErrorContains(t, err, "InvalidParameterValue: Message system attribute 'AWSTraceHeader' "+want)
		sent, err := c.SendMessageBatch(t.Context(), &sdk.SendMessageBatchInput{QueueUrl: url, Entries: []types.SendMessageBatchRequestEntry{
			{Id: aws.String("a"), MessageBody: aws.String("3"), MessageSystemAttributes: attributes}}})
		require.NoError(t, err)
		require.Empty(t, sent.Successful)
		require.Contains(t, *sent.Failed[0].Message, want)
	}
}

// receiveMembers receives what sendMembers sent.
func receiveMembers(t *testing.T, c *sdk.Client, url *string) {
	ctx := t.Context()
	in := &sdk.ReceiveMessageInput{
		QueueUrl: url, WaitTimeSeconds: 1, VisibilityTimeout: 3, MessageAttributeNames: []string{"b"},
		AttributeNames:              []types.QueueAttributeName{"SentTimestamp"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"AWSTraceHeader", "MessageGroupId"},
	}
	for _, body := range []string{"1", "2", "1"} { // each after a second, the first again after three
		began := time.Now()
		got, err := c.ReceiveMessage(ctx, in)
		require.NoError(t, err)
		require.Equal(t, []string{body}, bodies(got.Messages))
		require.Equal(t, time.Second, time.Since(began))
		m := got.Messages[0]
		require.Equal(t, []string{"AWSTraceHeader", "MessageGroupId", "SentTimestamp"}, slices.Sorted(maps.Keys(m.Attributes)))
		require.Equal(t, []string{"g", *trace["AWSTraceHeader"].StringValue}, []string{m.Attributes["MessageGroupId"], m.Attributes["AWSTraceHeader"]})
		require.Equal(t, map[string]types.MessageAttributeValue{"b": twoAttributes["b"]}, m.MessageAttributes)
		if in.WaitTimeSeconds++; body == "2" { // comes back at 5 s, the first at 4 s
			_, err = c.ChangeMessageVisibility(ctx, &sdk.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 60})
			require.NoError(t, err)
			time.Sleep(time.Second)
		}
	}
}

// fifoMembers sends one message twice, by itself and in a batch.
func fifoMembers(t *testing.T, c *sdk.Client, url *string) {
	ctx, id, group := t.Context(), aws.String("d"), aws.String("g")
	first, err := c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("1"), MessageGroupId: group, MessageDeduplicationId: id, MessageAttributes: twoAttributes, MessageSystemAttributes: trace})
	require.NoError(t, err)
	again, err := c.SendMessageBatch(ctx, &sdk.SendMessageBatchInput{QueueUrl: url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("1"), MessageGroupId: group, MessageDeduplicationId: id, MessageAttributes: twoAttributes, MessageSystemAttributes: trace}}})
	require.NoError(t, err)
	require.Equal(t, *first.MessageId, *again.Successful[0].MessageId)
	require.Equal(t, []string{"1"}, bodies(receive(t, c, url, 0)))
}
