package lambda

import (
	"context"
	"errors"
	"time"
)

// Streams is how mappings read Kinesis. Next blocks until at least one record
// after the sequence number after exists, or from start when after is empty, or
// until ctx ends, which is its error then; it returns at most max records in
// order. Implementations may also have StreamRetention.
type Streams interface {
	ShardIDs(ctx context.Context, streamARN string) ([]string, error)
	Next(ctx context.Context, streamARN, shard, after string, start Start, max int) ([]Record, error)
}

// StreamRetention is an optional ability of Streams: how long the stream keeps
// a record. A batch that is retried without bound is given up when its records
// have left the stream; without this ability that is after 24 h, the default
// retention.
type StreamRetention interface {
	Retention(ctx context.Context, streamARN string) (time.Duration, error)
}

// StreamEnd is an optional ability of Streams that learn of a record only by
// asking for it: whether nothing stands behind after in the shard. State.Idle asks
// it; without it a Next that waits is at the end.
type StreamEnd interface {
	AtEnd(streamARN, shard, after string) bool
}

// ErrShardEnd is Next's error for a shard that is closed and read to its end, where
// Streams can tell.
var ErrShardEnd = errors.New("lambda: the shard is closed and read to its end")

// ShardParents is an optional ability of Streams: the shards that each shard was
// made of, by split or merge. A mapping reads a shard when its parents are at their
// end; without this ability it reads all shards at once.
type ShardParents interface {
	Parents(ctx context.Context, streamARN string) (map[string][]string, error)
}

const defaultRetention = 24 * time.Hour

// Starting positions, as in the API.
const (
	TrimHorizon = "TRIM_HORIZON"
	Latest      = "LATEST"
	AtTimestamp = "AT_TIMESTAMP"
)

// Start is where a shard is read from when nothing was read yet.
type Start struct {
	// Position is TrimHorizon, Latest or AtTimestamp.
	Position string
	// At is the time of AtTimestamp.
	At time.Time
}

// Record is one record of a shard.
type Record struct {
	SequenceNumber              string
	PartitionKey                string
	Data                        []byte
	ApproximateArrivalTimestamp time.Time
}
