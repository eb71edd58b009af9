package kinesis

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler is the wire of a State: AWS JSON 1.1, in CBOR too.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix:  "Kinesis_20131202",
		Version:       "1.1",
		UnknownMember: "InvalidArgumentException",
		CBOR:          true,
		Streams:       map[string]wire.StreamOperation{"SubscribeToShard": wire.StreamOp(s.SubscribeToShard)},
		Operations: map[string]wire.Operation{
			"CreateStream":          wire.Op(s.CreateStream),
			"DescribeStream":        wire.Op(s.DescribeStream),
			"DescribeStreamSummary": wire.Op(s.DescribeStreamSummary),
			"ListStreams":           wire.Op(s.ListStreams),
			"DeleteStream":          wire.Op(s.DeleteStream),
			"ListShards":            wire.Op(s.ListShards),
			"PutRecord":             wire.Op(s.PutRecord),
			"PutRecords":            wire.Op(s.PutRecords),
			"GetShardIterator":      wire.Op(s.GetShardIterator),
			"GetRecords":            wire.Op(s.GetRecords),

			"SplitShard":       wire.Op(s.SplitShard),
			"MergeShards":      wire.Op(s.MergeShards),
			"UpdateShardCount": wire.Op(s.UpdateShardCount),
			"UpdateStreamMode": wire.Op(s.UpdateStreamMode),

			"IncreaseStreamRetentionPeriod": wire.Op(s.IncreaseStreamRetentionPeriod),
			"DecreaseStreamRetentionPeriod": wire.Op(s.DecreaseStreamRetentionPeriod),
			"UpdateMaxRecordSize":           wire.Op(s.UpdateMaxRecordSize),
			"StartStreamEncryption":         wire.Op(s.StartStreamEncryption),
			"StopStreamEncryption":          wire.Op(s.StopStreamEncryption),
			"DescribeLimits":                wire.Op(s.DescribeLimits),

			"AddTagsToStream":      wire.Op(s.AddTagsToStream),
			"RemoveTagsFromStream": wire.Op(s.RemoveTagsFromStream),
			"ListTagsForStream":    wire.Op(s.ListTagsForStream),
			"TagResource":          wire.Op(s.TagResource),
			"UntagResource":        wire.Op(s.UntagResource),
			"ListTagsForResource":  wire.Op(s.ListTagsForResource),

			"RegisterStreamConsumer":   wire.Op(s.RegisterStreamConsumer),
			"DescribeStreamConsumer":   wire.Op(s.DescribeStreamConsumer),
			"ListStreamConsumers":      wire.Op(s.ListStreamConsumers),
			"DeregisterStreamConsumer": wire.Op(s.DeregisterStreamConsumer),
		},
	}
}
