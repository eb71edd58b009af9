package emulators

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// The direct adaptors: what a rule action calls on the hot path goes to the
// service's state without HTTP. They take the SDK's own signatures, so that a
// real client can stand in their place.

// kinesisTarget puts records into the embedded streams.
type kinesisTarget struct{ state *kinesis.State }

func (t kinesisTarget) PutRecord(ctx context.Context, in *kinesissdk.PutRecordInput, _ ...func(*kinesissdk.Options)) (*kinesissdk.PutRecordOutput, error) {
	out, err := t.state.PutRecord(ctx, &kinesis.PutRecordInput{
		StreamName: aws.ToString(in.StreamName), PartitionKey: aws.ToString(in.PartitionKey), Data: in.Data,
	})
	if err != nil {
		return nil, err
	}
	return &kinesissdk.PutRecordOutput{ShardId: &out.ShardId, SequenceNumber: &out.SequenceNumber}, nil
}

// s3Target puts objects into the embedded buckets.
type s3Target struct{ state *s3.State }

// maxObject bounds an object of a rule action, in bytes: an MQTT payload is
// smaller.
const maxObject = 1 << 20

func (t s3Target) PutObject(ctx context.Context, in *s3sdk.PutObjectInput, _ ...func(*s3sdk.Options)) (*s3sdk.PutObjectOutput, error) {
	body, err := bodyOf(in.Body)
	if err != nil {
		return nil, err
	}
	etag, err := t.state.Put(ctx, aws.ToString(in.Bucket), aws.ToString(in.Key), body, aws.ToString(in.ContentType))
	if err != nil {
		return nil, err
	}
	return &s3sdk.PutObjectOutput{ETag: &etag}, nil
}

func bodyOf(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	if sized, ok := r.(interface{ Len() int }); ok && sized.Len() <= maxObject {
		body := make([]byte, sized.Len()) // no byte more: it stays
		_, err := io.ReadFull(r, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(r, maxObject+1))
	if err != nil {
		return nil, fmt.Errorf("put object: %w", err)
	}
	if len(body) > maxObject {
		return nil, fmt.Errorf("put object: the body is larger than %d bytes", maxObject)
	}
	return body, nil
}

// lambdaTarget invokes embedded functions: asynchronously for actions, and waiting
// for the answer for aws_lambda.
type lambdaTarget struct{ state *lambda.State }

func (t lambdaTarget) Invoke(ctx context.Context, in *lambdasdk.InvokeInput, _ ...func(*lambdasdk.Options)) (*lambdasdk.InvokeOutput, error) {
	function := aws.ToString(in.FunctionName)
	switch in.InvocationType {
	case lambdatypes.InvocationTypeEvent:
		if err := t.state.InvokeAsync(ctx, function, in.Payload); err != nil {
			return nil, err
		}
		return &lambdasdk.InvokeOutput{StatusCode: 202}, nil
	case lambdatypes.InvocationTypeRequestResponse:
		result, err := t.state.InvokeSync(ctx, function, in.Payload)
		if err != nil {
			return nil, err
		}
		out := &lambdasdk.InvokeOutput{StatusCode: 200, Payload: result.Payload}
		if result.FunctionError != "" {
			out.FunctionError = &result.FunctionError
		}
		return out, nil
	}
	return nil, fmt.Errorf("invoke %s: not as %q", function, in.InvocationType)
}
