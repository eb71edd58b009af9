package emulators

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTargetsAgree is the contract of rule action targets: the direct adaptor
// and the SDK's client do the same, and fail on the same.
func TestTargetsAgree(t *testing.T) {
	embedded := func(t *testing.T) *Cloud {
		cloud, err := New(Config{})
		require.NoError(t, err)
		return cloud
	}
	sdk := func(c *Cloud) (action.KinesisTarget, action.S3Target) {
		return kinesissdk.NewFromConfig(c.AWSConfig()), s3sdk.NewFromConfig(c.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true })
	}
	for name, c := range map[string]struct {
		cloud func(*testing.T) *Cloud
		pick  func(*Cloud) (action.KinesisTarget, action.S3Target)
	}{
		"direct": {embedded, func(c *Cloud) (action.KinesisTarget, action.S3Target) {
			return kinesisTarget{c.Kinesis}, s3Target{c.S3}
		}},
		"sdk":     {embedded, sdk},
		"network": {func(t *testing.T) *Cloud { cloud, _ := apart(t); return cloud }, sdk},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := c.cloud(t)
			streams, objects := c.pick(cloud)
			contract(t, cloud, streams, objects)
		})
	}
}

func contract(t *testing.T, cloud *Cloud, streams action.KinesisTarget, objects action.S3Target) {
	ctx := context.Background()
	admin := kinesissdk.NewFromConfig(cloud.AWSConfig())
	store := s3sdk.NewFromConfig(cloud.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true })
	record := &kinesissdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte("\x00data")}
	_, err := streams.PutRecord(ctx, record)
	require.ErrorContains(t, err, "ResourceNotFoundException")
	_, err = admin.CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	put, err := streams.PutRecord(ctx, record)
	require.NoError(t, err)
	require.Equal(t, "shardId-000000000000", *put.ShardId)
	it, err := admin.GetShardIterator(ctx, &kinesissdk.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: put.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	require.NoError(t, err)
	got, err := admin.GetRecords(ctx, &kinesissdk.GetRecordsInput{ShardIterator: it.ShardIterator})
	require.NoError(t, err)
	require.Len(t, got.Records, 1, "one message is one record")
	require.Equal(t, *put.SequenceNumber, *got.Records[0].SequenceNumber)
	require.Equal(t, "\x00data", string(got.Records[0].Data))

	object := func() *s3sdk.PutObjectInput {
		return &s3sdk.PutObjectInput{Bucket: aws.String("b-archive"), Key: aws.String("a/1"), Body: strings.NewReader("hello")}
	}
	_, err = objects.PutObject(ctx, object())
	require.ErrorContains(t, err, "NoSuchBucket")
	_, err = store.CreateBucket(ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("b-archive")})
	require.NoError(t, err)
	done, err := objects.PutObject(ctx, object())
	require.NoError(t, err)
	list, err := store.ListObjectsV2(ctx, &s3sdk.ListObjectsV2Input{Bucket: aws.String("b-archive")})
	require.NoError(t, err)
	require.Len(t, list.Contents, 1)
	require.Equal(t, *done.ETag, *list.Contents[0].ETag)
}
