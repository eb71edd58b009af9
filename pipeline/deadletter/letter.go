// Package deadletter sets aside what the pipeline cannot store, with the reason,
// in one SQS queue: nothing is dropped without a word.
package deadletter

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Letter is the body of a message in the dead-letter queue. A redelivered record
// may put its letter there again; ID tells that it is the same.
type Letter struct {
	ID string `json:"id"`
	// Reason is undecodable, invalid or rejected; Detail says more.
	Reason   string `json:"reason"`
	Detail   string `json:"detail"`
	Function string `json:"function"`
	Thing    string `json:"thing"`
	Topic    string `json:"topic,omitempty"`
	// Timestamp (ms) and Measure are those of a rejected point.
	Timestamp int64  `json:"timestamp,omitempty"`
	Measure   string `json:"measure,omitempty"`
	// Payload is what the device sent.
	Payload []byte `json:"payload,omitempty"`
}

// Sender is the part of an SQS client that a Queue needs.
type Sender interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Queue is the dead-letter queue.
type Queue struct {
	Client Sender
	URL    string
}

// Put sets a letter aside.
func (q Queue) Put(ctx context.Context, l Letter) error {
	body, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("dead letter %s: %w", l.ID, err)
	}
	_, err = q.Client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.URL, MessageBody: aws.String(string(body))})
	if err != nil {
		return fmt.Errorf("dead letter %s: %w", l.ID, err)
	}
	return nil
}
