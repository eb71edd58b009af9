package sqs_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

const account = "arn:aws:sqs:us-east-1:000000000000:"

// givenUp makes a queue and a dead-letter queue with so many messages that the queue gave up.
func givenUp(t *testing.T, c *sdk.Client, source, dead string, n int) (url, deadURL *string) {
	deadURL = create(t, c, dead, nil)
	url = create(t, c, source, map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + account + dead + `","maxReceiveCount":1}`, "VisibilityTimeout": "0"})
	for i := range n {
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String(fmt.Sprint(i))})
		require.NoError(t, err)
	}
	require.Len(t, receive(t, c, url, 0), n)
	require.Empty(t, receive(t, c, url, 0))
	return url, deadURL
}

func tasks(t *testing.T, c *sdk.Client, source string) []types.ListMessageMoveTasksResultEntry {
	got, err := c.ListMessageMoveTasks(t.Context(), &sdk.ListMessageMoveTasksInput{SourceArn: aws.String(account + source), MaxResults: aws.Int32(10)})
	require.NoError(t, err)
	return got.Results
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
func TestMessagesMoveBackAtARate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		ctx := t.Context()
		url, _ := givenUp(t, c, "q", "dead", 5)
		began := time.Now()
		started, err := c.StartMessageMoveTask(ctx, &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead"), MaxNumberOfMessagesPerSecond: aws.Int32(2)})
		require.NoError(t, err)
		_, err = c.StartMessageMoveTask(ctx, &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead")})
		require.ErrorContains(t, err, "Only one active task is allowed")
		now := tasks(t, c, "dead")[0]
		require.Equal(t, started.TaskHandle, now.TaskHandle)
		require.Equal(t, "RUNNING 1/5 at 2", fmt.Sprintf("%s %d/%d at %d", *now.Status, now.ApproximateNumberOfMessagesMoved, *now.ApproximateNumberOfMessagesToMove, *now.MaxNumberOfMessagesPerSecond))
		require.Equal(t, began.UnixMilli(), now.StartedTimestamp)
		// A consumer that waits is woken by each message, half a second apart.
		for i := range 3 {
			got := receive(t, c, url, 20)
			require.Equal(t, []string{fmt.Sprint(i)}, bodies(got))
			require.Equal(t, time.Duration(i)*time.Second/2, time.Since(began))
			_, err = c.DeleteMessage(ctx, &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: got[0].ReceiptHandle})
			require.NoError(t, err)
		}
		cancelled, err := c.CancelMessageMoveTask(ctx, &sdk.CancelMessageMoveTaskInput{TaskHandle: started.TaskHandle})
		require.NoError(t, err)
		require.EqualValues(t, 3, cancelled.ApproximateNumberOfMessagesMoved)
		_, err = c.CancelMessageMoveTask(ctx, &sdk.CancelMessageMoveTaskInput{TaskHandle: started.TaskHandle})
		require.ErrorContains(t, err, "UnsupportedOperation")
		require.Empty(t, receive(t, c, url, 20))
		_, err = c.StartMessageMoveTask(ctx, &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead")})
		require.NoError(t, err)
		require.Len(t, receive(t, c, url, 20), 1) // the other is due 2 ms later
		all := tasks(t, c, "dead")
		require.Equal(t, []string{"RUNNING", "CANCELLED"}, []string{*all[0].Status, *all[1].Status})
		require.Nil(t, all[1].TaskHandle)
		time.Sleep(2 * time.Millisecond)
		require.Equal(t, "COMPLETED", *tasks(t, c, "dead")[0].Status)
	})
}

func TestMessagesMoveToAnotherQueueAsNewOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		_, dead := givenUp(t, c, "q", "dead", 1)
		time.Sleep(time.Hour)
		before, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: dead, VisibilityTimeout: 0})
		require.NoError(t, err)
		other := create(t, c, "other", nil)
		_, err = c.ChangeMessageVisibility(t.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: dead, ReceiptHandle: before.Messages[0].ReceiptHandle})
		require.NoError(t, err)
		_, err = c.StartMessageMoveTask(t.Context(), &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead"), DestinationArn: aws.String(account + "other")})
		require.NoError(t, err)
		got, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: other, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}})
		require.NoError(t, err)
		require.Equal(t, "0", *got.Messages[0].Body)
		require.NotEqual(t, before.Messages[0].MessageId, got.Messages[0].MessageId)
		require.Equal(t, fmt.Sprint(time.Now().UnixMilli()), got.Messages[0].Attributes["SentTimestamp"])
		require.Equal(t, "1", got.Messages[0].Attributes["ApproximateReceiveCount"])
		require.NotContains(t, got.Messages[0].Attributes, "DeadLetterQueueSourceArn")
		require.Equal(t, "COMPLETED", *tasks(t, c, "dead")[0].Status)
	})
}

