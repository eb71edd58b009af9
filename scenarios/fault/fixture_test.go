package fault_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	timestreamtypes "github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a cloud in which everything has one resource named "thing" or the
// like, and SDK clients without retries whose calls go through an injector.
type world struct {
	t        *testing.T
	injector *fault.Injector
	cloud    *emulators.Cloud
	reached  *atomic.Int64 // calls that came through to the cloud

	items      *dynamodb.Client
	devices    *iotdataplane.Client
	streams    *kinesis.Client
	objects    *s3.Client
	topics     *sns.Client
	queues     *sqs.Client
	series     *timestreamwrite.Client
	queries    *timestreamquery.Client
	metrics    *cloudwatch.Client
	logs       *cloudwatchlogs.Client
	deliveries *firehose.Client
	topic      string
	queue      string // sent to
	subscribed string // to the topic
}

const seed = 7

// counted counts the calls that are not the test's own.
type counted struct {
	next    fault.HTTPClient
	reached *atomic.Int64
}

type ownKey struct{}

func (c counted) Do(r *http.Request) (*http.Response, error) {
	if r.Context().Value(ownKey{}) == nil {
		c.reached.Add(1)
	}
	return c.next.Do(r)
}

// own is the context of the test's own calls.
func own(t *testing.T) context.Context {
	return fault.Exempt(context.WithValue(t.Context(), ownKey{}, true))
}

func start(t *testing.T) *world {
	w := &world{t: t, injector: fault.New(seed), reached: new(atomic.Int64)}
	cloud, err := emulators.New(emulators.Config{Wrap: func(next aws.HTTPClient) aws.HTTPClient {
		return w.injector.Wrap(counted{next: next, reached: w.reached})
	}})
	require.NoError(t, err)
	w.cloud = cloud
	cfg := cloud.AWSConfig()
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	w.items, w.devices, w.streams = dynamodb.NewFromConfig(cfg), iotdataplane.NewFromConfig(cfg), kinesis.NewFromConfig(cfg)
	w.objects = s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	w.topics, w.queues = sns.NewFromConfig(cfg), sqs.NewFromConfig(cfg)
	w.series, w.queries = timestreamwrite.NewFromConfig(cfg), timestreamquery.NewFromConfig(cfg)
	w.metrics, w.logs, w.deliveries = cloudwatch.NewFromConfig(cfg), cloudwatchlogs.NewFromConfig(cfg), firehose.NewFromConfig(cfg)
	w.furnish()
	w.furnishMore()
	return w
}

// furnish makes the resources.
func (w *world) furnish() {
	t, ctx, name := w.t, own(w.t), aws.String("thing")
	_, err := w.items.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: name, BillingMode: dynamodbtypes.BillingModePayPerRequest,
		AttributeDefinitions: []dynamodbtypes.AttributeDefinition{{AttributeName: aws.String("PK"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
		KeySchema:            []dynamodbtypes.KeySchemaElement{{AttributeName: aws.String("PK"), KeyType: dynamodbtypes.KeyTypeHash}},
	})
	require.NoError(t, err)
	_, err = w.streams.CreateStream(ctx, &kinesis.CreateStreamInput{StreamName: name, ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	_, err = w.objects.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name})
	require.NoError(t, err)
	_, err = w.series.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: name})
	require.NoError(t, err)
	_, err = w.series.CreateTable(ctx, &timestreamwrite.CreateTableInput{
		DatabaseName: name, TableName: name,
		RetentionProperties: &timestreamtypes.RetentionProperties{MemoryStoreRetentionPeriodInHours: aws.Int64(24), MagneticStoreRetentionPeriodInDays: aws.Int64(7)},
	})
	require.NoError(t, err)
	topic, err := w.topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: name})
	require.NoError(t, err)
	w.topic = *topic.TopicArn
	var arn string
	w.queue, _ = w.addQueue("thing")
	w.subscribed, arn = w.addQueue("subscribed")
	_, err = w.queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &w.subscribed, Attributes: map[string]string{
		"Policy": `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + arn + `"}}`}})
	require.NoError(t, err)
	_, err = w.topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: &arn,
		Attributes: map[string]string{"RawMessageDelivery": "true"}})
	require.NoError(t, err)
}

// furnishMore makes a log stream, and a Firehose stream into the bucket.
func (w *world) furnishMore() {
	t, ctx, name := w.t, own(w.t), aws.String("thing")
	_, err := w.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})
	require.NoError(t, err)
	_, err = w.logs.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: name, LogStreamName: name})
	require.NoError(t, err)
	role, err := roletest.Make(ctx, w.cloud.AWSConfig(), "firehose", "firehose.amazonaws.com", "s3:PutObject")
	require.NoError(t, err)
	_, err = w.deliveries.CreateDeliveryStream(ctx, &firehose.CreateDeliveryStreamInput{DeliveryStreamName: name,
		ExtendedS3DestinationConfiguration: &firehosetypes.ExtendedS3DestinationConfiguration{
			BucketARN: aws.String("arn:aws:s3:::thing"), RoleARN: &role, Prefix: aws.String("firehose/"),
			ProcessingConfiguration: &firehosetypes.ProcessingConfiguration{Enabled: aws.Bool(true), Processors: []firehosetypes.Processor{{Type: firehosetypes.ProcessorTypeAppendDelimiterToRecord}}},
		}})
	require.NoError(t, err)
}

