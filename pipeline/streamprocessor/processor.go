// Package streamprocessor stores the stream: every metric in Timestream, the
// newest reading in the device's DynamoDB item.
//
//	records ─ open, decode ─┬─ readings ─ WriteRecords (≤ 100) ─ UpdateItem (if newer) ─> done
//	                        └─ poison ───> dead-letter queue      rejected points (419) ─> dead-letter queue
//
// # Failures
//
// A record that can never be stored goes to the dead-letter queue and does not
// hold up its shard. A call that fails makes its record, and those after it in
// the shard, come again (ReportBatchItemFailures). Coming again is harmless:
// Timestream accepts the same point with the same value, the item takes only
// newer timestamps, and a dead letter has an id of the record's own.
package streamprocessor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"

	"github.com/shakedown-iot/shakedown/pipeline/batch"
	"github.com/shakedown-iot/shakedown/pipeline/deadletter"
	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// Config says where to store.
type Config struct {
	Database      string // Timestream
	Table         string // Timestream
	DeviceTable   string // DynamoDB
	DeadLetterURL string
	// Function is the function's name, for dead letters.
	Function string
	Log      *slog.Logger
}

// Processor is the function.
type Processor struct {
	config  Config
	series  *timestreamwrite.Client
	items   *dynamodb.Client
	letters deadletter.Queue
}

// New makes a Processor of AWS clients.
func New(cfg aws.Config, c Config) *Processor {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Processor{
		config:  c,
		series:  timestreamwrite.NewFromConfig(cfg),
		items:   dynamodb.NewFromConfig(cfg),
		letters: deadletter.Queue{Client: sqs.NewFromConfig(cfg), URL: c.DeadLetterURL},
	}
}

// entry is a reading with its record.
type entry struct {
	number string // the record's sequence number
	telemetry.Envelope
	telemetry.Reading
}

// Handle stores a batch and names the first record that must come again.
func (p *Processor) Handle(ctx context.Context, records []batch.Record) (again string) {
	failed := newFailures(records)
	entries := make([]entry, 0, len(records))
	for _, record := range records {
		e, err := p.open(ctx, record)
		switch {
		case err != nil:
			failed.add(record.SequenceNumber, err)
		case e != nil:
			entries = append(entries, *e)
		}
	}
	p.write(ctx, entries, failed)
	p.update(ctx, entries, failed)
	if failed.first < 0 {
		return ""
	}
	again = records[failed.first].SequenceNumber
	p.config.Log.WarnContext(ctx, "records will come again", "from", again, "error", failed.cause)
	return again
}

// open decodes a record. Poison is set aside and nil; an error is that it could
// not be set aside.
func (p *Processor) open(ctx context.Context, record batch.Record) (*entry, error) {
	e := entry{number: record.SequenceNumber}
	var err error
	if e.Envelope, err = telemetry.Open(record.Data); err == nil {
		e.Reading, err = telemetry.Decode(e.Payload)
	} else {
		e.Thing, e.Payload = record.PartitionKey, record.Data
	}
	bad, ok := errors.AsType[*telemetry.Error](err)
	if !ok {
		return &e, err
	}
	return nil, p.letters.Put(ctx, deadletter.Letter{
		ID: record.EventID, Reason: string(bad.Reason), Detail: bad.Detail, Function: p.config.Function,
		Thing: e.Thing, Topic: e.Topic, Payload: e.Payload,
	})
}

// failures finds the first record of a batch that failed.
type failures struct {
	index map[string]int // by sequence number
	first int
	cause error
}

func newFailures(records []batch.Record) *failures {
	f := &failures{index: make(map[string]int, len(records)), first: -1}
	for i, r := range records {
		f.index[r.SequenceNumber] = i
	}
	return f
}

func (f *failures) add(number string, err error) {
	if i := f.index[number]; f.first < 0 || i < f.first {
		f.first, f.cause = i, fmt.Errorf("record %s: %w", number, err)
	}
}
