package sqs_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sqs"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table, and the members of inputs to
// being acted on or refused by name.
// AWS.md §5: SQS: delay, batch calls.
func TestOperations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := aws.Config{
			Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
			HTTPClient: emulators.Direct{Handler: sqs.Handler(sqs.New(sqs.Config{}))},
		}
		operationtest.Check(t, config, func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, func(t *testing.T, c *sdk.Client) {
			url := create(t, c, "q", nil)
			actOnMessages(t, c, url)
			actOnQueues(t, c, url)
			actOnMembers(t, c)
		}, operationtest.Fields(nil))
	})
}

func actOnMessages(t *testing.T, c *sdk.Client, url *string) {
	ctx := t.Context()
	_, err := c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("1")})
	require.NoError(t, err)
	_, err = c.SendMessageBatch(ctx, &sdk.SendMessageBatchInput{QueueUrl: url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("2")}, {Id: aws.String("b"), MessageBody: aws.String("3")}}})
	require.NoError(t, err)
	got := receive(t, c, url, 0)
	require.Equal(t, []string{"1", "2", "3"}, bodies(got))
	_, err = c.ChangeMessageVisibility(ctx, &sdk.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 0})
	require.NoError(t, err)
	_, err = c.ChangeMessageVisibility(ctx, &sdk.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 5})
	require.ErrorContains(t, err, "MessageNotInflight")
	changed, err := c.ChangeMessageVisibilityBatch(ctx, &sdk.ChangeMessageVisibilityBatchInput{QueueUrl: url, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
		{Id: aws.String("a"), ReceiptHandle: got[1].ReceiptHandle, VisibilityTimeout: 60}, {Id: aws.String("b"), ReceiptHandle: aws.String("none")}}})
	require.NoError(t, err)
	require.Len(t, changed.Successful, 1)
	require.Len(t, changed.Failed, 1)
	_, err = c.DeleteMessage(ctx, &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: got[1].ReceiptHandle})
	require.NoError(t, err)
	_, err = c.DeleteMessageBatch(ctx, &sdk.DeleteMessageBatchInput{QueueUrl: url, Entries: []types.DeleteMessageBatchRequestEntry{{Id: aws.String("a"), ReceiptHandle: got[2].ReceiptHandle}}})
	require.NoError(t, err)
	require.Equal(t, []string{"1"}, bodies(receive(t, c, url, 0)))
}

func actOnQueues(t *testing.T, c *sdk.Client, url *string) {
	ctx := t.Context()
	source := create(t, c, "source", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:q","maxReceiveCount":2}`})
	sources, err := c.ListDeadLetterSourceQueues(ctx, &sdk.ListDeadLetterSourceQueuesInput{QueueUrl: url})
	require.NoError(t, err)
	require.Equal(t, []string{*source}, sources.QueueUrls)
	_, err = c.TagQueue(ctx, &sdk.TagQueueInput{QueueUrl: url, Tags: map[string]string{"a": "b", "c": "d"}})
	require.NoError(t, err)
	_, err = c.UntagQueue(ctx, &sdk.UntagQueueInput{QueueUrl: url, TagKeys: []string{"a"}})
	require.NoError(t, err)
	tags, err := c.ListQueueTags(ctx, &sdk.ListQueueTagsInput{QueueUrl: url})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"c": "d"}, tags.Tags)
	_, err = c.SendMessageBatch(ctx, &sdk.SendMessageBatchInput{QueueUrl: url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("a"), MessageBody: aws.String("1")}, {Id: aws.String("b"), MessageBody: aws.String("2")}}})
	require.NoError(t, err)
	started, err := c.StartMessageMoveTask(ctx, &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "q"), DestinationArn: aws.String(account + "source"), MaxNumberOfMessagesPerSecond: aws.Int32(1)})
	require.NoError(t, err)
	moves, err := c.ListMessageMoveTasks(ctx, &sdk.ListMessageMoveTasksInput{SourceArn: aws.String(account + "q"), MaxResults: aws.Int32(1)})
	require.NoError(t, err)
	require.Equal(t, started.TaskHandle, moves.Results[0].TaskHandle)
	_, err = c.CancelMessageMoveTask(ctx, &sdk.CancelMessageMoveTaskInput{TaskHandle: started.TaskHandle})
	require.NoError(t, err)
	_, err = c.SetQueueAttributes(ctx, &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"DelaySeconds": "5"}})
	require.NoError(t, err)
	got, err := c.GetQueueAttributes(ctx, &sdk.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"All"}})
	require.NoError(t, err)
	require.Equal(t, "5", got.Attributes["DelaySeconds"])
	var listed []string
	pages := sdk.NewListQueuesPaginator(c, &sdk.ListQueuesInput{MaxResults: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		listed = append(listed, page.QueueUrls...)
	}
	require.Equal(t, []string{*url, *source}, listed)
	_, err = c.GetQueueUrl(ctx, &sdk.GetQueueUrlInput{QueueName: aws.String("q")})
	require.NoError(t, err)
	_, err = c.AddPermission(ctx, &sdk.AddPermissionInput{QueueUrl: url, Label: aws.String("l"), AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"}})
	require.NoError(t, err)
	_, err = c.RemovePermission(ctx, &sdk.RemovePermissionInput{QueueUrl: url, Label: aws.String("l")})
	require.NoError(t, err)
	_, err = c.PurgeQueue(ctx, &sdk.PurgeQueueInput{QueueUrl: url})
	require.NoError(t, err)
	_, err = c.DeleteQueue(ctx, &sdk.DeleteQueueInput{QueueUrl: url})
	require.NoError(t, err)
}

func TestBatchRefusals(t *testing.T) {
	c := start(t)
	url := create(t, c, "q", nil)
	for code, ids := range map[string][]string{
		"EmptyBatchRequest": {}, "TooManyEntriesInBatchRequest": strings.Split("abcdefghijk", ""),
		"BatchEntryIdsNotDistinct": {"a", "a"}, "InvalidBatchEntryId": {"a b"}, "BatchRequestTooLong": {"a", "b"},
	} {
		entries := []types.SendMessageBatchRequestEntry{}
		for _, id := range ids {
			entries = append(entries, types.SendMessageBatchRequestEntry{Id: aws.String(id), MessageBody: aws.String(strings.Repeat("x", 600<<10))})
		}
		_, err := c.SendMessageBatch(t.Context(), &sdk.SendMessageBatchInput{QueueUrl: url, Entries: entries})
		require.ErrorContains(t, err, code, fmt.Sprint(ids))
	}
}

// BenchmarkReceiveBehindABacklog receives and deletes while many messages wait.
func BenchmarkReceiveBehindABacklog(b *testing.B) {
	s := sqs.New(sqs.Config{})
	queue, err := s.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: "q"})
	require.NoError(b, err)
	send := func() {
		_, err := s.SendMessage(b.Context(), &sqs.SendMessageInput{QueueUrl: queue.QueueUrl, Outgoing: sqs.Outgoing{MessageBody: "x"}})
		require.NoError(b, err)
	}
	for range 100_000 {
		send()
	}
	for b.Loop() {
		send()
		got, err := s.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
		require.NoError(b, err)
		_, err = s.DeleteMessage(b.Context(), &sqs.ReceiptRef{QueueUrl: queue.QueueUrl, ReceiptHandle: got.Messages[0].ReceiptHandle})
		require.NoError(b, err)
	}
}
