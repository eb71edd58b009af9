package emulators

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// apart is a cloud whose stores are in another one, over a socket.
func apart(t *testing.T) (cloud, stores *Cloud) {
	stores, err := New(Config{})
	require.NoError(t, err)
	server := httptest.NewServer(stores)
	t.Cleanup(server.Close)
	cloud, err = New(Config{Backend: Backend{Endpoint: server.URL}})
	require.NoError(t, err)
	t.Cleanup(cloud.network.CloseIdleConnections)
	return cloud, stores
}

func TestStoresElsewhereAreCalledThereAndTheRestHere(t *testing.T) {
	cloud, stores := apart(t)
	ctx := t.Context()
	_, err := kinesissdk.NewFromConfig(cloud.AWSConfig()).CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	ids, err := stores.Kinesis.ShardIDs("s")
	require.NoError(t, err)
	require.Len(t, ids, 1)
	_, err = iot.NewFromConfig(cloud.AWSConfig()).CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("sensor-1")})
	require.NoError(t, err)
	there, err := iot.NewFromConfig(stores.AWSConfig()).ListThings(ctx, &iot.ListThingsInput{})
	require.NoError(t, err)
	require.Empty(t, there.Things, "things stay in this process")
	own := cloud.AWSConfig()
	own.HTTPClient = Direct{cloud} // as a client of this cloud's own port would
	_, err = s3sdk.NewFromConfig(own, func(o *s3sdk.Options) { o.UsePathStyle = true }).ListBuckets(ctx, &s3sdk.ListBucketsInput{})
	require.ErrorContains(t, err, "StatusCode: 400")
}

func TestBackendValidate(t *testing.T) {
	for endpoint, want := range map[string]string{
		"": "", "http://127.0.0.1:4566": "", "https://cloud.example": "", "http://h:1/": "",
		"127.0.0.1:4566": "endpoint", "ftp://x": "not a URL such as", "http://": "not a URL such as", "http://h/path": "more than", "http://u:p@h": "more than",
	} {
		err := Backend{Endpoint: endpoint}.Validate()
		if want == "" {
			require.NoError(t, err, endpoint)
			continue
		}
		require.ErrorContains(t, err, want, endpoint)
	}
}

// counting counts the reads of a stream, and when the last was.
type counting struct {
	StreamReader
	reads atomic.Int64
}

func (c *counting) GetRecords(ctx context.Context, in *kinesissdk.GetRecordsInput, o ...func(*kinesissdk.Options)) (*kinesissdk.GetRecordsOutput, error) {
	c.reads.Add(1)
	return c.StreamReader.GetRecords(ctx, in, o...)
}

// polled is a stream of one shard that is read by polling.
func polled(t *testing.T) (*PolledStreams, *counting, func(string)) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	client := kinesissdk.NewFromConfig(cloud.AWSConfig())
	_, err = client.CreateStream(t.Context(), &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	time.Sleep(time.Second) // of the bubble: a new stream is not active at once
	reader := &counting{StreamReader: client}
	streams := newPolledStreams(reader, &puts{})
	return streams, reader, func(data string) {
		t.Helper()
		_, err := client.PutRecord(t.Context(), &kinesissdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte(data)})
		require.NoError(t, err)
		streams.puts.note(time.Now())
	}
}

const (
	polledARN    = "arn:aws:kinesis:us-east-1:000000000000:stream/s"
	polledShard1 = "shardId-000000000000"
)

func data(records []lambda.Record) string {
	var all []string
	for _, r := range records {
		all = append(all, string(r.Data))
	}
	return strings.Join(all, " ")
}

func TestPolledStreamsReadInOrderAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, put := polled(t)
		put("a")
		put("b")
		put("c")
		start := lambda.Start{Position: lambda.TrimHorizon}
		next := func(after string, most int) []lambda.Record {
			t.Helper()
			records, err := streams.Next(t.Context(), polledARN, polledShard1, after, start, most)
			require.NoError(t, err)
			return records
		}
		first := next("", 2)
		require.Equal(t, "a b", data(first))
		require.Equal(t, "a b c", data(next("", 10)), "from where it was")
		rest := next(first[1].SequenceNumber, 10)
		require.Equal(t, "c", data(rest))
		time.Sleep(10 * time.Minute) // of the bubble: the iterator expires
		put("d")
		require.Equal(t, "d", data(next(rest[0].SequenceNumber, 10)))
		_, err := streams.Next(t.Context(), wire.ARN("kinesis", "us-east-1", "0", "stream/none"), polledShard1, "", start, 1)
		require.ErrorContains(t, err, "ResourceNotFoundException")
	})
}

func TestPolledStreamsKeepToFiveReadsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, reader, _ := polled(t)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		done := make(chan error)
		for range 3 { // mappings share what a shard allows
			go func() {
				_, err := streams.Next(ctx, polledARN, polledShard1, "", lambda.Start{Position: lambda.TrimHorizon}, 100)
				done <- err
			}()
		}
		for range 3 {
			require.ErrorIs(t, <-done, context.DeadlineExceeded)
		}
		require.LessOrEqual(t, reader.reads.Load(), int64(51))
		require.GreaterOrEqual(t, reader.reads.Load(), int64(45))
	})
}

func TestPolledStreamsAreAtTheEndOnlyAfterTheLastPut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, _, put := polled(t)
		ctx, cancel := context.WithCancel(t.Context())
		found := make(chan []lambda.Record, 1)
		go func() {
			records, _ := streams.Next(ctx, polledARN, polledShard1, "", lambda.Start{Position: lambda.TrimHorizon}, 100)
			found <- records
		}()
		require.False(t, streams.AtEnd(polledARN, polledShard1, ""), "nobody has looked")
		time.Sleep(time.Second) // of the bubble
		require.True(t, streams.AtEnd(polledARN, polledShard1, ""))
		put("a")
		require.False(t, streams.AtEnd(polledARN, polledShard1, ""), "nobody has looked since")
		last := (<-found)[0].SequenceNumber
		require.False(t, streams.AtEnd(polledARN, polledShard1, last))
		go func() {
			records, _ := streams.Next(ctx, polledARN, polledShard1, last, lambda.Start{Position: lambda.TrimHorizon}, 100)
			found <- records
		}()
		time.Sleep(time.Second) // of the bubble
		require.True(t, streams.AtEnd(polledARN, polledShard1, last))
		cancel()
		<-found
	})
}

// collector keeps the data of the records that it gets.
type collector struct {
	mu  sync.Mutex
	got []string
}

func (c *collector) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event events.KinesisEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range event.Records {
		c.got = append(c.got, string(r.Kinesis.Data))
	}
	return nil, nil
}

// Behind a shard of another server that was split come its children, as behind one of this
// process; before, they were never looked for.
// https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
func TestPolledStreamsAreReadOnBehindASplit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, reader, put := polled(t)
		client := reader.StreamReader.(*kinesissdk.Client)
		f := &collector{}
		functions := lambda.New(lambda.Config{Streams: streams, Functions: map[string]lambda.GoHandler{"f": f}})
		_, err := functions.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
			FunctionName: "f", Role: "arn:aws:iam::000000000000:role/f", Runtime: "provided.al2023", Handler: "bootstrap", Code: &lambda.Code{ZipFile: []byte("zip")}})
		require.NoError(t, err)
		_, err = functions.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{FunctionName: "f", EventSourceArn: polledARN, StartingPosition: lambda.TrimHorizon})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- functions.Run(ctx) }()
		put("1")
		time.Sleep(10 * time.Second) // of the bubble
		_, err = client.SplitShard(ctx, &kinesissdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String(polledShard1), NewStartingHashKey: aws.String("170141183460469231731687303715884105728")})
		require.NoError(t, err)
		put("2")
		time.Sleep(10 * time.Second)
		put("3")
		time.Sleep(10 * time.Second)
		stop()
		require.NoError(t, <-done)
		require.Equal(t, []string{"1", "2", "3"}, f.got)

		parents, err := streams.Parents(t.Context(), polledARN)
		require.NoError(t, err)
		require.Equal(t, map[string][]string{polledShard1: {}, "shardId-000000000001": {polledShard1}, "shardId-000000000002": {polledShard1}}, parents)
		_, err = client.IncreaseStreamRetentionPeriod(t.Context(), &kinesissdk.IncreaseStreamRetentionPeriodInput{StreamName: aws.String("s"), RetentionPeriodHours: aws.Int32(48)})
		require.NoError(t, err)
		retention, err := streams.Retention(t.Context(), polledARN)
		require.NoError(t, err)
		require.Equal(t, 48*time.Hour, retention, "what is older than a day is not given up")
	})
}
