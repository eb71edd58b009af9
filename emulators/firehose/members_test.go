package firehose_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/firehose"
)

// actOnMembers uses what else the inputs have, beside the stream "s".
func actOnMembers(t *testing.T, c *sdk.Client) {
	ctx, name := t.Context(), aws.String("t")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	bucket, role := aws.String("arn:aws:s3:::archive"), aws.String("arn:aws:iam::000000000000:role/firehose")
	_, err := c.CreateDeliveryStream(ctx, &sdk.CreateDeliveryStreamInput{DeliveryStreamName: name, DeliveryStreamType: types.DeliveryStreamTypeDirectPut,
		ExtendedS3DestinationConfiguration: &types.ExtendedS3DestinationConfiguration{
			BucketARN: bucket, RoleARN: role, Prefix: aws.String("a/"), ErrorOutputPrefix: aws.String("e/!{firehose:error-output-type}/"),
			BufferingHints: hints(2, 60), CompressionFormat: types.CompressionFormatGzip, CustomTimeZone: aws.String("UTC"), FileExtension: aws.String(".json"),
			S3BackupMode: types.S3BackupModeDisabled, EncryptionConfiguration: &types.EncryptionConfiguration{NoEncryptionConfig: types.NoEncryptionConfigNoEncryption},
			CloudWatchLoggingOptions:          &types.CloudWatchLoggingOptions{Enabled: aws.Bool(false)},
			DataFormatConversionConfiguration: &types.DataFormatConversionConfiguration{Enabled: aws.Bool(false)},
			DynamicPartitioningConfiguration:  &types.DynamicPartitioningConfiguration{Enabled: aws.Bool(false)},
			ProcessingConfiguration:           delimited(),
		}})
	must(err)
	updateMembers(t, c)
	plain := &types.S3DestinationConfiguration{BucketARN: bucket, RoleARN: role, Prefix: aws.String("p/"), ErrorOutputPrefix: aws.String("f/!{firehose:error-output-type}/"),
		BufferingHints: hints(3, 0), CompressionFormat: types.CompressionFormatGzip,
		EncryptionConfiguration:  &types.EncryptionConfiguration{NoEncryptionConfig: types.NoEncryptionConfigNoEncryption},
		CloudWatchLoggingOptions: &types.CloudWatchLoggingOptions{Enabled: aws.Bool(false)}}
	_, err = c.CreateDeliveryStream(ctx, &sdk.CreateDeliveryStreamInput{DeliveryStreamName: aws.String("u"), S3DestinationConfiguration: plain})
	must(err)
	list, err := c.ListDeliveryStreams(ctx, &sdk.ListDeliveryStreamsInput{ExclusiveStartDeliveryStreamName: aws.String("s"), Limit: aws.Int32(1)})
	must(err)
	require.Equal(t, []string{"t"}, list.DeliveryStreamNames)
	require.True(t, *list.HasMoreDeliveryStreams)
	tagMembers(t, c, name)
	got, err := c.DescribeDeliveryStream(ctx, &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: name, Limit: aws.Int32(1), ExclusiveStartDestinationId: aws.String("destinationId-000000000001")})
	must(err)
	require.Empty(t, got.DeliveryStreamDescription.Destinations, "there is none behind it")
	for _, limit := range []int32{0, 10_001} {
		_, err = c.DescribeDeliveryStream(ctx, &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: name, Limit: &limit})
		require.ErrorContains(t, err, "limit")
	}
	_, err = c.DeleteDeliveryStream(ctx, &sdk.DeleteDeliveryStreamInput{DeliveryStreamName: name, AllowForceDelete: aws.Bool(true)})
	must(err)
}

func hints(size, interval int32) *types.BufferingHints {
	return &types.BufferingHints{SizeInMBs: &size, IntervalInSeconds: &interval}
}

func delimited() *types.ProcessingConfiguration {
	return &types.ProcessingConfiguration{Enabled: aws.Bool(true), Processors: []types.Processor{{Type: types.ProcessorTypeAppendDelimiterToRecord,
		Parameters: []types.ProcessorParameter{{ParameterName: "Delimiter", ParameterValue: aws.String(`\n`)}}}}}
}

