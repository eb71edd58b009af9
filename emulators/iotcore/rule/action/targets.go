package action

import (
	"context"
	"net/http"

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
