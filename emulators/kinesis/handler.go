package kinesis

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler is the wire of a State: AWS JSON 1.1.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix:  "Kinesis_20131202",
		Version:       "1.1",
		UnknownMember: "InvalidArgumentException",
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
		},
	}
}
