package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DestinationConfig names where results go, and what is given up.
type DestinationConfig struct {
	OnSuccess *Destination `json:",omitempty"`
	OnFailure *Destination `json:",omitempty"`
}

// Destination is the ARN of an SQS queue, an SNS topic, an S3 bucket (on failure)
// or a function (of asynchronous invocation).
type Destination struct {
	Destination string `json:",omitempty"`
}

// destinations are ARNs, or empty.
type destinations struct{ onSuccess, onFailure string }

func (d destinations) answer() *DestinationConfig {
	out := &DestinationConfig{}
	if d.onSuccess != "" {
		out.OnSuccess = &Destination{d.onSuccess}
	}
	if d.onFailure != "" {
		out.OnFailure = &Destination{d.onFailure}
	}
	return out
}

// destinationKind says what may be a destination.
type destinationKind struct {
	name    string
	success bool
	// failure are the services that take what is given up; of those S3 takes no
	// successes.
	failure []string
	// standard is that FIFO queues and topics are refused. Others take them, and nothing
	// reaches them, as on AWS.
	standard bool
}

var (
	// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
	asyncDestinations = destinationKind{"asynchronous invocation", true, []string{"sqs", "sns", "s3", "lambda"}, false}
	// See https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
	streamDestinations = destinationKind{"an event source mapping", false, []string{"sqs", "sns", "s3"}, false}
)

// destinationsOf reads and checks a configuration.
func (s *State) destinationsOf(c *DestinationConfig, kind destinationKind) (destinations, error) {
	var d destinations
	if c == nil {
		return d, nil
	}
	if c.OnSuccess != nil {
		d.onSuccess = c.OnSuccess.Destination
	}
	if c.OnFailure != nil {
		d.onFailure = c.OnFailure.Destination
	}
	if d.onSuccess != "" && !kind.success {
		return d, wire.Errorf(codeInvalid, 0, "%s has no on-success destination (DestinationConfig.OnSuccess)", kind.name)
	}
	successes := slices.DeleteFunc(slices.Clone(kind.failure), func(service string) bool { return service == "s3" })
	return d, errors.Join(s.checkDestination(d.onSuccess, kind, successes), s.checkDestination(d.onFailure, kind, kind.failure))
}

func (s *State) checkDestination(arn string, kind destinationKind, services []string) error {
	if arn == "" {
		return nil
	}
	if kind.standard && strings.HasSuffix(arn, ".fifo") {
		return wire.Errorf(codeInvalid, 0, "destination %q: a FIFO queue or topic is not supported as %s", arn, kind.name)
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[5] == "" || !slices.Contains(services, parts[2]) {
		return wire.Errorf(codeInvalid, 0, "destination %q of %s is not implemented by Shakedown: use the ARN of one of %s", arn, kind.name, strings.Join(services, ", "))
	}
	has := map[string]bool{"sqs": s.config.Queue != nil, "sns": s.config.Topic != nil, "s3": s.config.Objects != nil, "lambda": true}
	if !has[parts[2]] {
		return wire.Errorf(codeInvalid, 0, "destination %q: this cloud has no %s for Lambda to send to", arn, parts[2])
	}
	return nil
}

// message is what goes to a destination.
type message struct {
	body []byte
	// attributes go with a message of a dead-letter queue.
	attributes map[string]attribute
	// key is the name of an object.
	key string
	// chain is how many destinations in a row have led to this one.
	chain int
}

// attribute is one of a message.
type attribute struct{ kind, value string }

// send puts a message on a queue, topic or function's queue, or into a bucket, as a
// role may.
func (s *State) send(ctx context.Context, role, arn string, m message) error {
	parts := strings.SplitN(arn, ":", 6)
	text := string(m.body)
	err := s.maySendObject(role, arn, m.key)
	if err != nil {
		return fmt.Errorf("sending to %s: %w", arn, err)
	}
	ctx = policy.As(ctx, role)
	switch parts[2] {
	case "sqs":
		url := queueURL(arn)
		attributes := map[string]sqstypes.MessageAttributeValue{}
		for name, a := range m.attributes {
			attributes[name] = sqstypes.MessageAttributeValue{DataType: &a.kind, StringValue: &a.value}
		}
		_, err = s.config.Queue.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &text, MessageAttributes: attributes})
	case "sns":
		attributes := map[string]snstypes.MessageAttributeValue{}
		for name, a := range m.attributes {
			attributes[name] = snstypes.MessageAttributeValue{DataType: &a.kind, StringValue: &a.value}
		}
		_, err = s.config.Topic.Publish(ctx, &sns.PublishInput{TopicArn: &arn, Message: &text, MessageAttributes: attributes})
	case "s3":
		_, err = s.config.Objects.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &parts[5], Key: &m.key, Body: bytes.NewReader(m.body), ContentType: aws.String("application/json"),
		})
	case "lambda":
		err = s.enqueueBehind(ctx, arn, m.body, m.chain)
	}
	if err != nil {
		return fmt.Errorf("sending to %s: %w", arn, err)
	}
	return nil
}

