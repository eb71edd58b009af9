package sqs_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sqs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) *sdk.Client {
	return sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  emulators.Direct{Handler: sqs.Handler(sqs.New(sqs.Config{}))},
	})
}

func create(t *testing.T, c *sdk.Client, name string, attributes map[string]string) *string {
	out, err := c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: &name, Attributes: attributes})
	require.NoError(t, err)
	return out.QueueUrl
}

func receive(t *testing.T, c *sdk.Client, url *string, wait int32) []types.Message {
	out, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: wait, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}})
	require.NoError(t, err)
	return out.Messages
}

// AWS.md §5: SQS: visibility timeout.
func TestVisibilityAndDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q", nil)
		// The SDK checks the MD5 of body and attributes itself.
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("hello"), MessageAttributes: map[string]types.MessageAttributeValue{
			"n": {DataType: aws.String("Number"), StringValue: aws.String("7")}, "b": {DataType: aws.String("Binary"), BinaryValue: []byte{1}}}})
		require.NoError(t, err)
		first := receive(t, c, url, 0)
		require.Len(t, first, 1)
		require.Equal(t, "hello", *first[0].Body)
		require.Equal(t, "7", *first[0].MessageAttributes["n"].StringValue)
		require.Empty(t, receive(t, c, url, 0), "hidden for 30 s")
		time.Sleep(31 * time.Second)
		again := receive(t, c, url, 0)
		require.Len(t, again, 1)
		_, err = c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: again[0].ReceiptHandle})
		require.NoError(t, err)
		time.Sleep(time.Minute)
		require.Empty(t, receive(t, c, url, 0))
	})
}

// AWS.md §5: SQS: long polling.
func TestLongPollingWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q", nil)
		began := time.Now()
		require.Empty(t, receive(t, c, url, 5))
		require.Equal(t, 5*time.Second, time.Since(began))
		go func() {
			time.Sleep(3 * time.Second)
			c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("x")})
		}()
		began = time.Now()
		require.Len(t, receive(t, c, url, 20), 1)
		require.Equal(t, 3*time.Second, time.Since(began))
	})
}

// AWS.md §5: SQS: redrive to a dead-letter queue.
func TestRedrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		dead := create(t, c, "dead", nil)
		url := create(t, c, "q", map[string]string{
			"VisibilityTimeout": "1", "RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"2"}`})
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("poison")})
		require.NoError(t, err)
		for range 2 {
			require.Len(t, receive(t, c, url, 0), 1)
			time.Sleep(2 * time.Second)
		}
		require.Empty(t, receive(t, c, url, 0))
		require.Len(t, receive(t, c, dead, 0), 1)
	})
}

func TestRefusals(t *testing.T) {
	c := start(t)
	url := create(t, c, "q", nil)
	_, err := c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("q.fifo")})
	require.ErrorContains(t, err, "FifoQueue is true for it")
	_, err = c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("r"), Attributes: map[string]string{"KmsMasterKeyId": "x"}})
	require.ErrorContains(t, err, "KmsMasterKeyId")
	_, err = c.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: aws.String("none")})
	var missing *types.QueueDoesNotExist
	require.True(t, errors.As(err, &missing), "%v", err)
	_, err = c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("r"), Attributes: map[string]string{
		"RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:none","maxReceiveCount":2}`}})
	require.ErrorContains(t, err, "Dead letter target does not exist")
	attributes, err := c.GetQueueAttributes(t.Context(), &sdk.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"All"}})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:sqs:us-east-1:000000000000:q", attributes.Attributes["QueueArn"])
	_, err = c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: aws.String("junk")})
	require.ErrorContains(t, err, "ReceiptHandleIsInvalid")
	_, err = c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: aws.String("f4b8fe9c-0063-47f7-ad49-9442059869b2")})
	require.NoError(t, err, "a message that is gone")
	_, err = c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"SendTimestamp"}})
	require.ErrorContains(t, err, "InvalidAttributeName")
}

func FuzzRedrivePolicy(f *testing.F) {
	state := sqs.New(sqs.Config{})
	f.Add(`{"deadLetterTargetArn":"a","maxReceiveCount":3}`)
	f.Fuzz(func(t *testing.T, policy string) {
		state.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: "q", Attributes: map[string]string{"RedrivePolicy": policy}})
	})
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
// (the SDK leaves 0 out)
func TestReceiveOfNoMessagesIsRefused(t *testing.T) {
	state := sqs.New(sqs.Config{})
	made, err := state.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: "q"})
	require.NoError(t, err)
	_, err = state.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, MaxNumberOfMessages: new(int)})
	require.ErrorContains(t, err, "MaxNumberOfMessages")
	_, err = state.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl})
	require.NoError(t, err)
}

// A client that leaves 0 out is told, as the service tells it:
// https://github.com/aws/aws-sdk-go-v2/issues/1087
// https://github.com/aws/aws-sdk-go-v2/issues/2072
func TestVisibilityWithoutATimeoutIsRefused(t *testing.T) {
	state := sqs.New(sqs.Config{})
	made, err := state.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: "q"})
	require.NoError(t, err)
	_, err = state.ChangeMessageVisibility(t.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: made.QueueUrl, ReceiptHandle: "r"})
	require.EqualError(t, err, "MissingParameter: The request must contain the parameter VisibilityTimeout.")
	_, err = state.ChangeMessageVisibilityBatch(t.Context(), &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: made.QueueUrl, Entries: []sqs.VisibilityEntry{{Id: "a", ReceiptHandle: "r"}}})
	require.EqualError(t, err, "MissingParameter: The request must contain the parameter ChangeMessageVisibilityBatchRequestEntry.VisibilityTimeout.")
}