// delivered counts the lines that have come through Firehose.
func (w *world) delivered() (lines int) {
	t, ctx, name := w.t, own(w.t), aws.String("thing")
	require.NoError(t, w.cloud.Firehose.Flush(ctx))
	list, err := w.objects.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: name, Prefix: aws.String("firehose/")})
	require.NoError(t, err)
	for _, o := range list.Contents {
		got, err := w.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: name, Key: o.Key})
		require.NoError(t, err)
		body, err := io.ReadAll(got.Body)
		require.NoError(t, err)
		require.NoError(t, got.Body.Close())
		lines += bytes.Count(body, []byte("\n"))
	}
	return lines
}

func (w *world) addQueue(name string) (url, arn string) {
	queue, err := w.queues.CreateQueue(own(w.t), &sqs.CreateQueueInput{QueueName: &name})
	require.NoError(w.t, err)
	out, err := w.queues.GetQueueAttributes(own(w.t), &sqs.GetQueueAttributesInput{
		QueueUrl: queue.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn}})
	require.NoError(w.t, err)
	return *queue.QueueUrl, out.Attributes["QueueArn"]
}

// begin starts the fault 0 of the service.
func (w *world) begin(kind simfault.Kind, service, operation string, p simfault.Parameters) {
	f := simfault.Fault{Kind: kind, Target: simfault.Target{Service: service, Operation: operation}, Parameters: p}
	if service != "lambda" { // schedules cannot name it yet
		require.NoError(w.t, f.Validate())
	}
	require.NoError(w.t, fault.Validate(f))
	w.injector.Begin(0, f)
}

// what was stored, by service.

func (w *world) stored(service string) int {
	t, ctx, name := w.t, own(w.t), aws.String("thing")
	switch service {
	case "dynamodb":
		out, err := w.items.Scan(ctx, &dynamodb.ScanInput{TableName: name})
		require.NoError(t, err)
		return len(out.Items)
	case "kinesis":
		it, err := w.streams.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{StreamName: name,
			ShardId: aws.String("shardId-000000000000"), ShardIteratorType: kinesistypes.ShardIteratorTypeTrimHorizon})
		require.NoError(t, err)
		out, err := w.streams.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: it.ShardIterator})
		require.NoError(t, err)
		return len(out.Records)
	case "s3":
		out, err := w.objects.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: name})
		require.NoError(t, err)
		return len(out.Contents)
	case "firehose":
		return w.delivered()
	case "logs":
		out, err := w.logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: name, LogStreamName: name, StartFromHead: aws.Bool(true)})
		require.NoError(t, err)
		return len(out.Events)
	case "monitoring":
		out, err := w.metrics.ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: name})
		require.NoError(t, err)
		return len(out.Metrics)
	case "sns":
		return w.waiting(w.subscribed)
	case "sqs":
		return w.waiting(w.queue)
	case "timestream":
		out, err := w.queries.Query(ctx, &timestreamquery.QueryInput{QueryString: aws.String(`SELECT COUNT(*) FROM "thing"."thing"`)})
		require.NoError(t, err)
		n, err := strconv.Atoi(*out.Rows[0].Data[0].ScalarValue)
		require.NoError(t, err)
		return n
	}
	return int(w.reached.Load()) // the data plane keeps nothing
}

func (w *world) waiting(queue string) int {
	out, err := w.queues.GetQueueAttributes(own(w.t), &sqs.GetQueueAttributesInput{
		QueueUrl: &queue, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages}})
	require.NoError(w.t, err)
	n, err := strconv.Atoi(out.Attributes["ApproximateNumberOfMessages"])
	require.NoError(w.t, err)
	return n
}

// store stores something of the content n.
func (w *world) store(ctx context.Context, service string, n int) error {
	name, text := aws.String("thing"), aws.String("text "+strconv.Itoa(n))
	var err error
	switch service {
	case "dynamodb":
		_, err = w.items.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: item(n)})
	case "firehose":
		_, err = w.deliveries.PutRecord(ctx, &firehose.PutRecordInput{DeliveryStreamName: name, Record: &firehosetypes.Record{Data: []byte(*text)}})
	case "logs":
		_, err = w.logs.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: name, LogStreamName: name,
			LogEvents: []logstypes.InputLogEvent{{Message: text, Timestamp: aws.Int64(began.UnixMilli())}}})
	case "monitoring":
		_, err = w.metrics.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: name, MetricData: []cloudwatchtypes.MetricDatum{{
			MetricName: text, Value: aws.Float64(1), Dimensions: []cloudwatchtypes.Dimension{{Name: aws.String("site"), Value: aws.String("here")}}}}})
	case "iot-data":
		_, err = w.devices.Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("devices/a/commands"), Payload: []byte(*text)})
	case "kinesis":
		_, err = w.streams.PutRecord(ctx, &kinesis.PutRecordInput{StreamName: name, PartitionKey: name, Data: []byte(*text)})
	case "s3":
		_, err = w.objects.PutObject(ctx, &s3.PutObjectInput{Bucket: name, Key: text, Body: bytesOf(*text)})
	case "sns":
		_, err = w.topics.Publish(ctx, &sns.PublishInput{TopicArn: &w.topic, Message: text})
	case "sqs":
		_, err = w.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &w.queue, MessageBody: text})
	case "timestream":
		_, err = w.series.WriteRecords(ctx, &timestreamwrite.WriteRecordsInput{DatabaseName: name, TableName: name,
			Records: []timestreamtypes.Record{point(n, time.Now())}})
	}
	return err
}

// began is an instant that is the same for all that is stored.
var began = time.Now()

// operations are what store calls.
var operations = map[string]string{
	"dynamodb": "PutItem", "iot-data": "Publish", "kinesis": "PutRecord", "s3": "PutObject",
	"firehose": "PutRecord", "logs": "PutLogEvents", "monitoring": "PutMetricData",
	"sns": "Publish", "sqs": "SendMessage", "timestream": "WriteRecords",
}
