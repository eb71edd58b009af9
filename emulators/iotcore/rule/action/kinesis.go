package action

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// Kinesis puts one record a message into a stream. AWS lets partitionKey
// be absent; here it is required.
// https://docs.aws.amazon.com/iot/latest/developerguide/kinesis-rule-action.html
type Kinesis struct {
	StreamName   string `json:"streamName"`
	PartitionKey string `json:"partitionKey,omitempty"`
	RoleArn      string `json:"roleArn"`
}

type kinesisAction struct {
	target       KinesisTarget
	role         string
	stream       *sql.Template
	partitionKey *sql.Template
}

func (c *Compiler) kinesis(a *Kinesis) (Compiled, error) {
	target := c.Targets.Kinesis
	if target == nil {
		return nil, noTarget("kinesis")
	}
	stream, err1 := c.template("streamName", a.StreamName)
	key, err2 := c.template("partitionKey", a.PartitionKey)
	if err := errors.Join(err1, err2, CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("kinesis: %w", err)
	}
	return kinesisAction{target: target, role: a.RoleArn, stream: stream, partitionKey: key}, nil
}

func (kinesisAction) Kind() string { return "kinesis" }

func (k kinesisAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	stream, err := k.stream.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: stream, Resource: stream}
	key, err := k.partitionKey.Expand(a.Input)
	if err != nil {
		return o, err
	}
	if err := a.May(k.role, "kinesis:PutRecord", "stream/"+stream); err != nil {
		return o, fmt.Errorf("put record: %w", err)
	}
	_, err = k.target.PutRecord(ctx, &kinesis.PutRecordInput{
		StreamName: aws.String(stream), PartitionKey: aws.String(key), Data: payload,
	})
	if err != nil {
		return o, fmt.Errorf("put record: %w", err)
	}
	return o, nil
}
