package readback

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// receiveAll empties a queue; it is empty when nothing has come for so long.
func receiveAll(ctx context.Context, cfg aws.Config, queue string, wait time.Duration) ([]string, error) {
	if queue == "" {
		return nil, nil
	}
	client := sqs.NewFromConfig(cfg)
	var bodies []string
	for {
		answer, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &queue, MaxNumberOfMessages: 10, WaitTimeSeconds: int32(wait / time.Second)})
		if err != nil {
			return bodies, err
		}
		if len(answer.Messages) == 0 {
			return bodies, nil
		}
		var done []sqstypes.DeleteMessageBatchRequestEntry
		for i, m := range answer.Messages {
			bodies = append(bodies, aws.ToString(m.Body))
			done = append(done, sqstypes.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
		}
		deleted, err := client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &queue, Entries: done})
		if err != nil {
			return bodies, err
		}
		if len(deleted.Failed) > 0 {
			return bodies, fmt.Errorf("delete from %s: %s", queue, aws.ToString(deleted.Failed[0].Message))
		}
	}
}
