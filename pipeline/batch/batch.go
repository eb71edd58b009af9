// Package batch is a function of a Kinesis event source mapping: records in, the
// first one that must come again out.
//
// It stands in for events.KinesisEvent of github.com/aws/aws-lambda-go, of which
// it reads the four members that this pipeline uses, in one pass: every message
// comes through here once for each function of the stream.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
package batch

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// Record is one record of a shard.
type Record struct {
	EventID        string // of the record, wherever it comes again
	PartitionKey   string
	SequenceNumber string
	Data           []byte
}

// Func takes the records of a batch, in their order, and returns the sequence
// number of the first that must come again, and all behind it; empty is none. It
// implements lambda.Handler.
type Func func(ctx context.Context, records []Record) (again string)

// Invoke implements lambda.Handler. The answer names only the lowest sequence
// number: Lambda takes it as the checkpoint and retries from there (AWS.md §3).
func (f Func) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	records, err := read(payload)
	if err != nil {
		return nil, err
	}
	response := events.KinesisEventResponse{BatchItemFailures: []events.KinesisBatchItemFailure{}}
	if again := f(ctx, records); again != "" {
		response.BatchItemFailures = append(response.BatchItemFailures, events.KinesisBatchItemFailure{ItemIdentifier: again})
	}
	return json.Marshal(response)
}

func read(payload []byte) ([]Record, error) {
	if !telemetry.Valid(payload) {
		return nil, errors.New("the event is not JSON")
	}
	var records []Record
	var err error
	gjson.ParseBytes(payload).Get("Records").ForEach(func(_, value gjson.Result) bool {
		var r Record
		if r, err = readRecord(value); err != nil {
			err = fmt.Errorf("record %d of the event: %w", len(records), err)
		}
		records = append(records, r)
		return err == nil
	})
	return records, err
}

func readRecord(value gjson.Result) (Record, error) {
	var r Record
	var err error
	value.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "eventID":
			r.EventID = value.Str
		case "kinesis":
			err = r.kinesis(value)
		}
		return err == nil
	})
	if err == nil && r.SequenceNumber == "" {
		err = errors.New("it has no sequence number")
	}
	return r, err
}

func (r *Record) kinesis(value gjson.Result) error {
	var err error
	value.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "partitionKey":
			r.PartitionKey = value.Str
		case "sequenceNumber":
			r.SequenceNumber = value.Str
		case "data":
			r.Data, err = base64.StdEncoding.DecodeString(value.Str)
		}
		return err == nil
	})
	return err
}
