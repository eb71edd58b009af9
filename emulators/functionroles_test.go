package emulators

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamsdk "github.com/aws/aws-sdk-go-v2/service/iam"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// TestAFunctionNeedsARoleThatLambdaMayAssume: when it is made, and when it is given
// another.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func TestAFunctionNeedsARoleThatLambdaMayAssume(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	cloud.Lambda.Bind("f", fussy{})
	ctx, cfg := t.Context(), cloud.AWSConfig()
	functions, role := lambdasdk.NewFromConfig(cfg), aws.String("arn:aws:iam::000000000000:role/x")
	in := &lambdasdk.CreateFunctionInput{
		FunctionName: aws.String("f"), Role: role, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &lambdatypes.FunctionCode{ZipFile: []byte("zip")},
	}
	refused := func(err error, why string) {
		t.Helper()
		var invalid *lambdatypes.InvalidParameterValueException
		require.ErrorAs(t, err, &invalid)
		require.ErrorContains(t, err, "The role defined for the function cannot be assumed by Lambda.")
		require.ErrorContains(t, err, why)
	}
	_, err = functions.CreateFunction(ctx, in)
	refused(err, "arn:aws:iam::000000000000:role/x: the role does not exist; allow it with: aws iam create-role --role-name x ")
	_, err = roletest.Make(ctx, cfg, "x", "iot.amazonaws.com")
	require.NoError(t, err)
	_, err = functions.CreateFunction(ctx, in)
	refused(err, "its trust policy does not let lambda.amazonaws.com assume it; allow it with: aws iam update-assume-role-policy --role-name x ")
	_, err = iamsdk.NewFromConfig(cfg).UpdateAssumeRolePolicy(ctx, &iamsdk.UpdateAssumeRolePolicyInput{
		RoleName: aws.String("x"), PolicyDocument: aws.String(policy.Trust("lambda.amazonaws.com"))})
	require.NoError(t, err)
	_, err = functions.CreateFunction(ctx, in)
	require.NoError(t, err)

	_, err = functions.UpdateFunctionConfiguration(ctx, &lambdasdk.UpdateFunctionConfigurationInput{FunctionName: in.FunctionName, Role: aws.String(*role + "-other")})
	refused(err, "role/x-other: the role does not exist")
	dead := &lambdatypes.DeadLetterConfig{TargetArn: aws.String("arn:aws:sqs:us-east-1:000000000000:dead")}
	_, err = functions.UpdateFunctionConfiguration(ctx, &lambdasdk.UpdateFunctionConfigurationInput{FunctionName: in.FunctionName, DeadLetterConfig: dead})
	require.ErrorContains(t, err, "InvalidParameterValueException: The provided execution role does not have permissions to call SendMessage on SQS (")
	_, err = functions.PutFunctionEventInvokeConfig(ctx, &lambdasdk.PutFunctionEventInvokeConfigInput{
		FunctionName: in.FunctionName, DestinationConfig: &lambdatypes.DestinationConfig{OnFailure: &lambdatypes.OnFailure{Destination: aws.String("arn:aws:s3:::given-up")}}})
	require.ErrorContains(t, err, "InvalidParameterValueException: The provided execution role does not have permissions to call PutObject on S3 (")
	require.NoError(t, roletest.Allow(ctx, cfg, "x", "sqs:SendMessage"))
	_, err = functions.UpdateFunctionConfiguration(ctx, &lambdasdk.UpdateFunctionConfigurationInput{FunctionName: in.FunctionName, DeadLetterConfig: dead})
	require.NoError(t, err)
}

