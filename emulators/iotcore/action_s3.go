package iotcore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// S3Action writes one object a message. Two messages with one key overwrite
// each other.
// https://docs.aws.amazon.com/iot/latest/developerguide/s3-rule-action.html
type S3Action struct {
	BucketName string `json:"bucketName"`
	Key        string `json:"key"`
	RoleArn    string `json:"roleArn"`
}

type s3Action struct {
	target S3Target
	role   string
	bucket *sql.Template
	key    *sql.Template
}

func (c *compiler) s3(a *S3Action) (action, error) {
	target := c.targets.S3
	if target == nil {
		return nil, noTarget("s3")
	}
	bucket, err1 := c.template("bucketName", a.BucketName)
	key, err2 := c.template("key", a.Key)
	if err := errors.Join(err1, err2, checkRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("s3: %w", err)
	}
	return s3Action{target: target, role: a.RoleArn, bucket: bucket, key: key}, nil
}

func (s3Action) kind() string { return "s3" }

func (s s3Action) run(ctx context.Context, a *activation, payload []byte) (outcome, error) {
	bucket, err := s.bucket.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	key, err := s.key.Expand(a.input)
	if err != nil {
		return outcome{resource: bucket}, err
	}
	o := outcome{made: key, resource: bucket}
	if a.roles != nil {
		err = a.ask(s.role, "s3:PutObject", "arn:aws:s3:::"+bucket+"/"+key, true)
	}
	if err != nil {
		return o, fmt.Errorf("put object: %w", err)
	}
	_, err = s.target.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(key), Body: bytes.NewReader(payload),
	})
	if err != nil {
		return o, fmt.Errorf("put object: %w", err)
	}
	return o, nil
}
