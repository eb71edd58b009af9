package firehose

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Streams reads Kinesis streams. Next waits until a record behind the sequence number
// after exists, or one that arrived at or after from when after is empty, and returns
// at most max; its error is ErrShardEnd for a shard that is closed and read to its end,
// where it can tell. AtEnd tells that nothing stands behind after. Parents are the
// shards that each shard was made of, by split or merge.
type Streams interface {
	ShardIDs(ctx context.Context, streamARN string) ([]string, error)
	Parents(ctx context.Context, streamARN string) (map[string][]string, error)
	Next(ctx context.Context, streamARN, shard, after string, from time.Time, max int) ([]SourceRecord, error)
	AtEnd(streamARN, shard, after string) bool
}

// SourceRecord is a record of a Kinesis stream.
type SourceRecord struct {
	SequenceNumber, PartitionKey string
	Data                         []byte
	Arrived                      time.Time
}

// ErrShardEnd tells that a shard is closed and read to its end.
var ErrShardEnd = errors.New("firehose: the shard is closed and read to its end")

// KinesisStreamSource is the stream that a Firehose stream reads.
type KinesisStreamSource struct{ KinesisStreamARN, RoleARN string }

// origin is where in its stream a record comes from.
type origin struct {
	shard, key, sequence string
	arrived              time.Time
}

var kinesisARN = regexp.MustCompile(`^arn:aws[a-z-]*:kinesis:[a-zA-Z0-9-]+:\d{12}:stream/[a-zA-Z0-9_.-]+$`)

// checkSource holds a stream's type to its source.
func (s *State) checkSource(ctx context.Context, operation, stream, kind string, source *KinesisStreamSource) error {
	switch {
	case kind == directPut && source == nil:
		return nil
	case kind == directPut:
		return invalid("KinesisStreamSourceConfiguration is only for Firehose streams of type %s.", kinesisSource)
	case kind != kinesisSource:
		return unsupported(operation, "DeliveryStreamType "+kind)
	case s.config.Streams == nil:
		return unsupported(operation, "DeliveryStreamType "+kind+" without Kinesis")
	case source == nil:
		return invalid("KinesisStreamSourceConfiguration is required for Firehose streams of type %s.", kinesisSource)
	case !kinesisARN.MatchString(source.KinesisStreamARN) || !wire.IsRole(source.RoleARN):
		return invalid("KinesisStreamARN must be the ARN of a Kinesis stream, and RoleARN that of a role.")
	}
	if _, err := s.config.Streams.ShardIDs(ctx, source.KinesisStreamARN); err != nil {
		return invalid("KinesisStreamARN %s: %s", source.KinesisStreamARN, err)
	}
	if err := s.assumes(stream, source.RoleARN); err != nil {
		return err
	}
	if err := s.mayRead(stream, source); err != nil {
		return invalid("Role %s cannot read the source. (%s)", source.RoleARN, err)
	}
	return nil
}
