package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DestinationConfig names where what is given up goes.
type DestinationConfig struct {
	OnFailure *OnFailure `json:",omitempty"`
}

// OnFailure is an SQS queue's ARN; other destinations are refused.
type OnFailure struct {
	Destination string `json:",omitempty"`
}

// queue reads and checks the on-failure queue; "" means none.
func (d *DestinationConfig) queue(s *State) (string, error) {
	if d == nil || d.OnFailure == nil || d.OnFailure.Destination == "" {
		return "", nil
	}
	arn := d.OnFailure.Destination
	if _, ok := wire.ResourceOf(arn, "sqs"); !ok {
		return "", wire.Errorf(codeInvalid, 0, "on-failure destination %q is not implemented by Shakedown: use the ARN of an SQS queue", arn)
	}
	if s.config.Queue == nil {
		return "", wire.Errorf(codeInvalid, 0, "on-failure destination %q: this cloud has no SQS for Lambda to send to (lambda.Config.Queue)", arn)
	}
	return arn, nil
}

func destinationOf(arn string) *DestinationConfig {
	if arn == "" {
		return &DestinationConfig{}
	}
	return &DestinationConfig{OnFailure: &OnFailure{Destination: arn}}
}

// send puts a record on a queue.
func (s *State) send(ctx context.Context, arn string, body []byte) error {
	parts := strings.Split(arn, ":")
	url := fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/%s", parts[3], parts[4], parts[5])
	_, err := s.config.Queue.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(url), MessageBody: aws.String(string(body))})
	if err != nil {
		return fmt.Errorf("sending to %s: %w", arn, err)
	}
	return nil
}

// Conditions of on-failure records. Streams and the asynchronous queue spell
// them differently.
const (
	conditionRetries       = "RetriesExhausted"
	conditionAge           = "EventAgeExceeded"
	conditionStreamRetries = "RetryAttemptsExhausted"
	conditionStreamAge     = "RecordAgeExceeded"
)

const isoMillis = "2006-01-02T15:04:05.000Z"

func iso(t time.Time) string { return t.UTC().Format(isoMillis) }

// requestContext and responseContext are common to both kinds of record.
type requestContext struct {
	RequestID              string `json:"requestId"`
	FunctionArn            string `json:"functionArn"`
	Condition              string `json:"condition"`
	ApproximateInvokeCount int    `json:"approximateInvokeCount"`
}

type responseContext struct {
	StatusCode      int    `json:"statusCode"`
	ExecutedVersion string `json:"executedVersion"`
	FunctionError   string `json:"functionError,omitempty"`
}

// responseOf is nil when the function never answered.
func responseOf(attempts int, last Result) *responseContext {
	if attempts == 0 {
		return nil
	}
	return &responseContext{StatusCode: 200, ExecutedVersion: latestVersion, FunctionError: last.FunctionError}
}

// asyncFailure is the record of an asynchronous event that is given up.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func asyncFailure(functionARN, condition string, e *asyncEvent) ([]byte, error) {
	record := struct {
		Version         string           `json:"version"`
		Timestamp       string           `json:"timestamp"`
		RequestContext  requestContext   `json:"requestContext"`
		RequestPayload  json.RawMessage  `json:"requestPayload"`
		ResponseContext *responseContext `json:"responseContext,omitempty"`
		ResponsePayload json.RawMessage  `json:"responsePayload,omitempty"`
	}{
		Version:   "1.0",
		Timestamp: iso(time.Now()),
		RequestContext: requestContext{
			RequestID: e.id, FunctionArn: functionARN + ":" + latestVersion, Condition: condition, ApproximateInvokeCount: e.attempts,
		},
		RequestPayload:  e.payload,
		ResponseContext: responseOf(e.attempts, e.last),
		ResponsePayload: e.last.Payload,
	}
	return json.Marshal(record)
}

// streamFailure is the record of a batch that is given up: metadata only, the
// records stay in the stream.
// See https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
func streamFailure(functionARN, streamARN, shard, condition string, w work) ([]byte, error) {
	first, last := w.records[0], w.records[len(w.records)-1]
	type batchInfo struct {
		ShardID                         string `json:"shardId"`
		StartSequenceNumber             string `json:"startSequenceNumber"`
		EndSequenceNumber               string `json:"endSequenceNumber"`
		ApproximateArrivalOfFirstRecord string `json:"approximateArrivalOfFirstRecord"`
		ApproximateArrivalOfLastRecord  string `json:"approximateArrivalOfLastRecord"`
		BatchSize                       int    `json:"batchSize"`
		StreamArn                       string `json:"streamArn"`
	}
	record := struct {
		RequestContext   requestContext   `json:"requestContext"`
		ResponseContext  *responseContext `json:"responseContext,omitempty"`
		Version          string           `json:"version"`
		Timestamp        string           `json:"timestamp"`
		KinesisBatchInfo batchInfo
	}{
		RequestContext: requestContext{
			RequestID: w.requestID, FunctionArn: functionARN, Condition: condition, ApproximateInvokeCount: w.invoked,
		},
		ResponseContext: responseOf(w.invoked, w.last),
		Version:         "1.0",
		Timestamp:       iso(time.Now()),
		KinesisBatchInfo: batchInfo{
			ShardID: shard, StartSequenceNumber: first.SequenceNumber, EndSequenceNumber: last.SequenceNumber,
			ApproximateArrivalOfFirstRecord: iso(first.ApproximateArrivalTimestamp),
			ApproximateArrivalOfLastRecord:  iso(last.ApproximateArrivalTimestamp),
			BatchSize:                       len(w.records), StreamArn: streamARN,
		},
	}
	return json.Marshal(record)
}
