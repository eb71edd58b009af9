package emulators

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// StreamReader is what polling a stream takes; *kinesis.Client is one.
type StreamReader interface {
	ListShards(context.Context, *kinesissdk.ListShardsInput, ...func(*kinesissdk.Options)) (*kinesissdk.ListShardsOutput, error)
	GetShardIterator(context.Context, *kinesissdk.GetShardIteratorInput, ...func(*kinesissdk.Options)) (*kinesissdk.GetShardIteratorOutput, error)
	GetRecords(context.Context, *kinesissdk.GetRecordsInput, ...func(*kinesissdk.Options)) (*kinesissdk.GetRecordsOutput, error)
	DescribeStreamSummary(context.Context, *kinesissdk.DescribeStreamSummaryInput, ...func(*kinesissdk.Options)) (*kinesissdk.DescribeStreamSummaryOutput, error)
}

// readInterval is between two reads of a shard: "each shard can support up to
// five read transactions per second", for all its readers together.
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const readInterval = time.Second / 5

// PolledStreams lets event source mappings read streams of another server: it
// polls them through the SDK.
type PolledStreams struct {
	reader StreamReader
	puts   *puts

	mu     sync.Mutex
	shards map[string]*polledShard // by stream ARN and shard id
}

func newPolledStreams(reader StreamReader, puts *puts) *PolledStreams {
	return &PolledStreams{reader: reader, puts: puts, shards: map[string]*polledShard{}}
}

// puts is when a record was last put into a stream by this cloud's clients.
type puts struct {
	mu   sync.Mutex
	last time.Time
}

func (p *puts) note(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = at
}

func (p *puts) before(at time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.Before(at)
}

// ShardIDs implements lambda.Streams.
func (s *PolledStreams) ShardIDs(ctx context.Context, streamARN string) ([]string, error) {
	shards, err := s.list(ctx, streamARN)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, shard := range shards {
		ids = append(ids, aws.ToString(shard.ShardId))
	}
	return ids, nil
}

// Parents implements lambda.ShardParents.
func (s *PolledStreams) Parents(ctx context.Context, streamARN string) (map[string][]string, error) {
	shards, err := s.list(ctx, streamARN)
	if err != nil {
		return nil, err
	}
	parents := map[string][]string{}
	for _, shard := range shards {
		of := slices.DeleteFunc([]string{aws.ToString(shard.ParentShardId), aws.ToString(shard.AdjacentParentShardId)}, func(id string) bool { return id == "" })
		parents[aws.ToString(shard.ShardId)] = of
	}
	return parents, nil
}

// Retention implements lambda.StreamRetention.
func (s *PolledStreams) Retention(ctx context.Context, streamARN string) (time.Duration, error) {
	name, err := streamName(streamARN)
	if err != nil {
		return 0, err
	}
	out, err := s.reader.DescribeStreamSummary(ctx, &kinesissdk.DescribeStreamSummaryInput{StreamName: &name})
	if err != nil {
		return 0, fmt.Errorf("describe %s: %w", name, err)
	}
	return time.Duration(aws.ToInt32(out.StreamDescriptionSummary.RetentionPeriodHours)) * time.Hour, nil
}

// list is the shards of a stream.
func (s *PolledStreams) list(ctx context.Context, streamARN string) ([]kinesistypes.Shard, error) {
	name, err := streamName(streamARN)
	if err != nil {
		return nil, err
	}
	var shards []kinesistypes.Shard
	in := &kinesissdk.ListShardsInput{StreamName: &name}
	for {
		page, err := s.reader.ListShards(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list the shards of %s: %w", name, err)
		}
		shards = append(shards, page.Shards...)
		if aws.ToString(page.NextToken) == "" {
			return shards, nil
		}
		in = &kinesissdk.ListShardsInput{NextToken: page.NextToken}
	}
}

// Next implements lambda.Streams: it polls until there is a record, or nothing more to come:
// "if set to null, the shard has been closed and the requested iterator does not return any
// more data".
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
func (s *PolledStreams) Next(ctx context.Context, streamARN, shard, after string, start lambda.Start, max int) ([]lambda.Record, error) {
	name, err := streamName(streamARN)
	if err != nil {
		return nil, err
	}
	p := s.shard(streamARN, shard)
	for {
		if err := p.turn(ctx); err != nil {
			return nil, err
		}
		began := time.Now()
		read, err := s.read(ctx, p, name, shard, after, start, max)
		if err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", shard, name, err)
		}
		if len(read.Records) > 0 {
			return recordsOf(read), nil
		}
		if aws.ToString(read.NextShardIterator) == "" {
			return nil, lambda.ErrShardEnd
		}
		if aws.ToInt64(read.MillisBehindLatest) == 0 {
			p.ended(after, began)
		}
	}
}

// AtEnd implements lambda.StreamEnd: a read behind after found nothing, and it
// began when the last put had been answered.
func (s *PolledStreams) AtEnd(streamARN, shard, after string) bool {
	at, ok := s.shard(streamARN, shard).endOf(after)
	return ok && s.puts.before(at)
}

func (s *PolledStreams) shard(streamARN, id string) *polledShard {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := streamARN + "/" + id
	if s.shards[key] == nil {
		s.shards[key] = &polledShard{iterators: map[string]iterator{}, ends: map[string]time.Time{}}
	}
	return s.shards[key]
}

// read does one GetRecords behind a sequence number and keeps where it ended.
func (s *PolledStreams) read(ctx context.Context, p *polledShard, stream, shard, after string, start lambda.Start, max int) (*kinesissdk.GetRecordsOutput, error) {
	limit := aws.Int32(int32(max))
	if token := p.iteratorAt(after); token != "" {
		out, err := s.reader.GetRecords(ctx, &kinesissdk.GetRecordsInput{ShardIterator: &token, Limit: limit})
		if err == nil {
			p.keep(after, out)
			return out, nil
		}
		var expired *kinesistypes.ExpiredIteratorException
		if !errors.As(err, &expired) {
			return nil, err
		}
	}
	made, err := s.reader.GetShardIterator(ctx, startOf(stream, shard, after, start))
	if err != nil {
		return nil, err
	}
	out, err := s.reader.GetRecords(ctx, &kinesissdk.GetRecordsInput{ShardIterator: made.ShardIterator, Limit: limit})
	if err != nil {
		return nil, err
	}
	p.keep(after, out)
	if len(out.Records) > 0 { // the reader may come back to where it was
		p.set(after, aws.ToString(made.ShardIterator))
	}
	return out, nil
}

func startOf(stream, shard, after string, start lambda.Start) *kinesissdk.GetShardIteratorInput {
	in := &kinesissdk.GetShardIteratorInput{StreamName: &stream, ShardId: &shard, ShardIteratorType: kinesistypes.ShardIteratorType(start.Position)}
	switch {
	case after != "":
		in.ShardIteratorType, in.StartingSequenceNumber = kinesistypes.ShardIteratorTypeAfterSequenceNumber, &after
	case start.Position == lambda.AtTimestamp:
		in.Timestamp = &start.At
	}
	return in
}

func recordsOf(read *kinesissdk.GetRecordsOutput) []lambda.Record {
	records := make([]lambda.Record, len(read.Records))
	for i, r := range read.Records {
		records[i] = lambda.Record{
			SequenceNumber: aws.ToString(r.SequenceNumber), PartitionKey: aws.ToString(r.PartitionKey),
			Data: r.Data, ApproximateArrivalTimestamp: aws.ToTime(r.ApproximateArrivalTimestamp),
		}
	}
	return records
}
