package fault_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// invoker counts invocations.
type invoker struct{ invoked *int }

func (i invoker) Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	*i.invoked++
	return &lambda.InvokeOutput{StatusCode: 202}, nil
}

// aim wraps SDK clients as targets: those of a cloud are direct or, for SNS, such
// a client, whose call goes through the injector once more.
func (w *world) aim(invoked *int) action.Targets {
	return w.injector.WrapTargets(action.Targets{Kinesis: w.streams, S3: w.objects, SNS: w.topics, Lambda: invoker{invoked}})
}

func act(ctx context.Context, w *world, targets action.Targets, service string) error {
	name := aws.String("thing")
	var err error
	switch service {
	case "kinesis":
		_, err = targets.Kinesis.PutRecord(ctx, &kinesis.PutRecordInput{StreamName: name, PartitionKey: name, Data: []byte("data")})
	case "lambda":
		_, err = targets.Lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: name, Payload: []byte(`{}`)})
	case "s3":
		_, err = targets.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: name, Key: aws.String("a/1"), Body: bytesOf("data")})
	case "sns":
		_, err = targets.SNS.Publish(ctx, &sns.PublishInput{TopicArn: &w.topic, Message: name})
	}
	return err
}

var targetRefusals = map[string]struct{ throttle, broken is }{
	"kinesis": {refusals["kinesis"].throttle, refusals["kinesis"].broken},
	"lambda":  {as[*lambdatypes.TooManyRequestsException], as[*lambdatypes.ServiceException]},
	"s3":      {refusals["s3"].throttle, refusals["s3"].broken},
	"sns":     {refusals["sns"].throttle, refusals["sns"].broken},
}

func TestTargets(t *testing.T) {
	for service, want := range targetRefusals {
		for kind, c := range map[simfault.Kind]struct {
			is     is
			stored int
		}{
			simfault.Throttle: {want.throttle, 0}, simfault.ServerError: {want.broken, 0}, simfault.LostAnswer: {want.broken, 1},
		} {
			t.Run(service+"/"+string(kind), func(t *testing.T) {
				w, invoked := start(t), 0
				targets := w.aim(&invoked)
				stored := func() int {
					if service == "lambda" {
						return invoked
					}
					return w.stored(service)
				}
				w.begin(kind, service, "", simfault.Parameters{})
				err := act(t.Context(), w, targets, service)
				require.True(t, c.is(err), "%T: %v", err, err)
				_, ok := errors.AsType[smithy.APIError](err)
				require.True(t, ok, "%v", err)
				require.Equal(t, aws.TrueTernary, retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err), "%v", err)
				throttles := retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err)
				require.Equal(t, kind == simfault.Throttle, throttles == aws.TrueTernary)
				require.Equal(t, c.stored, stored())
				require.Equal(t, 1, w.injector.Hits(0), "one call is hit once")
				w.injector.End(0)
				require.NoError(t, act(t.Context(), w, targets, service))
				require.Equal(t, 1, w.injector.Hits(0))
			})
		}
	}
}

func TestTargetsHangAndSlowDown(t *testing.T) {
	for service := range targetRefusals {
		t.Run(service, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, invoked := start(t), 0
				targets := w.aim(&invoked)
				w.begin(simfault.Timeout, service, "", simfault.Parameters{Delay: time.Minute})
				began := time.Now()
				require.ErrorContains(t, act(t.Context(), w, targets, service), "timeout")
				require.Equal(t, time.Minute, time.Since(began))
				w.begin(simfault.SlowCalls, service, "", simfault.Parameters{Delay: time.Second})
				began = time.Now()
				require.NoError(t, act(t.Context(), w, targets, service))
				require.Equal(t, time.Second, time.Since(began), "one call is slow once")
				w.begin(simfault.PartialBatchFailure, "kinesis", "", simfault.Parameters{})
				require.NoError(t, act(t.Context(), w, targets, "kinesis"))
			})
		})
	}
}

func TestNoTargetStaysNone(t *testing.T) {
	require.Equal(t, action.Targets{}, start(t).injector.WrapTargets(action.Targets{}))
}
