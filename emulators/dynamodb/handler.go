package dynamodb

import (
	"bytes"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler is the wire of a State: AWS JSON 1.0. SDKs check X-Amz-Crc32. The API of
// streams is another one with the same endpoint and signature.
func Handler(s *State) http.Handler {
	items := wire.JSON{TargetPrefix: "DynamoDB_20120810", Version: "1.0", ShapePrefix: shapePrefix, Shapes: shapesOfFrame, Mistyped: mistyped, Operations: operations(s)}
	streams := wire.JSON{TargetPrefix: streamsTarget, Version: "1.0", ShapePrefix: shapePrefix, Shapes: shapesOfFrame, Mistyped: mistyped, Operations: map[string]wire.Operation{
		"ListStreams":      wire.Op(s.ListStreams),
		"DescribeStream":   wire.Op(s.DescribeStream),
		"GetShardIterator": wire.Op(s.GetShardIterator),
		"GetRecords":       wire.Op(s.GetRecords),
	}}
	return checksummed{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), streamsTarget+".") {
			streams.ServeHTTP(w, r)
			return
		}
		items.ServeHTTP(w, r)
	})}
}

const (
	streamsTarget = "DynamoDBStreams_20120810"
	shapePrefix   = "com.amazonaws.dynamodb.v20120810#"
)

var shapesOfFrame = map[string]string{"ValidationException": "com.amazon.coral.validate#"}

func operations(s *State) map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateTable":               wire.Op(s.CreateTable),
		"DescribeTable":             wire.Op(s.DescribeTable),
		"ListTables":                wire.Op(s.ListTables),
		"DeleteTable":               wire.Op(s.DeleteTable),
		"PutItem":                   wire.Op(s.PutItem),
		"GetItem":                   wire.Op(s.GetItem),
		"UpdateItem":                wire.Op(s.UpdateItem),
		"DeleteItem":                wire.Op(s.DeleteItem),
		"Query":                     wire.Op(s.Query),
		"Scan":                      wire.Op(s.Scan),
		"BatchGetItem":              wire.Op(s.BatchGetItem),
		"BatchWriteItem":            wire.Op(s.BatchWriteItem),
		"TransactWriteItems":        wire.Op(s.TransactWriteItems),
		"TransactGetItems":          wire.Op(s.TransactGetItems),
		"UpdateTable":               wire.Op(s.UpdateTable),
		"ExecuteStatement":          wire.Op(s.ExecuteStatement),
		"BatchExecuteStatement":     wire.Op(s.BatchExecuteStatement),
		"ExecuteTransaction":        wire.Op(s.ExecuteTransaction),
		"TagResource":               wire.Op(s.TagResource),
		"UntagResource":             wire.Op(s.UntagResource),
		"ListTagsOfResource":        wire.Op(s.ListTagsOfResource),
		"UpdateContinuousBackups":   wire.Op(s.UpdateContinuousBackups),
		"UpdateTimeToLive":          wire.Op(s.UpdateTimeToLive),
		"DescribeTimeToLive":        wire.Op(s.DescribeTimeToLive),
		"DescribeContinuousBackups": wire.Op(s.DescribeContinuousBackups),
	}
}

// checksummed adds the checksum of the body to the header of each answer.
type checksummed struct{ next http.Handler }

func (c checksummed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	held := &held{ResponseWriter: w, status: http.StatusOK}
	c.next.ServeHTTP(held, r)
	sum := crc32.ChecksumIEEE(held.body.Bytes())
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(sum), 10))
	w.WriteHeader(held.status)
	w.Write(held.body.Bytes())
}

// held keeps an answer back until its checksum is known.
type held struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *held) WriteHeader(status int) { h.status = status }

func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }
