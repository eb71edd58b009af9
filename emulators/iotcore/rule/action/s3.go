package action

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// S3 writes one object a message. Two messages with one key overwrite
// each other.
// https://docs.aws.amazon.com/iot/latest/developerguide/s3-rule-action.html
type S3 struct {
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

func (c *Compiler) s3(a *S3) (Compiled, error) {
	target := c.Targets.S3
	if target == nil {
		return nil, noTarget("s3")
	}
	bucket, err1 := c.template("bucketName", a.BucketName)
	key, err2 := c.template("key", a.Key)
	if err := errors.Join(err1, err2, CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("s3: %w", err)
	}
	return s3Action{target: target, role: a.RoleArn, bucket: bucket, key: key}, nil
}

func (s3Action) Kind() string { return "s3" }

func (s s3Action) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	bucket, err := s.bucket.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	key, err := s.key.Expand(a.Input)
	if err != nil {
		return Outcome{Resource: bucket}, err
	}
	o := Outcome{Made: key, Resource: bucket}
	if a.Roles != nil {
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
