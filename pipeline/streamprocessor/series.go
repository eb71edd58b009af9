package streamprocessor

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"

	"github.com/shakedown-iot/shakedown/pipeline/deadletter"
)

// maxRecords is what WriteRecords takes in one call (AWS.md §4).
const maxRecords = 100

// point is one metric of a reading as a Timestream record.
type point struct {
	of     *entry
	record types.Record
}

func points(entries []entry) []point {
	n := 0
	for i := range entries {
		n += len(entries[i].Metrics)
	}
	list := make([]point, 0, n)
	for i := range entries {
		e := &entries[i]
		for _, m := range e.Metrics {
			list = append(list, point{e, types.Record{
				Dimensions: []types.Dimension{
					{Name: aws.String("device_id"), Value: &e.Thing},
					{Name: aws.String("metric"), Value: &m.Name},
				},
				MeasureName:  &m.Name,
				MeasureValue: aws.String(strconv.FormatFloat(m.Value, 'g', -1, 64)),
				Time:         aws.String(strconv.FormatInt(e.Timestamp, 10)),
			}})
		}
	}
	return list
}

// write writes all points, a hundred a call. What fails marks its records.
func (p *Processor) write(ctx context.Context, entries []entry, failed *failures) {
	all := points(entries)
	for len(all) > 0 {
		n := min(len(all), maxRecords)
		p.writeCall(ctx, all[:n], failed)
		all = all[n:]
	}
}

func (p *Processor) writeCall(ctx context.Context, batch []point, failed *failures) {
	in := &timestreamwrite.WriteRecordsInput{
		DatabaseName: &p.config.Database, TableName: &p.config.Table,
		CommonAttributes: &types.Record{MeasureValueType: types.MeasureValueTypeDouble, TimeUnit: types.TimeUnitMilliseconds},
		Records:          make([]types.Record, 0, len(batch)),
	}
	for _, pt := range batch {
		in.Records = append(in.Records, pt.record)
	}
	_, err := p.series.WriteRecords(ctx, in)
	if err == nil {
		return
	}
	if rejected, ok := errors.AsType[*types.RejectedRecordsException](err); ok {
		p.setAside(ctx, batch, rejected.RejectedRecords, failed)
		return
	}
	for _, pt := range batch {
		failed.add(pt.of.number, fmt.Errorf("write records: %w", err))
	}
}

// setAside puts rejected points into the dead-letter queue; Timestream has
// written the others of the call.
func (p *Processor) setAside(ctx context.Context, batch []point, rejected []types.RejectedRecord, failed *failures) {
	for _, r := range rejected {
		if int(r.RecordIndex) >= len(batch) || r.RecordIndex < 0 {
			continue
		}
		pt := batch[r.RecordIndex]
		measure := aws.ToString(pt.record.MeasureName)
		err := p.letters.Put(ctx, deadletter.Letter{
			ID: pt.of.number + "/" + measure, Reason: "rejected", Detail: aws.ToString(r.Reason), Function: p.config.Function,
			Thing: pt.of.Thing, Topic: pt.of.Topic, Timestamp: pt.of.Timestamp, Measure: measure,
		})
		if err != nil {
			failed.add(pt.of.number, err)
		}
	}
}
