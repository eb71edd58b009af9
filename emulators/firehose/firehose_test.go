package firehose_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/firehose"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bucket keeps what is delivered; the first puts may fail.
type bucket struct {
	mu    sync.Mutex
	start time.Time
	fails int
	got   []string // seconds since start, key without its uuid, body
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func (b *bucket) PutObject(ctx context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails > 0 || ctx.Err() != nil {
		b.fails--
		return nil, errors.New("no such bucket")
	}
	b.got = append(b.got, fmt.Sprintf("%.0f %s %s", time.Since(b.start).Seconds(), uuid.ReplaceAllString(*in.Key, "ID"), body))
	return &s3.PutObjectOutput{}, nil
}

// stored are the objects so far.
func (b *bucket) stored() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.got)
}

func client(s *firehose.State) *sdk.Client { return sdk.NewFromConfig(config(s)) }

func config(s *firehose.State) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: firehose.Handler(s)}, RetryMaxAttempts: 1,
	}
}

// create makes the stream "s" that delivers after a MiB or a minute.
func create(ctx context.Context, c *sdk.Client, change func(*types.ExtendedS3DestinationConfiguration)) error {
	d := &types.ExtendedS3DestinationConfiguration{
		BucketARN: aws.String("arn:aws:s3:::archive"), RoleARN: aws.String("arn:aws:iam::000000000000:role/firehose"),
		BufferingHints: &types.BufferingHints{SizeInMBs: aws.Int32(1), IntervalInSeconds: aws.Int32(60)},
	}
	if change != nil {
		change(d)
	}
	_, err := c.CreateDeliveryStream(ctx, &sdk.CreateDeliveryStreamInput{DeliveryStreamName: aws.String("s"), ExtendedS3DestinationConfiguration: d,
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("iot")}}})
	return err
}

func put(t *testing.T, c *sdk.Client, data string) {
	t.Helper()
	_, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{DeliveryStreamName: aws.String("s"), Record: &types.Record{Data: []byte(data)}})
	require.NoError(t, err)
}

// running runs a State in virtual time, and flushes it at the end.
func running(t *testing.T, b *bucket, do func(t *testing.T, c *sdk.Client)) {
	run(t, firehose.Config{Objects: b}, func(t *testing.T, s *firehose.State) {
		b.start = time.Now()
		do(t, client(s))
	})
}

func run(t *testing.T, c firehose.Config, do func(t *testing.T, s *firehose.State)) {
	synctest.Test(t, func(t *testing.T) {
		s := firehose.New(c)
		ctx, stop := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		wait.Go(func() { require.NoError(t, s.Run(ctx)) })
		do(t, s)
		stop()
		wait.Wait()
		require.NoError(t, s.Flush(context.Background()))
	})
}

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	operationtest.Check(t, config(firehose.New(firehose.Config{Objects: &bucket{}})), func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, actOnAll, operationtest.Fields(nil))
}

