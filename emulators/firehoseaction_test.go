package emulators

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	firehosesdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// TestFirehoseAction takes messages to an object, some of them at shutdown only.
// https://docs.aws.amazon.com/iot/latest/developerguide/kinesis-firehose-rule-action.html
//
// AWS.md §2: firehose.
func TestFirehoseAction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := New(Config{})
		require.NoError(t, err)
		objects := s3.NewFromConfig(cloud.AWSConfig(), func(o *s3.Options) { o.UsePathStyle = true })
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- cloud.Run(ctx) }()
		c := &ruled{t: t, Cloud: cloud, ctx: ctx, rules: iot.NewFromConfig(cloud.AWSConfig()), data: iotdataplane.NewFromConfig(cloud.AWSConfig())}
		c.roles()
		_, err = objects.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		makeStream(t, cloud)
		archive := func(batch bool) iottypes.Action {
			return iottypes.Action{Firehose: &iottypes.FirehoseAction{DeliveryStreamName: aws.String("archive"), RoleArn: aws.String(rulesRole), Separator: aws.String("\n"), BatchMode: &batch}}
		}
		c.rule("One", "SELECT * FROM 'one'", archive(false))
		c.rule("Batch", "SELECT * FROM 'batch'", archive(true))
		c.publish("one", `{"n":1}`)
		c.publish("batch", `[{"n":2},{"n":3}]`)
		require.False(t, cloud.Idle(), "messages are on their way to the bucket")
		time.Sleep(time.Minute)
		require.True(t, cloud.Idle())
		c.publish("one", `{"n":4}`)
		c.publish("batch", `{"n":5}`)
		stop()
		require.NoError(t, <-done)
		require.Equal(t, []string{"{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n", "{\"n\":4}\n"}, bodies(t, objects))
	})
}

// makeStream makes the Firehose stream "archive" into a bucket of that name, which
// delivers after a minute.
func makeStream(t *testing.T, cloud *Cloud) *firehosesdk.Client {
	t.Helper()
	role, err := roletest.Make(t.Context(), cloud.AWSConfig(), "firehose", "firehose.amazonaws.com", "s3:PutObject")
	require.NoError(t, err)
	streams := firehosesdk.NewFromConfig(cloud.AWSConfig())
	_, err = streams.CreateDeliveryStream(t.Context(), &firehosesdk.CreateDeliveryStreamInput{DeliveryStreamName: aws.String("archive"),
		ExtendedS3DestinationConfiguration: &firehosetypes.ExtendedS3DestinationConfiguration{BucketARN: aws.String("arn:aws:s3:::archive"), RoleARN: &role,
			BufferingHints: &firehosetypes.BufferingHints{SizeInMBs: aws.Int32(1), IntervalInSeconds: aws.Int32(60)}}})
	require.NoError(t, err)
	return streams
}

func TestWhatFirehoseCannotDeliverIsAnErrorOfTheRun(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	_, err = makeStream(t, cloud).PutRecord(t.Context(), &firehosesdk.PutRecordInput{DeliveryStreamName: aws.String("archive"), Record: &firehosetypes.Record{Data: []byte("12345")}})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err = cloud.Run(ctx)
	require.ErrorContains(t, err, "1 batches of 5 bytes could not be delivered")
	require.ErrorContains(t, err, "NoSuchBucket")
}

// TestFirehoseNeedsItsRole: when a stream is made, and for each object, which waits for
// the permission.
// https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3
func TestFirehoseNeedsItsRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := New(Config{})
		require.NoError(t, err)
		cfg := cloud.AWSConfig()
		objects := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
		_, err = objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		_, err = objects.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("archive"), Policy: aws.String(onlyFor("firehose", "s3:PutObject"))})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- cloud.Run(ctx) }()
		streams := makeStream(t, cloud)
		_, err = streams.UpdateDestination(ctx, &firehosesdk.UpdateDestinationInput{
			DeliveryStreamName: aws.String("archive"), CurrentDeliveryStreamVersionId: aws.String("1"), DestinationId: aws.String("destinationId-000000000001"),
			ExtendedS3DestinationUpdate: &firehosetypes.ExtendedS3DestinationUpdate{RoleARN: aws.String(rulesRole)},
		})
		require.ErrorContains(t, err, "InvalidArgumentException: Firehose is unable to assume role "+rulesRole+". Please check the role provided. (")
		require.ErrorContains(t, err, "aws iam create-role --role-name rules ")
		require.NoError(t, roletest.Allow(ctx, cfg, "firehose"))
		_, err = streams.PutRecord(ctx, &firehosesdk.PutRecordInput{DeliveryStreamName: aws.String("archive"), Record: &firehosetypes.Record{Data: []byte("kept")}})
		require.NoError(t, err)
		time.Sleep(5 * time.Minute)
		require.Empty(t, bodies(t, objects))
		require.NoError(t, roletest.Allow(ctx, cfg, "firehose", "s3:PutObject"))
		time.Sleep(time.Hour)
		require.Equal(t, []string{"kept"}, bodies(t, objects))
		stop()
		require.NoError(t, <-done)
	})
}

// bodies are the objects of the bucket archive, by key.
func bodies(t *testing.T, objects *s3.Client) (out []string) {
	list, err := objects.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("archive"), Prefix: aws.String("2000/01/01/00/archive-1-")})
	require.NoError(t, err)
	for _, o := range list.Contents {
		got, err := objects.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("archive"), Key: o.Key})
		require.NoError(t, err)
		var body strings.Builder
		_, err = io.Copy(&body, got.Body)
		require.NoError(t, err)
		require.NoError(t, got.Body.Close())
		out = append(out, body.String())
	}
	return out
}
