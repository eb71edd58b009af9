package tap

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/wire"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// Stream watches what the stream takes from the rules: a record whose answer was lost
// is on the stream nevertheless.
func (t Tap) Stream(next action.KinesisTarget) action.KinesisTarget {
	return stream{next, t.Ledger, t.Quotas}
}

type stream struct {
	action.KinesisTarget
	ledger *ledger.Ledger
	quotas *quota.Counter
}

// PutRecord implements action.KinesisTarget.
func (s stream) PutRecord(ctx context.Context, in *kinesis.PutRecordInput, options ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	out, err := s.KinesisTarget.PutRecord(ctx, in, options...)
	if err == nil {
		s.quotas.Record(aws.ToString(out.ShardId), aws.ToString(in.PartitionKey), len(in.Data), time.Now())
		s.ledger.Stream(shape.Record(aws.ToString(in.PartitionKey), in.Data))
	}
	if wire.IsCode(err, "ProvisionedThroughputExceededException") {
		s.quotas.Throttle(aws.ToString(in.PartitionKey), len(in.Data), time.Now())
	}
	return out, err
}
