package scenarios

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

// streamTap watches what the stream takes from the rules. It stands behind the
// faults: a record whose answer was lost is on the stream nevertheless.
type streamTap struct {
	action.KinesisTarget
	ledger *ledger.Ledger
	quotas *quota.Counter
}

// PutRecord implements iotcore.KinesisTarget.
func (t streamTap) PutRecord(ctx context.Context, in *kinesis.PutRecordInput, options ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	out, err := t.KinesisTarget.PutRecord(ctx, in, options...)
	if err == nil {
		t.quotas.Record(aws.ToString(out.ShardId), aws.ToString(in.PartitionKey), len(in.Data), time.Now())
		t.ledger.Stream(shape.Record(aws.ToString(in.PartitionKey), in.Data))
	}
	if wire.IsCode(err, "ProvisionedThroughputExceededException") {
		t.quotas.Throttle(aws.ToString(in.PartitionKey), len(in.Data), time.Now())
	}
	return out, err
}