// updateMembers changes all of the destination of "t", in both forms.
func updateMembers(t *testing.T, c *sdk.Client) {
	update := func(version string, extended *types.ExtendedS3DestinationUpdate, plain *types.S3DestinationUpdate) *types.ExtendedS3DestinationDescription {
		_, err := c.UpdateDestination(t.Context(), &sdk.UpdateDestinationInput{DeliveryStreamName: aws.String("t"), CurrentDeliveryStreamVersionId: &version,
			DestinationId: aws.String("destinationId-000000000001"), ExtendedS3DestinationUpdate: extended, S3DestinationUpdate: plain})
		require.NoError(t, err)
		got, err := c.DescribeDeliveryStream(t.Context(), &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: aws.String("t")})
		require.NoError(t, err)
		return got.DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription
	}
	bucket, role := aws.String("arn:aws:s3:::other"), aws.String("arn:aws:iam::000000000000:role/other")
	none, off := &types.EncryptionConfiguration{NoEncryptionConfig: types.NoEncryptionConfigNoEncryption}, &types.CloudWatchLoggingOptions{Enabled: aws.Bool(false)}
	d := update("1", &types.ExtendedS3DestinationUpdate{
		BucketARN: bucket, RoleARN: role, Prefix: aws.String("b/"), ErrorOutputPrefix: aws.String("g/!{firehose:error-output-type}/"),
		BufferingHints: hints(4, 90), CompressionFormat: types.CompressionFormatUncompressed, CustomTimeZone: aws.String("UTC"), FileExtension: aws.String(".txt"),
		S3BackupMode: types.S3BackupModeDisabled, EncryptionConfiguration: none, CloudWatchLoggingOptions: off, ProcessingConfiguration: delimited(),
		DataFormatConversionConfiguration: &types.DataFormatConversionConfiguration{Enabled: aws.Bool(false)},
		DynamicPartitioningConfiguration:  &types.DynamicPartitioningConfiguration{Enabled: aws.Bool(false)},
	}, nil)
	require.Equal(t, []string{*bucket, *role, "b/", "g/!{firehose:error-output-type}/", ".txt", "UNCOMPRESSED"},
		[]string{*d.BucketARN, *d.RoleARN, *d.Prefix, *d.ErrorOutputPrefix, *d.FileExtension, string(d.CompressionFormat)})
	require.Equal(t, hints(4, 90), d.BufferingHints)
	d = update("2", nil, &types.S3DestinationUpdate{BucketARN: aws.String("arn:aws:s3:::third"), RoleARN: role, Prefix: aws.String("c/"),
		ErrorOutputPrefix: aws.String("h/!{firehose:error-output-type}/"), BufferingHints: hints(5, 91), CompressionFormat: types.CompressionFormatGzip,
		EncryptionConfiguration: none, CloudWatchLoggingOptions: off})
	require.Equal(t, []string{"arn:aws:s3:::third", "c/", ".txt", "GZIP"}, []string{*d.BucketARN, *d.Prefix, *d.FileExtension, string(d.CompressionFormat)})
}

func tagMembers(t *testing.T, c *sdk.Client, name *string) {
	_, err := c.TagDeliveryStream(t.Context(), &sdk.TagDeliveryStreamInput{DeliveryStreamName: name, Tags: []types.Tag{{Key: aws.String("a")}, {Key: aws.String("b")}, {Key: aws.String("c")}}})
	require.NoError(t, err)
	tags, err := c.ListTagsForDeliveryStream(t.Context(), &sdk.ListTagsForDeliveryStreamInput{DeliveryStreamName: name, ExclusiveStartTagKey: aws.String("a"), Limit: aws.Int32(1)})
	require.NoError(t, err)
	require.Equal(t, "b", *tags.Tags[0].Key)
	require.True(t, *tags.HasMoreTags)
}

// Tags are of letters, digits and a few signs, of whatever alphabet.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_Tag.html
func TestTagsHaveAForm(t *testing.T) {
	c := client(firehose.New(firehose.Config{}))
	require.NoError(t, create(t.Context(), c, nil))
	tag := func(key, value string) error {
		_, err := c.TagDeliveryStream(t.Context(), &sdk.TagDeliveryStreamInput{DeliveryStreamName: aws.String("s"), Tags: []types.Tag{{Key: &key, Value: &value}}})
		return err
	}
	require.NoError(t, tag(strings.Repeat("é", 128), strings.Repeat("漢", 256)))
	require.NoError(t, tag("a b_.:/=+-@%", ""))
	for key, value := range map[string]string{strings.Repeat("é", 129): "", "aws:x": "", "a\nb": "", "a#b": "", "k": "<x>", "l": strings.Repeat("v", 257)} {
		require.ErrorContains(t, tag(key, value), "InvalidArgumentException", key)
	}
}