func actOnAll(t *testing.T, c *sdk.Client) {
	ctx, name := t.Context(), aws.String("s")
	require.NoError(t, create(ctx, c, nil))
	put(t, c, "x")
	batch, err := c.PutRecordBatch(ctx, &sdk.PutRecordBatchInput{DeliveryStreamName: name, Records: []types.Record{{Data: []byte("a")}, {Data: []byte("b")}}})
	require.NoError(t, err)
	require.Zero(t, *batch.FailedPutCount)
	require.NotEqual(t, *batch.RequestResponses[0].RecordId, *batch.RequestResponses[1].RecordId)
	_, err = c.TagDeliveryStream(ctx, &sdk.TagDeliveryStreamInput{DeliveryStreamName: name, Tags: []types.Tag{{Key: aws.String("x"), Value: aws.String("1")}}})
	require.NoError(t, err)
	_, err = c.UntagDeliveryStream(ctx, &sdk.UntagDeliveryStreamInput{DeliveryStreamName: name, TagKeys: []string{"team"}})
	require.NoError(t, err)
	tags, err := c.ListTagsForDeliveryStream(ctx, &sdk.ListTagsForDeliveryStreamInput{DeliveryStreamName: name})
	require.NoError(t, err)
	require.Len(t, tags.Tags, 1)
	require.Equal(t, "x", *tags.Tags[0].Key)
	update := &sdk.UpdateDestinationInput{DeliveryStreamName: name, CurrentDeliveryStreamVersionId: aws.String("1"), DestinationId: aws.String("destinationId-000000000001"),
		ExtendedS3DestinationUpdate: &types.ExtendedS3DestinationUpdate{CompressionFormat: types.CompressionFormatGzip}}
	_, err = c.UpdateDestination(ctx, update)
	require.NoError(t, err)
	_, err = c.UpdateDestination(ctx, update)
	require.ErrorContains(t, err, "ConcurrentModificationException")
	got, err := c.DescribeDeliveryStream(ctx, &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: name})
	require.NoError(t, err)
	d := got.DeliveryStreamDescription
	require.Equal(t, "2", *d.VersionId)
	require.Equal(t, types.DeliveryStreamStatusActive, d.DeliveryStreamStatus)
	require.Equal(t, types.CompressionFormatGzip, d.Destinations[0].ExtendedS3DestinationDescription.CompressionFormat)
	require.EqualValues(t, 60, *d.Destinations[0].S3DestinationDescription.BufferingHints.IntervalInSeconds, "what is not given stays")
	list, err := c.ListDeliveryStreams(ctx, &sdk.ListDeliveryStreamsInput{DeliveryStreamType: types.DeliveryStreamTypeDirectPut})
	require.NoError(t, err)
	require.Equal(t, []string{"s"}, list.DeliveryStreamNames)
	actOnMembers(t, c)
	_, err = c.DeleteDeliveryStream(ctx, &sdk.DeleteDeliveryStreamInput{DeliveryStreamName: name})
	require.NoError(t, err)
	_, err = c.DescribeDeliveryStream(ctx, &sdk.DescribeDeliveryStreamInput{DeliveryStreamName: name})
	require.ErrorContains(t, err, "ResourceNotFoundException")
}

// A buffer is delivered at the first of its two conditions, and at the end.
// https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html
func TestBuffersAreDelivered(t *testing.T) {
	b := &bucket{}
	running(t, b, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, nil))
		put(t, c, "1")
		time.Sleep(59 * time.Second)
		put(t, c, "2")
		time.Sleep(31 * time.Second)
		require.Equal(t, []string{"60 2000/01/01/00/s-1-2000-01-01-00-00-00-ID 12"}, b.stored())
		put(t, c, strings.Repeat("x", 1<<19))
		put(t, c, strings.Repeat("x", 1<<19))
		time.Sleep(time.Second)
		require.Len(t, b.stored(), 2)
		require.True(t, strings.HasPrefix(b.stored()[1], "90 2000/01/01/00/s-1-2000-01-01-00-01-30-ID xxx"), "by size, at once")
		put(t, c, "last")
	})
	require.Equal(t, "91 2000/01/01/00/s-1-2000-01-01-00-01-31-ID last", b.stored()[2])
}

func TestAFailedDeliveryIsTriedAgain(t *testing.T) {
	b := &bucket{fails: 3}
	running(t, b, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, nil))
		put(t, c, "1")
		time.Sleep(62 * time.Second)
		put(t, c, "2")
		time.Sleep(5 * time.Minute)
		require.Equal(t, []string{"95 2000/01/01/00/s-1-2000-01-01-00-00-00-ID 1", "122 2000/01/01/00/s-1-2000-01-01-00-01-02-ID 2"}, b.stored(), "after 5, 10 and 20 s")
		put(t, c, "3")
		_, err := c.DeleteDeliveryStream(t.Context(), &sdk.DeleteDeliveryStreamInput{DeliveryStreamName: aws.String("s")})
		require.NoError(t, err)
		time.Sleep(time.Second)
		require.Len(t, b.stored(), 3, "a deleted stream's buffer is delivered")
	})
}

