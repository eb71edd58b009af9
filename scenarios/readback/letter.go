package readback

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
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
	d := ledger.DeadLetter{Reason: "rule " + l.RuleName + " failed", Sinks: fedBy[l.RuleName], Thing: shape.Thing(l.Topic), Sum: md5.Sum(l.Base64OriginalPayload)}
	for _, f := range l.Failures {
		d.Detail = f.FailedAction + ": " + f.ErrorMessage
	}
	return d
}