// TestAMappingWithoutARoleIsDisabled: it does not read any more, so nothing is asked. To
// read again it needs the role.
func TestAMappingWithoutARoleIsDisabled(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	ctx, cfg := t.Context(), cloud.AWSConfig()
	functions := lambdasdk.NewFromConfig(cfg)
	cloud.Lambda.Bind("f", fussy{})
	makeFunction(t, cfg, nil)
	to := func(queue string) *lambdatypes.DestinationConfig {
		return &lambdatypes.DestinationConfig{OnFailure: &lambdatypes.OnFailure{Destination: aws.String("arn:aws:sqs:us-east-1:000000000000:" + queue)}}
	}
	_, err = kinesissdk.NewFromConfig(cfg).CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	mapping, err := functions.CreateEventSourceMapping(ctx, &lambdasdk.CreateEventSourceMappingInput{
		FunctionName: aws.String("f"), EventSourceArn: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s"), StartingPosition: lambdatypes.EventSourcePositionLatest,
		DestinationConfig: to("q")})
	require.NoError(t, err)
	require.NoError(t, roletest.Allow(ctx, cfg, "functions"))
	_, err = functions.UpdateEventSourceMapping(ctx, &lambdasdk.UpdateEventSourceMappingInput{UUID: mapping.UUID, BatchSize: aws.Int32(10)})
	require.ErrorContains(t, err, "InvalidParameterValueException: Cannot access stream")
	_, err = functions.UpdateEventSourceMapping(ctx, &lambdasdk.UpdateEventSourceMappingInput{UUID: mapping.UUID, Enabled: aws.Bool(false), DestinationConfig: to("another")})
	require.ErrorContains(t, err, "permissions to call SendMessage on SQS")
	out, err := functions.UpdateEventSourceMapping(ctx, &lambdasdk.UpdateEventSourceMappingInput{ // as clients do that send all they know
		UUID: mapping.UUID, Enabled: aws.Bool(false), FunctionName: aws.String("f"), DestinationConfig: to("q")})
	require.NoError(t, err)
	require.Equal(t, "Disabling", *out.State)
	_, err = functions.UpdateEventSourceMapping(ctx, &lambdasdk.UpdateEventSourceMappingInput{UUID: mapping.UUID, Enabled: aws.Bool(true)})
	require.ErrorContains(t, err, "InvalidParameterValueException: Cannot access stream")
	got, err := functions.GetEventSourceMapping(ctx, &lambdasdk.GetEventSourceMappingInput{UUID: mapping.UUID})
	require.NoError(t, err)
	require.Equal(t, "Disabled", *got.State)
}

// TestAMappingNeedsItsFunctionsRole: when it is made, and whenever it reads.
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
func TestAMappingNeedsItsFunctionsRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		cfg, calls := cloud.AWSConfig(), &consumer{start: time.Now()}
		functions, streams := lambdasdk.NewFromConfig(cfg), kinesissdk.NewFromConfig(cfg)
		cloud.Lambda.Bind("f", calls)
		makeFunction(t, cfg, nil)
		_, err = streams.CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
		require.NoError(t, err)
		_, err = sqssdk.NewFromConfig(cfg).CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("q")})
		require.NoError(t, err)
		in := &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s"), StartingPosition: lambdatypes.EventSourcePositionTrimHorizon,
			DestinationConfig: &lambdatypes.DestinationConfig{OnFailure: &lambdatypes.OnFailure{Destination: aws.String("arn:aws:sqs:us-east-1:000000000000:q")}},
		}
		reading := []string{"kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"}
		for i, lacks := range reading {
			require.NoError(t, roletest.Allow(ctx, cfg, "functions", append(append([]string{"sqs:SendMessage"}, reading[:i]...), reading[i+1:]...)...))
			_, err = functions.CreateEventSourceMapping(ctx, in)
			require.ErrorContains(t, err, "InvalidParameterValueException: Cannot access stream arn:aws:kinesis:us-east-1:000000000000:stream/s. "+
				"Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListShards Actions on your stream in IAM. (")
			require.ErrorContains(t, err, "role/functions is not authorized to perform: "+lacks+" on resource")
		}
		require.NoError(t, roletest.Allow(ctx, cfg, "functions", reading...))
		_, err = functions.CreateEventSourceMapping(ctx, in)
		require.ErrorContains(t, err, "InvalidParameterValueException: The provided execution role does not have permissions to call SendMessage on SQS (")
		_, err = functions.CreateEventSourceMapping(ctx, &lambdasdk.CreateEventSourceMappingInput{FunctionName: in.FunctionName, EventSourceArn: aws.String("arn:aws:sqs:us-east-1:000000000000:q")})
		require.ErrorContains(t, err, "InvalidParameterValueException: The function execution role does not have permissions to call ReceiveMessage on SQS (")

		require.NoError(t, roletest.Allow(ctx, cfg, "functions", append(reading, "sqs:SendMessage")...))
		mapping, err := functions.CreateEventSourceMapping(ctx, in)
		require.NoError(t, err)
		require.NoError(t, roletest.Allow(ctx, cfg, "functions", reading[:1]...))
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		_, err = streams.PutRecord(ctx, &kinesissdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("p"), Data: []byte("{}")})
		require.NoError(t, err)
		time.Sleep(5 * time.Second)
		got, err := functions.GetEventSourceMapping(ctx, &lambdasdk.GetEventSourceMappingInput{UUID: mapping.UUID})
		require.NoError(t, err)
		require.Contains(t, *got.LastProcessingResult, "PROBLEM: stream: ")
		require.Contains(t, *got.LastProcessingResult, "kinesis:GetRecords")
		require.NoError(t, roletest.Allow(ctx, cfg, "functions", reading...))
		time.Sleep(5 * time.Minute)
		got, err = functions.GetEventSourceMapping(ctx, &lambdasdk.GetEventSourceMappingInput{UUID: mapping.UUID})
		require.NoError(t, err)
		require.Equal(t, "OK", *got.LastProcessingResult, "the record has waited")
		stop()
		require.NoError(t, <-done)
	})
}

