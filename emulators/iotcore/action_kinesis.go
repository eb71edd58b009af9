package iotcore

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// KinesisAction puts one record a message into a stream. AWS lets partitionKey
// be absent; here it is required.
// https://docs.aws.amazon.com/iot/latest/developerguide/kinesis-rule-action.html
type KinesisAction struct {
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

func (c *compiler) kinesis(a *KinesisAction) (action, error) {
	target := c.targets.Kinesis
	if target == nil {
		return nil, noTarget("kinesis")
	}
	stream, err1 := c.template("streamName", a.StreamName)
	key, err2 := c.template("partitionKey", a.PartitionKey)
	if err := errors.Join(err1, err2, checkRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("kinesis: %w", err)
	}
	return kinesisAction{target: target, role: a.RoleArn, stream: stream, partitionKey: key}, nil
}

func (kinesisAction) kind() string { return "kinesis" }

func (k kinesisAction) run(ctx context.Context, a *activation, payload []byte) (outcome, error) {
	stream, err := k.stream.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	o := outcome{made: stream, resource: stream}
	key, err := k.partitionKey.Expand(a.input)
	if err != nil {
		return o, err
	}
	if err := a.may(k.role, "kinesis:PutRecord", "stream/"+stream); err != nil {
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