func TestMoveTasksFailAndAreRefused(t *testing.T) {
	c := start(t)
	ctx := t.Context()
	url, dead := givenUp(t, c, "q", "dead", 1)
	create(t, c, "f.fifo", map[string]string{"FifoQueue": "true"})
	begin := func(in *sdk.StartMessageMoveTaskInput) error { _, err := c.StartMessageMoveTask(ctx, in); return err }
	for want, in := range map[string]*sdk.StartMessageMoveTaskInput{
		"must be configured as a Dead Letter Queue":                                         {SourceArn: aws.String(account + "q")},
		"ResourceNotFoundException: The resource that you specified for the SourceArn":      {SourceArn: aws.String(account + "none")},
		"ResourceNotFoundException: The resource that you specified for the DestinationArn": {SourceArn: aws.String(account + "dead"), DestinationArn: aws.String(account + "none")},
		"MaxNumberOfMessagesPerSecond is invalid":                                           {SourceArn: aws.String(account + "dead"), MaxNumberOfMessagesPerSecond: aws.Int32(501)},
		"parameter DestinationArn is invalid":                                               {SourceArn: aws.String(account + "dead"), DestinationArn: aws.String(account + "f.fifo")},
	} {
		require.ErrorContains(t, begin(in), want)
	}
	_, err := c.ListMessageMoveTasks(ctx, &sdk.ListMessageMoveTasksInput{SourceArn: aws.String(account + "dead"), MaxResults: aws.Int32(11)})
	require.ErrorContains(t, err, "MaxResults")
	_, err = c.CancelMessageMoveTask(ctx, &sdk.CancelMessageMoveTaskInput{TaskHandle: aws.String("none")})
	require.ErrorContains(t, err, "ResourceNotFoundException")
	_, err = c.SetQueueAttributes(ctx, &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{
		"Policy": `{"Statement":{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`}})
	require.NoError(t, err)
	require.ErrorContains(t, begin(&sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead")}), "AccessDenied")
	_, err = c.SetQueueAttributes(ctx, &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"Policy": ""}})
	require.NoError(t, err)
	// A message that was sent to the dead-letter queue itself came from nowhere.
	_, err = c.PurgeQueue(ctx, &sdk.PurgeQueueInput{QueueUrl: dead})
	require.NoError(t, err)
	_, err = c.SendMessage(ctx, &sdk.SendMessageInput{QueueUrl: dead, MessageBody: aws.String("x")})
	require.NoError(t, err)
	require.NoError(t, begin(&sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead")}))
	failed := tasks(t, c, "dead")[0]
	require.Equal(t, "FAILED CouldNotDetermineMessageSource", *failed.Status+" "+*failed.FailureReason)
	require.Len(t, receive(t, c, dead, 0), 1)
}

func TestCancellingAsksThePolicyOfTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		_, dead := givenUp(t, c, "q", "dead", 2)
		task, err := c.StartMessageMoveTask(t.Context(), &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead"), MaxNumberOfMessagesPerSecond: aws.Int32(1)})
		require.NoError(t, err)
		_, err = c.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: dead, Attributes: map[string]string{
			"Policy": `{"Statement":{"Effect":"Deny","Principal":"*","Action":"sqs:CancelMessageMoveTask","Resource":"*"}}`}})
		require.NoError(t, err)
		_, err = c.CancelMessageMoveTask(t.Context(), &sdk.CancelMessageMoveTaskInput{TaskHandle: task.TaskHandle})
		require.ErrorContains(t, err, "AccessDenied")
		// The queue's tasks are gone with it.
		_, err = c.DeleteQueue(t.Context(), &sdk.DeleteQueueInput{QueueUrl: dead})
		require.NoError(t, err)
		_, err = c.CancelMessageMoveTask(t.Context(), &sdk.CancelMessageMoveTaskInput{TaskHandle: task.TaskHandle})
		require.ErrorContains(t, err, "ResourceNotFoundException")
	})
}

// "All redriven messages are considered new messages": they are delayed as such, and a
// FIFO queue does not take one twice.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
func TestMovedMessagesAreNewOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		_, _ = givenUp(t, c, "q", "dead", 1)
		to := create(t, c, "to", map[string]string{"DelaySeconds": "60"})
		_, err := c.StartMessageMoveTask(t.Context(), &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead"), DestinationArn: aws.String(account + "to")})
		require.NoError(t, err)
		require.Empty(t, receive(t, c, to, 0))
		time.Sleep(time.Minute)
		require.Len(t, receive(t, c, to, 0), 1)

		fifo := map[string]string{"FifoQueue": "true", "VisibilityTimeout": "0"}
		dead := create(t, c, "dead.fifo", fifo)
		fifo["RedrivePolicy"] = `{"deadLetterTargetArn":"` + account + `dead.fifo","maxReceiveCount":1}`
		q := create(t, c, "q.fifo", fifo)
		send := func(url *string, dedup string) string {
			out, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("b"), MessageGroupId: aws.String("g"), MessageDeduplicationId: &dedup})
			require.NoError(t, err)
			return *out.MessageId
		}
		id := send(q, "1")
		require.Len(t, receive(t, c, q, 0), 1)
		require.Empty(t, receive(t, c, q, 0))
		got, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: dead, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}})
		require.NoError(t, err)
		require.Equal(t, id, got.Messages[0].Attributes["MessageDeduplicationId"], "replaced with the message's id")
		send(q, id) // what the moved message repeats
		_, err = c.StartMessageMoveTask(t.Context(), &sdk.StartMessageMoveTaskInput{SourceArn: aws.String(account + "dead.fifo")})
		require.NoError(t, err)
		require.Equal(t, "COMPLETED", *tasks(t, c, "dead.fifo")[0].Status)
		require.Len(t, receive(t, c, q, 0), 1, "not the one that was moved")
		require.Empty(t, receive(t, c, q, 0))
		require.Len(t, receive(t, c, dead, 0), 1, "the other one, given up")
	})
}
