package lambda_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// mailbox is a queue that gives what it has and deletes nothing while it refuses to.
type mailbox struct {
	messages chan []sqstypes.Message
	refuse   bool
	deleted  int
}

func (m *mailbox) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	wait := time.NewTimer(time.Duration(in.WaitTimeSeconds) * time.Second)
	defer wait.Stop()
	select {
	case some := <-m.messages:
		return &sqs.ReceiveMessageOutput{Messages: some}, nil
	case <-wait.C:
		return &sqs.ReceiveMessageOutput{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *mailbox) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	if m.refuse {
		return &sqs.DeleteMessageBatchOutput{Failed: []sqstypes.BatchResultErrorEntry{{Message: aws.String("not now")}}}, nil
	}
	m.deleted += len(in.Entries)
	return &sqs.DeleteMessageBatchOutput{}, nil
}

func (m *mailbox) GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	return &sqs.GetQueueAttributesOutput{Attributes: map[string]string{"VisibilityTimeout": "30"}}, nil
}

// A message that a filter drops and that cannot be deleted comes again; those beside it
// are processed all the same. Members that a queue leaves out are empty.
func TestAMessageThatCannotBeDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{messages: make(chan []sqstypes.Message, 1), refuse: true}
		var got []string
		s := lambda.New(lambda.Config{Messages: box})
		create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) {
			var event events.SQSEvent
			require.NoError(t, json.Unmarshal(payload, &event))
			for _, r := range event.Records {
				got = append(got, r.Body)
			}
			return nil, nil
		})
		made, err := sdk(s).CreateEventSourceMapping(t.Context(), &client.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: aws.String(queueARN),
			FilterCriteria: &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body":[{"anything-but":["drop"]}]}`)}}},
		})
		require.NoError(t, err)
		send := func(bodies ...string) string {
			var some []sqstypes.Message
			for _, body := range bodies {
				some = append(some, sqstypes.Message{MessageId: &body, ReceiptHandle: &body, Body: &body})
			}
			box.messages <- some
			time.Sleep(time.Second)
			m, err := sdk(s).GetEventSourceMapping(t.Context(), &client.GetEventSourceMappingInput{UUID: made.UUID})
			require.NoError(t, err)
			return aws.ToString(m.LastProcessingResult)
		}
		running(t, s, func() {
			require.Equal(t, "PROBLEM: deleting messages: 1 of 2: not now", send("a", "drop", "b"))
			require.Equal(t, []string{"a", "b"}, got)
			require.False(t, s.Idle(), "they come again")
			time.Sleep(28 * time.Second)
			require.False(t, s.Idle())
			time.Sleep(2 * time.Second)
			require.True(t, s.Idle())
			box.refuse = false
			require.Empty(t, send("a", "drop", "b"))
			require.Equal(t, 3, box.deleted)
			require.True(t, s.Idle())
		})
	})
}
