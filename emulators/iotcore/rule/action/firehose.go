package action

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// maxBatch: "The resulting array can't have more than 500 records."
// https://docs.aws.amazon.com/iot/latest/developerguide/kinesis-firehose-rule-action.html
const maxBatch = 500

// Firehose makes each message one record of a Firehose stream, with the
// separator after it; with BatchMode each element of a payload that is an array.
// https://docs.aws.amazon.com/iot/latest/developerguide/kinesis-firehose-rule-action.html
type Firehose struct {
	DeliveryStreamName string `json:"deliveryStreamName"`
	RoleArn            string `json:"roleArn"`
	Separator          string `json:"separator,omitempty"`
	BatchMode          bool   `json:"batchMode"`
}

type firehoseAction struct {
	target    FirehoseTarget
	role      string
	stream    *sql.Template
	separator string
	batch     bool
}

func (c *Compiler) firehose(a *Firehose) (Compiled, error) {
	if c.Targets.Firehose == nil {
		return nil, noTarget("firehose")
	}
	stream, err := c.template("deliveryStreamName", a.DeliveryStreamName)
	errs := []error{err, CheckRole(a.RoleArn)}
	if !slices.Contains([]string{"", ",", "\t", "\n", "\r\n"}, a.Separator) {
		errs = append(errs, fmt.Errorf("separator %q is none of a comma, a tab, \\n and \\r\\n", a.Separator))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("firehose: %w", err)
	}
	return firehoseAction{c.Targets.Firehose, a.RoleArn, stream, a.Separator, a.BatchMode}, nil
}

func (firehoseAction) Kind() string { return "firehose" }

func (f firehoseAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	stream, err := f.stream.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: stream, Resource: stream}
	call := "firehose:PutRecord"
	if f.batch {
		call = "firehose:PutRecordBatch"
	}
	if err := a.May(f.role, call, "deliverystream/"+stream); err != nil {
		return o, fmt.Errorf("put record: %w", err)
	}
	if f.batch {
		return o, f.putBatch(ctx, stream, payload)
	}
	if _, err = f.target.PutRecord(ctx, &firehose.PutRecordInput{DeliveryStreamName: &stream, Record: f.record(payload)}); err != nil {
		return o, fmt.Errorf("put record: %w", err)
	}
	return o, nil
}

func (f firehoseAction) record(data []byte) *types.Record {
	return &types.Record{Data: append(bytes.Clone(data), f.separator...)}
}

func (f firehoseAction) putBatch(ctx context.Context, stream string, payload []byte) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(payload, &elements); err != nil {
		return errors.New("put record batch: batchMode: the payload is not an array")
	}
	if len(elements) > maxBatch {
		return fmt.Errorf("put record batch: batchMode: the payload has %d elements, more than %d", len(elements), maxBatch)
	}
	in := &firehose.PutRecordBatchInput{DeliveryStreamName: &stream}
	for _, element := range elements {
		in.Records = append(in.Records, *f.record(element))
	}
	out, err := f.target.PutRecordBatch(ctx, in)
	if err != nil {
		return fmt.Errorf("put record batch: %w", err)
	}
	for _, entry := range out.RequestResponses {
		if entry.ErrorCode != nil {
			return fmt.Errorf("put record batch: %d of %d records failed: %s: %s", aws.ToInt32(out.FailedPutCount), len(elements), *entry.ErrorCode, aws.ToString(entry.ErrorMessage))
		}
	}
	return nil
}