func TestWhatCannotBeDeliveredIsToldAtTheEnd(t *testing.T) {
	s := firehose.New(firehose.Config{Objects: &bucket{fails: 1}})
	require.NoError(t, create(t.Context(), client(s), nil))
	put(t, client(s), "12345")
	require.ErrorContains(t, s.Flush(t.Context()), "1 batches of 5 bytes could not be delivered: no such bucket")
	require.NoError(t, s.Flush(t.Context()))
}

func TestGzipPrefixDelimiterAndUpdate(t *testing.T) {
	b := &bucket{}
	running(t, b, func(t *testing.T, c *sdk.Client) {
		require.NoError(t, create(t.Context(), c, func(d *types.ExtendedS3DestinationConfiguration) {
			d.CompressionFormat, d.Prefix = types.CompressionFormatGzip, aws.String("y=!{timestamp:yyyy}/d='!{timestamp:'day'DDD}/")
			d.ErrorOutputPrefix = aws.String("failed/!{firehose:error-output-type}/")
			d.ProcessingConfiguration = &types.ProcessingConfiguration{Enabled: aws.Bool(true), Processors: []types.Processor{{Type: types.ProcessorTypeAppendDelimiterToRecord,
				Parameters: []types.ProcessorParameter{{ParameterName: "Delimiter", ParameterValue: aws.String(`\n`)}}}}}
		}))
		put(t, c, "1")
		put(t, c, "2")
		_, err := c.UpdateDestination(t.Context(), &sdk.UpdateDestinationInput{DeliveryStreamName: aws.String("s"), CurrentDeliveryStreamVersionId: aws.String("1"),
			DestinationId: aws.String("destinationId-000000000001"), ExtendedS3DestinationUpdate: &types.ExtendedS3DestinationUpdate{
				CompressionFormat: types.CompressionFormatUncompressed, Prefix: aws.String("p/"), FileExtension: aws.String(".jsonl")}})
		require.NoError(t, err)
		put(t, c, "3")
	})
	require.Len(t, b.stored(), 2)
	head, body, _ := strings.Cut(b.stored()[0], ".gz ")
	require.Equal(t, "0 y=2000/d='day001/s-1-2000-01-01-00-00-00-ID", head)
	r, err := gzip.NewReader(bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	plain, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "1\n2\n", string(plain))
	require.Equal(t, "0 p/2000/01/01/00/s-2-2000-01-01-00-00-00-ID.jsonl 3\n", b.stored()[1])
}

