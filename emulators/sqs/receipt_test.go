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

// A message is with a consumer for 12 hours at most, however often that asks for more.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
func TestVisibilityInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q", map[string]string{"VisibilityTimeout": "43200"})
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("x")})
		require.NoError(t, err)
		handle := receive(t, c, url, 0)[0].ReceiptHandle
		hide := func(seconds int32) error {
			_, err := c.ChangeMessageVisibility(t.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds})
			return err
		}
		require.NoError(t, hide(43200))
		time.Sleep(time.Hour)
		require.ErrorContains(t, hide(39601), "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
		require.NoError(t, hide(39600))
		time.Sleep(11*time.Hour - time.Second)
		require.Empty(t, receive(t, c, url, 0))
		time.Sleep(time.Second)
		handle = receive(t, c, url, 0)[0].ReceiptHandle
		require.NoError(t, hide(43200), "it is received again")
	})
}

// What is no receipt, what is one of a message that is gone, and what is one of a message
// that is back, are three errors.
func TestReceiptsThatChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		url := create(t, c, "q", map[string]string{"VisibilityTimeout": "5"})
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("x")})
		require.NoError(t, err)
		hide := func(handle *string) error {
			_, err := c.ChangeMessageVisibility(t.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: 9})
			return err
		}
		var junk *types.ReceiptHandleIsInvalid
		require.ErrorAs(t, hide(aws.String("junk")), &junk)
		require.Equal(t, `The input receipt handle "junk" is not a valid receipt handle.`, junk.ErrorMessage())
		handle := receive(t, c, url, 0)[0].ReceiptHandle
		time.Sleep(5 * time.Second)
		var back *types.MessageNotInflight
		require.ErrorAs(t, hide(handle), &back)
		_, err = c.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: handle})
		require.NoError(t, err)
		err = hide(handle)
		require.ErrorContains(t, err, "InvalidParameterValue")
		require.ErrorContains(t, err, "Message does not exist or is not available for visibility timeout change.")
	})
}
