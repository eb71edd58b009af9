package iotcore

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a Core needs. The zero value works and has no action targets.
type Config struct {
	Identity wire.Identity
	// Targets receive what rule actions send. An action without a target is
	// refused by CreateTopicRule.
	Targets Targets
	// Roles decides what a rule may do by the role that an action or a function of its
	// SQL names: everything when nil.
	Roles Roles
	// Endpoint is the MQTT endpoint (host:port) that DescribeEndpoint answers and
	// the broker's certificate names; DefaultEndpoint when empty.
	Endpoint string
	// API is the base URL that clients reach Control by: it stands in the message that
	// asks a topic rule destination for its confirmation. DefaultAPI when empty.
	API string
	// Tap is told every decision of the broker and the rules engine, in the
	// goroutine that decided: it must not block and must not call the Core. Nil is
	// fine.
	Tap func(Event)
	// Logs takes the entries of V2 logging; without it SetV2LoggingOptions is refused.
	Logs logging.Sink
	Log  *slog.Logger
	// Certificates has the authority, and certificates that it signed before; a new
	// one when nil.
	Certificates *registry.Pool
	// Deliveries, if set, says how late each copy of a connected or disconnected
	// event is published: none, one or several. It must not block. When nil, each
	// is published once and at once.
	Deliveries func(Lifecycle) []time.Duration
	// Enforce applies AWS's quotas of rates, of a connection and of CONNECTs: see
	// quotas.go. Sizes and counts are always held to.
	Enforce bool
	// QueueLimit bounds the messages accepted and not yet taken up by a rules
	// worker, per lane; DefaultQueueLimit when zero. A publisher waits for room.
	QueueLimit int
	// Lanes is the number of rules workers; 1 when zero. The messages of one
	// client always take the same lane, in order.
	Lanes int
}

// Defaults of Config.
const (
	DefaultEndpoint   = "localhost:8883"
	DefaultAPI        = "http://127.0.0.1:4566"
	DefaultQueueLimit = 4096
)

// Targets are what rule actions and functions of rules call, each one method of an SDK client. An
// error of a call is a failed action. A target may be called by several workers
// at once and must return when its context ends.
type Targets struct {
	Kinesis KinesisTarget
	Lambda  LambdaTarget
	S3      S3Target
	SNS     SNSTarget
	SQS     SQSTarget
	// DynamoDB takes items, Items answers get_dynamodb.
	DynamoDB   DynamoDBTarget
	Items      ItemSource
	Timestream TimestreamTarget
	Logs       LogsTarget
	Metrics    MetricsTarget
	Firehose   FirehoseTarget
	// Web reaches the servers of http actions.
	Web HTTPClient
	// Shadows answer get_thing_shadow.
	Shadows ShadowSource
}

// KinesisTarget takes the record of a kinesis action.
type KinesisTarget interface {
	PutRecord(context.Context, *kinesis.PutRecordInput, ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error)
}

// LambdaTarget takes the asynchronous invocation of a lambda action, and the
// synchronous one (RequestResponse) of aws_lambda.
type LambdaTarget interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// S3Target takes the object of an s3 action.
type S3Target interface {
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// SNSTarget takes the message of an sns action.
type SNSTarget interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// SQSTarget takes the message of an sqs action.
type SQSTarget interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// DynamoDBTarget takes the item of the dynamoDB and dynamoDBv2 actions.
type DynamoDBTarget interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
}

// ItemSource answers get_dynamodb.
type ItemSource interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

// TimestreamTarget takes the records of a timestream action.
type TimestreamTarget interface {
	WriteRecords(context.Context, *timestreamwrite.WriteRecordsInput, ...func(*timestreamwrite.Options)) (*timestreamwrite.WriteRecordsOutput, error)
}

// LogsTarget takes the events of a cloudwatchLogs action, and makes its stream.
type LogsTarget interface {
	CreateLogStream(context.Context, *cloudwatchlogs.CreateLogStreamInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error)
	PutLogEvents(context.Context, *cloudwatchlogs.PutLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error)
}

// MetricsTarget takes the point of a cloudwatchMetric action.
type MetricsTarget interface {
	PutMetricData(context.Context, *cloudwatch.PutMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.PutMetricDataOutput, error)
}

// FirehoseTarget takes the records of a firehose action.
type FirehoseTarget interface {
	PutRecord(context.Context, *firehose.PutRecordInput, ...func(*firehose.Options)) (*firehose.PutRecordOutput, error)
	PutRecordBatch(context.Context, *firehose.PutRecordBatchInput, ...func(*firehose.Options)) (*firehose.PutRecordBatchOutput, error)
}

// HTTPClient takes the requests of http actions. It is the caller's to say which
// hosts it reaches, and it must not follow redirects.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// ShadowSource answers get_thing_shadow with the shadow's document; the name of the
// classic one is empty. An error is that there is none.
type ShadowSource interface {
	Shadow(ctx context.Context, thing, name string) (document []byte, err error)
}

func (c Config) withDefaults() Config {
	c.Identity = c.Identity.OrDefault()
	if c.Endpoint == "" {
		c.Endpoint = DefaultEndpoint
	}
	if c.API == "" {
		c.API = DefaultAPI
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.QueueLimit <= 0 {
		c.QueueLimit = DefaultQueueLimit
	}
	if c.Lanes <= 0 {
		c.Lanes = 1
	}
	return c
}