// objectKey names the object of a record: …/2026/11/25/2026-11-25T19.21.47-<id>.
func objectKey(prefix string, now time.Time) string {
	return prefix + now.UTC().Format("/2006/01/02/2006-01-02T15.04.05-") + wire.NewRequestID()
}

// Conditions of on-failure records. Streams and the asynchronous queue spell
// them differently.
const (
	conditionRetries       = "RetriesExhausted"
	conditionAge           = "EventAgeExceeded"
	conditionStopped       = "ZeroReservedConcurrency"
	conditionSuccess       = "Success"
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
func responseOf(attempts int, version string, last Result) *responseContext {
	if attempts == 0 {
		return nil
	}
	return &responseContext{StatusCode: 200, ExecutedVersion: version, FunctionError: last.FunctionError}
}

// asyncRecord is the record of an asynchronous event that succeeded or is given up.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func asyncRecord(functionARN, condition string, e *asyncEvent) ([]byte, error) {
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
			RequestID: e.id, FunctionArn: functionARN + ":" + settingsKey(e.qualifier), Condition: condition, ApproximateInvokeCount: e.attempts,
		},
		RequestPayload:  e.payload,
		ResponseContext: responseOf(e.attempts, e.version, e.last),
		ResponsePayload: jsonOf(e.last.Payload),
	}
	return json.Marshal(record)
}

// jsonOf is a payload in a record: what is not JSON, as a custom runtime may answer, is text.
func jsonOf(payload []byte) json.RawMessage {
	if len(payload) == 0 || json.Valid(payload) {
		return payload
	}
	text, _ := json.Marshal(string(payload)) // a string always encodes
	return text
}

// streamFailure is the record of a batch that is given up: metadata only, the
// records stay in the stream; payload, for S3, is the event itself.
// See https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
func streamFailure(functionARN, streamARN, shard, condition string, w work, payload []byte) ([]byte, error) {
	first, last, size := w.records[0], w.records[len(w.records)-1], len(w.records)
	if w.stands > 0 {
		size = w.stands
	}
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
		RequestContext     requestContext   `json:"requestContext"`
		ResponseContext    *responseContext `json:"responseContext,omitempty"`
		Version            string           `json:"version"`
		Timestamp          string           `json:"timestamp"`
		KinesisBatchInfo   *batchInfo       `json:",omitempty"`
		DDBStreamBatchInfo *batchInfo       `json:",omitempty"`
		Payload            string           `json:"payload,omitempty"`
	}{
		RequestContext: requestContext{
			RequestID: w.requestID, FunctionArn: functionARN, Condition: condition, ApproximateInvokeCount: w.invoked,
		},
		ResponseContext: responseOf(w.invoked, w.version, w.last),
		Version:         "1.0",
		Timestamp:       iso(time.Now()),
		KinesisBatchInfo: &batchInfo{
			ShardID: shard, StartSequenceNumber: first.SequenceNumber, EndSequenceNumber: last.SequenceNumber,
			ApproximateArrivalOfFirstRecord: iso(first.ApproximateArrivalTimestamp),
			ApproximateArrivalOfLastRecord:  iso(last.ApproximateArrivalTimestamp),
			BatchSize:                       size, StreamArn: streamARN,
		},
		Payload: string(payload),
	}
	if ofTable(streamARN) { // https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
		record.KinesisBatchInfo, record.DDBStreamBatchInfo = nil, record.KinesisBatchInfo
	}
	return json.Marshal(record)
}
