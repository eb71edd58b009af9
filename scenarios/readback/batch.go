package readback

import (
	"context"
	"crypto/md5"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kintypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// readBatch reads the records of a batch that Lambda gave up from the stream:
// the on-failure record itself carries no payload.
func readBatch(ctx context.Context, cfg aws.Config, stream string, b batchInfo, why, function string) ([]ledger.DeadLetter, error) {
	client := kinesis.NewFromConfig(cfg)
	it, err := client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
		StreamName: &stream, ShardId: &b.ShardID, StartingSequenceNumber: &b.StartSequenceNumber,
		ShardIteratorType: kintypes.ShardIteratorTypeAtSequenceNumber,
	})
	if err != nil {
		return nil, err
	}
	var letters []ledger.DeadLetter
	for iterator := it.ShardIterator; iterator != nil; {
		answer, err := client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			return letters, err
		}
		for _, r := range answer.Records {
			thing, payload := shape.Record(aws.ToString(r.PartitionKey), r.Data)
			letters = append(letters, ledger.DeadLetter{
				ID: function + " " + aws.ToString(r.SequenceNumber), Function: function,
				Sinks: fedBy[function], Reason: "batch given up", Detail: why, Thing: thing, Sum: md5.Sum(payload),
			})
			if aws.ToString(r.SequenceNumber) == b.EndSequenceNumber {
				return letters, nil
			}
		}
		if len(answer.Records) == 0 {
			break
		}
		iterator = answer.NextShardIterator
	}
	return letters, nil
}
