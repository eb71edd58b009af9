package fault

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// WrapTargets puts the injector between rule actions and the services. Errors are
// those that an SDK client would return. A target that is nil stays nil, and those
// that are SDK clients of the cloud stay as they are: Wrap is in them.
func (i *Injector) WrapTargets(next action.Targets) action.Targets {
	wrapped := next
	if next.Kinesis != nil {
		wrapped.Kinesis = kinesisTarget{i, next.Kinesis}
	}
	if next.Lambda != nil {
		wrapped.Lambda = lambdaTarget{i, next.Lambda}
	}
	if next.S3 != nil {
		wrapped.S3 = s3Target{i, next.S3}
	}
	if next.SNS != nil {
		wrapped.SNS = snsTarget{i, next.SNS}
	}
	return wrapped
}

type kinesisTarget struct {
	injector *Injector
	next     action.KinesisTarget
}

func (t kinesisTarget) PutRecord(ctx context.Context, in *kinesis.PutRecordInput, options ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	return target(ctx, t.injector, call{"kinesis", "PutRecord"}, func() string {
		return aws.ToString(in.StreamName) + " " + aws.ToString(in.PartitionKey) + " " + digest(in.Data)
	}, func(ctx context.Context) (*kinesis.PutRecordOutput, error) {
		return t.next.PutRecord(ctx, in, options...)
	})
}

type lambdaTarget struct {
	injector *Injector
	next     action.LambdaTarget
}

func (t lambdaTarget) Invoke(ctx context.Context, in *lambda.InvokeInput, options ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	return target(ctx, t.injector, call{"lambda", "Invoke"}, func() string {
		return aws.ToString(in.FunctionName) + " " + digest(in.Payload)
	}, func(ctx context.Context) (*lambda.InvokeOutput, error) { return t.next.Invoke(ctx, in, options...) })
}

type s3Target struct {
	injector *Injector
	next     action.S3Target
}

// PutObject tells objects apart by their keys: their bodies can be read but once.
func (t s3Target) PutObject(ctx context.Context, in *s3.PutObjectInput, options ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	return target(ctx, t.injector, call{"s3", "PutObject"}, func() string {
		return aws.ToString(in.Bucket) + " " + aws.ToString(in.Key)
	}, func(ctx context.Context) (*s3.PutObjectOutput, error) { return t.next.PutObject(ctx, in, options...) })
}

type snsTarget struct {
	injector *Injector
	next     action.SNSTarget
}

func (t snsTarget) Publish(ctx context.Context, in *sns.PublishInput, options ...func(*sns.Options)) (*sns.PublishOutput, error) {
	return target(ctx, t.injector, call{"sns", "Publish"}, func() string {
		return aws.ToString(in.TopicArn) + " " + digest([]byte(aws.ToString(in.Message)))
	}, func(ctx context.Context) (*sns.PublishOutput, error) { return t.next.Publish(ctx, in, options...) })
}

// target does a call of a rule action through the faults that befall it.
func target[A any](ctx context.Context, i *Injector, c call, key func() string, do func(context.Context) (*A, error)) (*A, error) {
	if i.now.Load() == nil || exempt(ctx) {
		return do(ctx)
	}
	faults := i.befalling(func(a *active) bool { return a.befalls(c) })
	if len(faults) == 0 {
		return do(ctx)
	}
	x := exchange[context.Context, *A]{
		call:   c,
		key:    key(),
		refuse: func(f failure) (*A, error) { return nil, typed(c, f) },
		drop:   func(*A) {},
	}
	return x.through(ctx, passed(ctx, c), faults, do)
}
