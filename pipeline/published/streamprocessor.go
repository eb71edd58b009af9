// Package published is the source document's own handlers, ported line by line
// with their faults, so that a run can show by ledger what they lose. Nothing
// here is to be used; the default pipeline is in the packages beside it.
//
// "seed:N" is a line of shared/seed/iot-data-pipeline-on-aws.md, where the code
// is JavaScript. Where JavaScript throws, the port returns an error with the same
// words.
package published

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
)

// errDocClient is what step 4 and the device API run into: docClient is used and
// never created (seed:300, seed:392).
var errDocClient = errors.New("ReferenceError: docClient is not defined")

// StreamProcessor is stream-processor/handler.js, step 4.
type StreamProcessor struct {
	series          *timestreamwrite.Client
	database, table string
}

// NewStreamProcessor makes a StreamProcessor.
func NewStreamProcessor(cfg aws.Config, database, table string) *StreamProcessor {
	return &StreamProcessor{timestreamwrite.NewFromConfig(cfg), database, table}
}

// payload is what the handlers destructure.
type payload struct {
	DeviceID  string                     `json:"deviceId"`
	Timestamp json.Number                `json:"timestamp"`
	Data      map[string]json.RawMessage `json:"data"`
}

// Handle is exports.handler of step 4.
func (p *StreamProcessor) Handle(ctx context.Context, event events.KinesisEvent) error {
	var records []types.Record
	updates := 0
	for _, record := range event.Records {
		var body payload
		// JSON.parse throws, and with it the whole batch.
		if err := json.Unmarshal(record.Kinesis.Data, &body); err != nil {
			return fmt.Errorf("SyntaxError: %w", err)
		}
		if body.Data == nil {
			return errors.New("TypeError: Cannot convert undefined or null to object")
		}
		names := make([]string, 0, len(body.Data))
		for name := range body.Data {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			records = append(records, types.Record{
				Dimensions: []types.Dimension{
					{Name: aws.String("device_id"), Value: aws.String(body.DeviceID)},
					{Name: aws.String("metric"), Value: aws.String(name)},
				},
				MeasureName:      aws.String(name),
				MeasureValue:     aws.String(text(body.Data[name])),
				MeasureValueType: types.MeasureValueTypeDouble, // even when it is no number
				Time:             aws.String(body.Timestamp.String()),
				TimeUnit:         types.TimeUnitMilliseconds,
			})
		}
		// new Date(timestamp).toISOString() throws on what is no time.
		if _, err := strconv.ParseFloat(body.Timestamp.String(), 64); err != nil {
			return errors.New("RangeError: Invalid time value")
		}
		updates++
	}
	for len(records) > 0 {
		n := min(len(records), 100)
		// A RejectedRecordsException is not handled.
		_, err := p.series.WriteRecords(ctx, &timestreamwrite.WriteRecordsInput{DatabaseName: &p.database, TableName: &p.table, Records: records[:n]})
		if err != nil {
			return err
		}
		records = records[n:]
	}
	if updates > 0 {
		return errDocClient
	}
	return nil
}

// text is JavaScript's String(value) of a JSON value.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