func TestWhatIsRefused(t *testing.T) {
	c := client(firehose.New(firehose.Config{Objects: &bucket{}, MaxBytes: 3}))
	type config = types.ExtendedS3DestinationConfiguration
	for want, change := range map[string]func(*config){
		"CompressionFormat Snappy":   func(d *config) { d.CompressionFormat = types.CompressionFormatSnappy },
		"SizeInMBs is from 1 to 128": func(d *config) { d.BufferingHints.SizeInMBs = aws.Int32(129) },
		"CloudWatchLoggingOptions":   func(d *config) { d.CloudWatchLoggingOptions = &types.CloudWatchLoggingOptions{Enabled: aws.Bool(true)} },
		"S3BackupMode":               func(d *config) { d.S3BackupMode = types.S3BackupModeEnabled },
		"DynamicPartitioningConfiguration": func(d *config) {
			d.DynamicPartitioningConfiguration = &types.DynamicPartitioningConfiguration{Enabled: aws.Bool(true)}
		},
		"DataFormatConversionConfiguration": func(d *config) {
			d.DataFormatConversionConfiguration = &types.DataFormatConversionConfiguration{Enabled: aws.Bool(true)}
		},
		"CustomTimeZone":                             func(d *config) { d.CustomTimeZone = aws.String("Asia/Tokyo") },
		"BucketARN must be":                          func(d *config) { d.BucketARN = aws.String("archive") },
		"can't be null when Prefix contains":         func(d *config) { d.Prefix = aws.String("!{timestamp:yyyy/MM/dd}") },
		"Prefix cannot contain":                      func(d *config) { d.Prefix = aws.String("!{firehose:error-output-type}") },
		"must contain !{firehose:error-output-type}": func(d *config) { d.ErrorOutputPrefix = aws.String("!{timestamp:yyyy}") },
		"partitionKeyFromQuery":                      func(d *config) { d.Prefix = aws.String("!{partitionKeyFromQuery:id}") },
		"timestamp pattern ww":                       func(d *config) { d.Prefix = aws.String("!{timestamp:yyyy-ww}") },
		"!{ begins":                                  func(d *config) { d.Prefix = aws.String("a!{b") },
		"FileExtension":                              func(d *config) { d.FileExtension = aws.String("gz") },
		"needs the parameter LambdaArn": func(d *config) {
			d.ProcessingConfiguration = &types.ProcessingConfiguration{Enabled: aws.Bool(true), Processors: []types.Processor{{Type: types.ProcessorTypeLambda}}}
		},
	} {
		err := create(t.Context(), c, change)
		require.ErrorContains(t, err, "InvalidArgumentException")
		require.ErrorContains(t, err, want)
	}
	_, err := c.CreateDeliveryStream(t.Context(), &sdk.CreateDeliveryStreamInput{DeliveryStreamName: aws.String("s"), HttpEndpointDestinationConfiguration: &types.HttpEndpointDestinationConfiguration{
		EndpointConfiguration: &types.HttpEndpointConfiguration{Url: aws.String("https://x")}, S3Configuration: &types.S3DestinationConfiguration{BucketARN: aws.String("b"), RoleARN: aws.String("r")}}})
	require.ErrorContains(t, err, "HttpEndpointDestinationConfiguration")

	require.NoError(t, create(t.Context(), c, nil))
	require.ErrorContains(t, create(t.Context(), c, nil), "ResourceInUseException")
	batch, err := c.PutRecordBatch(t.Context(), &sdk.PutRecordBatchInput{DeliveryStreamName: aws.String("s"), Records: []types.Record{{Data: []byte("12")}, {Data: []byte("34")}, {Data: []byte("5")}}})
	require.NoError(t, err)
	require.EqualValues(t, 1, *batch.FailedPutCount, "buffers are bounded")
	require.Equal(t, "ServiceUnavailableException", *batch.RequestResponses[1].ErrorCode)
	for want, records := range map[string][]types.Record{
		"more than 1024000": {{Data: make([]byte, 1024001)}},
		"exceeds 4MB":       {{Data: make([]byte, 1<<20-1e5)}, {Data: make([]byte, 1<<20-1e5)}, {Data: make([]byte, 1<<20-1e5)}, {Data: make([]byte, 1<<20-1e5)}, {Data: make([]byte, 1e6)}},
		"1 to 500 members":  slices.Repeat([]types.Record{{Data: []byte("x")}}, 501),
	} {
		_, err := c.PutRecordBatch(t.Context(), &sdk.PutRecordBatchInput{DeliveryStreamName: aws.String("s"), Records: records})
		require.ErrorContains(t, err, want)
	}
}

// Batches that wait are bounded too, as they may be empty. Here each change of the
// destination ends one.
func TestBatchesThatWaitAreBounded(t *testing.T) {
	s := firehose.New(firehose.Config{Objects: &bucket{}})
	require.True(t, s.Idle())
	require.NoError(t, create(t.Context(), client(s), nil))
	var refused error
	taken := 0
	for ; taken <= 10_000; taken++ {
		_, refused = s.PutRecord(t.Context(), &firehose.PutRecordInput{DeliveryStreamName: "s", Record: &firehose.Record{Data: []byte{}}})
		if refused != nil {
			break
		}
		_, err := s.UpdateDestination(t.Context(), &firehose.UpdateDestinationInput{DeliveryStreamName: "s", CurrentDeliveryStreamVersionID: fmt.Sprint(taken + 1),
			DestinationID: "destinationId-000000000001", S3DestinationUpdate: &firehose.S3Destination{}})
		require.NoError(t, err)
	}
	require.Equal(t, 10_000, taken)
	require.ErrorContains(t, refused, "ServiceUnavailableException")
	require.False(t, s.Idle())
}