// TestAMappingsCallsToAQueueNeedItsRole: each of its own. What may not be deleted comes
// again; a message that came to a long poll was asked for while that was allowed.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
func TestAMappingsCallsToAQueueNeedItsRole(t *testing.T) {
	withQueues(t, func(w queueWorld) {
		url, cfg := w.queue("work", map[string]string{"VisibilityTimeout": "30", "Policy": onlyFor("functions", "sqs:ReceiveMessage", "sqs:DeleteMessage")}), w.cloud.AWSConfig()
		mapping, err := w.mapping("work", nil)
		require.NoError(w, err)
		result := func() string {
			got, err := w.functions.GetEventSourceMapping(w.Context(), &lambdasdk.GetEventSourceMappingInput{UUID: mapping.UUID})
			require.NoError(w, err)
			return aws.ToString(got.LastProcessingResult)
		}
		sleepUntil(w, time.Second)
		require.NoError(w, roletest.Allow(w.Context(), cfg, "functions", "sqs:ReceiveMessage"))
		w.send(url, "first")
		sleepUntil(w, 2*time.Second)
		require.Equal(w, []string{"1s [first]"}, w.function.taken())
		require.Equal(w, "0+1", w.count(url))
		require.Contains(w, result(), "deleting messages: ")
		require.Contains(w, result(), "does not have permissions to call DeleteMessage on SQS")
		require.NoError(w, roletest.Allow(w.Context(), cfg, "functions", "sqs:DeleteMessage"))
		w.send(url, "second")
		sleepUntil(w, 10*time.Second)
		require.Equal(w, []string{"2s [second]"}, w.function.taken(), "the long poll had begun")
		require.Equal(w, "0+1", w.count(url), "it is deleted")
		sleepUntil(w, 40*time.Second)
		require.Contains(w, result(), "does not have permissions to call ReceiveMessage on SQS")
		require.Empty(w, w.function.taken())
		require.Equal(w, "1+0", w.count(url), "nobody takes it")
		require.NoError(w, roletest.Allow(w.Context(), cfg, "functions", "sqs:DeleteMessage", "sqs:ReceiveMessage"))
		sleepUntil(w, 3*time.Minute)
		require.Len(w, w.function.taken(), 1)
		require.Equal(w, "0+0", w.count(url))
	})
}
