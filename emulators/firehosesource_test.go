package emulators

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	firehosesdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

const sourceARN = "arn:aws:kinesis:us-east-1:000000000000:stream/telemetry"

// TestFirehoseReadsAKinesisStream takes records of a stream through a function to a
// bucket, over a split of the stream; what was there before is not read.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_KinesisStreamSourceConfiguration.html
func TestFirehoseReadsAKinesisStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := New(Config{})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- cloud.Run(ctx) }()
		objects := s3.NewFromConfig(cloud.AWSConfig(), func(o *s3.Options) { o.UsePathStyle = true })
		_, err = objects.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		streams := kinesissdk.NewFromConfig(cloud.AWSConfig())
		_, err = streams.CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("telemetry"), ShardCount: aws.Int32(2)})
		require.NoError(t, err)
		put := func(key, data string) {
			_, err := streams.PutRecord(ctx, &kinesissdk.PutRecordInput{StreamName: aws.String("telemetry"), PartitionKey: &key, Data: []byte(data)})
			require.NoError(t, err)
		}
		put("a", "before")
		time.Sleep(time.Second)
		cloud.Lambda.Bind("transform", lambda.NewHandler(mark))
		makeFunction(t, cloud.AWSConfig(), func(in *lambdasdk.CreateFunctionInput) { in.FunctionName = aws.String("transform") })
		firehoses := firehosesdk.NewFromConfig(cloud.AWSConfig())
		makeSourced(t, cloud)
		put("a", "1") // MD5 of "a" is in the lower half, of "b" in the upper
		put("b", "2")
		time.Sleep(time.Second)
		require.False(t, cloud.Idle())
		_, err = streams.SplitShard(ctx, &kinesissdk.SplitShardInput{StreamName: aws.String("telemetry"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("1000")})
		require.NoError(t, err)
		put("a", "3")
		time.Sleep(2 * time.Minute)
		require.True(t, cloud.Idle())
		put("b", "last")
		time.Sleep(time.Nanosecond)
		_, err = firehoses.PutRecord(ctx, &firehosesdk.PutRecordInput{DeliveryStreamName: aws.String("archive"), Record: &firehosetypes.Record{Data: []byte("x")}})
		require.ErrorContains(t, err, "This operation is not permitted on KinesisStreamAsSource delivery stream type.")
		time.Sleep(time.Second)
		stop()
		require.NoError(t, <-done)
		got := bodies(t, objects)
		require.Len(t, got, 2)
		require.Equal(t, "telemetry shardId-000000000000 a 1\ntelemetry shardId-000000000001 b 2\ntelemetry shardId-000000000003 a 3\n", got[0])
		require.Equal(t, "telemetry shardId-000000000001 b last\n", got[1], "at the end")
	})
}

// mark writes down where a record comes from.
func mark(_ context.Context, e events.KinesisFirehoseEvent) (events.KinesisFirehoseResponse, error) {
	var out events.KinesisFirehoseResponse
	_, stream, _ := strings.Cut(e.SourceKinesisStreamArn, "stream/")
	for _, r := range e.Records {
		m := r.KinesisFirehoseRecordMetadata
		if !strings.HasPrefix(r.RecordID, m.SequenceNumber) || m.ApproximateArrivalTimestamp != r.ApproximateArrivalTimestamp {
			return out, fmt.Errorf("record %+v", r)
		}
		out.Records = append(out.Records, events.KinesisFirehoseResponseRecord{RecordID: r.RecordID, Result: "Ok", Data: fmt.Appendf(nil, "%s %s %s %s\n", stream, m.ShardID, m.PartitionKey, r.Data)})
	}
	return out, nil
}

// makeSourced makes the Firehose stream "archive" of the stream "telemetry".
func makeSourced(t *testing.T, cloud *Cloud) {
	cfg := cloud.AWSConfig()
	role, err := roletest.Make(t.Context(), cfg, "firehose", "firehose.amazonaws.com", "s3:PutObject", "lambda:InvokeFunction")
	require.NoError(t, err)
	c := firehosesdk.NewFromConfig(cfg)
	in := &firehosesdk.CreateDeliveryStreamInput{
		DeliveryStreamName: aws.String("archive"), DeliveryStreamType: firehosetypes.DeliveryStreamTypeKinesisStreamAsSource,
		ExtendedS3DestinationConfiguration: &firehosetypes.ExtendedS3DestinationConfiguration{
			BucketARN: aws.String("arn:aws:s3:::archive"), RoleARN: &role, BufferingHints: &firehosetypes.BufferingHints{SizeInMBs: aws.Int32(1), IntervalInSeconds: aws.Int32(60)},
			ProcessingConfiguration: &firehosetypes.ProcessingConfiguration{Enabled: aws.Bool(true), Processors: []firehosetypes.Processor{{Type: firehosetypes.ProcessorTypeLambda, Parameters: []firehosetypes.ProcessorParameter{
				{ParameterName: "LambdaArn", ParameterValue: aws.String("arn:aws:lambda:us-east-1:000000000000:function:transform")}, {ParameterName: "BufferIntervalInSeconds", ParameterValue: aws.String("10")},
			}}}},
		},
	}
	refused := func(want string) {
		t.Helper()
		_, err := c.CreateDeliveryStream(t.Context(), in)
		require.ErrorContains(t, err, want)
	}
	refused("KinesisStreamSourceConfiguration is required for Firehose streams of type KinesisStreamAsSource.")
	in.KinesisStreamSourceConfiguration = &firehosetypes.KinesisStreamSourceConfiguration{KinesisStreamARN: aws.String(sourceARN + "x"), RoleARN: &role}
	refused("Stream telemetryx under account 000000000000 not found")
	in.KinesisStreamSourceConfiguration.KinesisStreamARN = aws.String(sourceARN)
	in.DeliveryStreamType = firehosetypes.DeliveryStreamTypeDirectPut
	refused("KinesisStreamSourceConfiguration is only for")
	in.DeliveryStreamType = firehosetypes.DeliveryStreamTypeMSKAsSource
	refused("DeliveryStreamType MSKAsSource")
	in.DeliveryStreamType = firehosetypes.DeliveryStreamTypeKinesisStreamAsSource
	refused("role/firehose is not authorized to perform: kinesis:DescribeStream on resource: " + sourceARN)
	require.NoError(t, roletest.Allow(t.Context(), cfg, "firehose", "s3:PutObject", "lambda:InvokeFunction", "kinesis:DescribeStream", "kinesis:Get*", "kinesis:ListShards"))
	_, err = c.CreateDeliveryStream(t.Context(), in)
	require.NoError(t, err)
	got, err := c.DescribeDeliveryStream(t.Context(), &firehosesdk.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String("archive")})
	require.NoError(t, err)
	source := got.DeliveryStreamDescription.Source.KinesisStreamSourceDescription
	require.Equal(t, sourceARN, *source.KinesisStreamARN)
	require.Equal(t, time.Now(), source.DeliveryStartTimestamp.Local())
	require.Equal(t, firehosetypes.DeliveryStreamTypeKinesisStreamAsSource, got.DeliveryStreamDescription.DeliveryStreamType)
	list, err := c.ListDeliveryStreams(t.Context(), &firehosesdk.ListDeliveryStreamsInput{DeliveryStreamType: firehosetypes.DeliveryStreamTypeKinesisStreamAsSource})
	require.NoError(t, err)
	require.Equal(t, []string{"archive"}, list.DeliveryStreamNames)
}
