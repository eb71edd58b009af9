package scenarios

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kintypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// letter is every form a dead letter takes: the pipeline's own, a rule's error
// action, and Lambda's on-failure record of a batch.
type letter struct {
	ID, Function                   string
	Reason, Detail, Thing, Measure string
	Timestamp                      json.RawMessage // ms; in a batch's record a text
	Payload                        []byte

	RuleName              string
	Topic                 string
	Base64OriginalPayload []byte
	Failures              []struct{ FailedAction, ErrorMessage string }

	KinesisBatchInfo *batchInfo
	RequestContext   struct{ FunctionArn, Condition string }
}

type batchInfo struct {
	ShardID             string `json:"shardId"`
	StartSequenceNumber string `json:"startSequenceNumber"`
	EndSequenceNumber   string `json:"endSequenceNumber"`
}

func readDeadLetters(ctx context.Context, cfg aws.Config, stores Stores) ([]ledger.DeadLetter, error) {
	bodies, err := receiveAll(ctx, cfg, stores.DeadLetters, stores.Wait)
	var letters []ledger.DeadLetter
	for _, body := range bodies {
		var l letter
		if e := json.Unmarshal([]byte(body), &l); e != nil {
			err = errors.Join(err, fmt.Errorf("the dead-letter queue holds something else: %.80q", body))
			continue
		}
		switch {
		case l.KinesisBatchInfo != nil:
			batch, e := readBatch(ctx, cfg, stores.Stream, *l.KinesisBatchInfo, l.RequestContext.Condition, l.function())
			letters, err = append(letters, batch...), errors.Join(err, e)
		case l.RuleName != "":
			letters = append(letters, l.rule())
		default:
			letters = append(letters, l.own())
		}
	}
	return letters, err
}

// function is the name of the function that gave a batch up.
func (l letter) function() string {
	_, name, _ := strings.Cut(l.RequestContext.FunctionArn, ":function:")
	name, _, _ = strings.Cut(name, ":") // a version
	return name
}

// fedBy are the sinks that get messages from a function or rule.
var fedBy = map[string][]ledger.Sink{
	"ArchiveToS3":            {ledger.Archive},
	"TelemetryToKinesis":     {ledger.TimeSeries, ledger.State, ledger.Alert},
	pipeline.StreamProcessor: {ledger.TimeSeries, ledger.State},
	pipeline.AlertHandler:    {ledger.Alert},
}

func (l letter) own() ledger.DeadLetter {
	d := ledger.DeadLetter{ID: l.ID, Function: l.Function, Sinks: fedBy[l.Function], Reason: l.Reason, Detail: l.Detail, Thing: l.Thing, Measure: l.Measure}
	if ms, err := strconv.ParseInt(string(l.Timestamp), 10, 64); err == nil {
		d.Timestamp = ms
	}
	if len(l.Payload) > 0 {
		d.Sum = md5.Sum(l.Payload)
	}
	return d
}

func (l letter) rule() ledger.DeadLetter {
	d := ledger.DeadLetter{Reason: "rule " + l.RuleName + " failed", Sinks: fedBy[l.RuleName], Thing: thingOfTopic(l.Topic), Sum: md5.Sum(l.Base64OriginalPayload)}
	for _, f := range l.Failures {
		d.Detail = f.FailedAction + ": " + f.ErrorMessage
	}
	return d
}

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
			thing, payload := opened(aws.ToString(r.PartitionKey), r.Data)
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
