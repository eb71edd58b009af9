package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

func echo(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }

func TestFunctionLifeOverTheWire(t *testing.T) {
	ctx := t.Context()
	s := lambda.New(lambda.Config{Functions: map[string]lambda.GoHandler{"f": handler(echo)}})
	c := sdk(s)
	in := createInput("f")
	in.Timeout, in.MemorySize = aws.Int32(10), aws.Int32(256)
	in.Environment = &types.Environment{Variables: map[string]string{"TABLE": "t"}}
	in.Tags = map[string]string{"owner": "me"}
	made, err := c.CreateFunction(ctx, in)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:lambda:us-east-1:000000000000:function:f", *made.FunctionArn)
	require.Equal(t, types.StateActive, made.State)

	_, err = c.CreateFunction(ctx, in)
	var conflict *types.ResourceConflictException
	require.ErrorAs(t, err, &conflict)

	for _, ref := range []string{"f", "f:$LATEST", *made.FunctionArn, *made.FunctionArn + ":$LATEST", "000000000000:function:f"} {
		got, err := c.GetFunction(ctx, &client.GetFunctionInput{FunctionName: aws.String(ref)})
		require.NoError(t, err, ref)
		require.Equal(t, map[string]string{"TABLE": "t"}, got.Configuration.Environment.Variables)
		require.Equal(t, int32(256), *got.Configuration.MemorySize)
		require.Equal(t, map[string]string{"owner": "me"}, got.Tags)
	}
	waiter := client.NewFunctionActiveV2Waiter(c)
	require.NoError(t, waiter.Wait(ctx, &client.GetFunctionInput{FunctionName: aws.String("f")}, time.Second))

	changed, err := c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), Timeout: aws.Int32(20)})
	require.NoError(t, err)
	require.Equal(t, int32(20), *changed.Timeout)
	require.Equal(t, int32(256), *changed.MemorySize)

	list, err := c.ListFunctions(ctx, &client.ListFunctionsInput{})
	require.NoError(t, err)
	require.Len(t, list.Functions, 1)

	_, err = c.DeleteFunction(ctx, &client.DeleteFunctionInput{FunctionName: aws.String("f")})
	require.NoError(t, err)
	_, err = c.Invoke(ctx, &client.InvokeInput{FunctionName: aws.String("f")})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
}

func TestListFunctionsPages(t *testing.T) {
	s := lambda.New(lambda.Config{})
	for _, name := range []string{"c", "a", "b"} {
		create(t, s, name, echo)
	}
	pages := client.NewListFunctionsPaginator(sdk(s), &client.ListFunctionsInput{MaxItems: aws.Int32(2)})
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, f := range page.Functions {
			names = append(names, *f.FunctionName)
		}
	}
	require.Equal(t, []string{"a", "b", "c"}, names)
}

func TestRefusals(t *testing.T) {
	s := lambda.New(lambda.Config{Functions: map[string]lambda.GoHandler{"f": handler(echo), "g": handler(echo)}, Streams: newShards("shard-0"), Queue: &queue{}})
	c := sdk(s)
	_, err := c.CreateFunction(t.Context(), createInput("f"))
	require.NoError(t, err)
	createWith := func(name string, change func(*client.CreateFunctionInput)) func() error {
		return func() error {
			in := createInput(name)
			change(in)
			_, err := c.CreateFunction(t.Context(), in)
			return err
		}
	}
	mapWith := func(change func(*client.CreateEventSourceMappingInput)) func() error {
		return func() error {
			in := &client.CreateEventSourceMappingInput{FunctionName: aws.String("f"), EventSourceArn: aws.String(streamARN), StartingPosition: types.EventSourcePositionLatest}
			change(in)
			_, err := c.CreateEventSourceMapping(t.Context(), in)
			return err
		}
	}
	invokeWith := func(change func(*client.InvokeInput)) func() error {
		return func() error {
			in := &client.InvokeInput{FunctionName: aws.String("f")}
			change(in)
			_, err := c.Invoke(t.Context(), in)
			return err
		}
	}
	for _, test := range []struct {
		name, want string
		call       func() error
	}{
		{"unbound", `no Go handler is bound to the function name "nobody"`, createWith("nobody", func(*client.CreateFunctionInput) {})},
		{"runtime", `runtime "python3.12": a Go handler is bound`, createWith("g", func(in *client.CreateFunctionInput) { in.Runtime = types.RuntimePython312 })},
		{"layers", `"Layers" is not implemented`, createWith("g", func(in *client.CreateFunctionInput) { in.Layers = []string{"x"} })},
		{"s3 code", "this cloud has no S3", createWith("g", func(in *client.CreateFunctionInput) {
			in.Code = &types.FunctionCode{S3Bucket: aws.String("b"), S3Key: aws.String("k")}
		})},
		{"environment", "Reserved keys used in this request: AWS_REGION", createWith("g", func(in *client.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "mars"}}
		})},
		{"description", "Description has 257 characters", createWith("g", func(in *client.CreateFunctionInput) { in.Description = aws.String(strings.Repeat("d", 257)) })},
		{"handler", "Handler has 129 characters", createWith("g", func(in *client.CreateFunctionInput) { in.Handler = aws.String(strings.Repeat("h", 129)) })},
		{"zip and object", "S3Key", createWith("g", func(in *client.CreateFunctionInput) { in.Code.S3Key = aws.String("k") })},
		{"vpc of version 6", "Ipv6AllowedForDualStack", createWith("g", func(in *client.CreateFunctionInput) {
			in.VpcConfig = &types.VpcConfig{Ipv6AllowedForDualStack: aws.Bool(true)}
		})},
		{"timeout", "timeout 901", createWith("g", func(in *client.CreateFunctionInput) { in.Timeout = aws.Int32(901) })},
		{"dead letter queue", "use the ARN of one of sqs, sns", createWith("g", func(in *client.CreateFunctionInput) {
			in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String("arn:aws:s3:::b")}
		})},
		{"vpc", `"VpcConfig" is not implemented`, createWith("g", func(in *client.CreateFunctionInput) { in.VpcConfig = &types.VpcConfig{SubnetIds: []string{"s"}} })},
		{"tracing", `"TracingConfig" is not implemented`, createWith("g", func(in *client.CreateFunctionInput) { in.TracingConfig = &types.TracingConfig{Mode: "Active"} })},
		{"image", `PackageType "Image" is not implemented`, createWith("g", func(in *client.CreateFunctionInput) { in.PackageType = types.PackageTypeImage })},
		{"no start", "'startingPosition'", mapWith(func(in *client.CreateEventSourceMappingInput) { in.StartingPosition = "" })},
		{"no timestamp", "StartingPositionTimestamp is required", mapWith(func(in *client.CreateEventSourceMappingInput) { in.StartingPosition = "AT_TIMESTAMP" })},
		{"parallel", "ParallelizationFactor 11 is not between 1 and 10", mapWith(func(in *client.CreateEventSourceMappingInput) { in.ParallelizationFactor = aws.Int32(11) })},
		{"not parallel", "ParallelizationFactor 0 is not between 1 and 10", mapWith(func(in *client.CreateEventSourceMappingInput) { in.ParallelizationFactor = aws.Int32(0) })},
		{"tumbling", "TumblingWindowInSeconds 901 is not between 0 and 900", mapWith(func(in *client.CreateEventSourceMappingInput) { in.TumblingWindowInSeconds = aws.Int32(901) })},
		{"tumbling in parallel", "with a tumbling window ParallelizationFactor is 1", mapWith(func(in *client.CreateEventSourceMappingInput) {
			in.TumblingWindowInSeconds, in.ParallelizationFactor = aws.Int32(900), aws.Int32(2)
		})},
		{"filter", "Invalid filter pattern definition", mapWith(func(in *client.CreateEventSourceMappingInput) {
			in.FilterCriteria = &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String("{")}}}
		})},
		{"batch", "BatchSize 10001", mapWith(func(in *client.CreateEventSourceMappingInput) { in.BatchSize = aws.Int32(10001) })},
		{"age", "MaximumRecordAgeInSeconds 59", mapWith(func(in *client.CreateEventSourceMappingInput) { in.MaximumRecordAgeInSeconds = aws.Int32(59) })},
		{"source", "use the ARN of a Kinesis stream", mapWith(func(in *client.CreateEventSourceMappingInput) {
			in.EventSourceArn = aws.String("arn:aws:mq:us-east-1:000000000000:broker:b:1")
		})},
		{"queue", "this cloud has no queues", mapWith(func(in *client.CreateEventSourceMappingInput) {
			in.EventSourceArn, in.StartingPosition = aws.String(queueARN), ""
		})},
		{"stream", "Stream not found", mapWith(func(in *client.CreateEventSourceMappingInput) { in.EventSourceArn = aws.String(streamARN + "x") })},
		{"destination", "this cloud has no s3", mapWith(func(in *client.CreateEventSourceMappingInput) {
			in.DestinationConfig = &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String("arn:aws:s3:::b")}}
		})},
		{"client context", "X-Amz-Client-Context", invokeWith(func(in *client.InvokeInput) {
			in.ClientContext, in.InvocationType = aws.String("e30="), types.InvocationTypeEvent
		})},
		{"invocation type", `InvocationType "Later" is not RequestResponse, Event or DryRun`, invokeWith(func(in *client.InvokeInput) {
			in.InvocationType, in.LogType = "Later", types.LogTypeTail
		})},
		{"operation", "is not implemented by Shakedown", func() error {
			_, err := c.CreateFunctionUrlConfig(t.Context(), &client.CreateFunctionUrlConfigInput{FunctionName: aws.String("f"), AuthType: types.FunctionUrlAuthTypeNone})
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.call()
			var typed smithy.APIError
			require.ErrorAs(t, err, &typed)
			require.Equal(t, "InvalidParameterValueException", typed.ErrorCode())
			require.Contains(t, typed.ErrorMessage(), test.want)
		})
	}
}

type broken struct{ reason string }

func (b *broken) Error() string { return b.reason }

func TestInvokeOverTheWire(t *testing.T) {
	s := lambda.New(lambda.Config{})
	var seen *lambdacontext.LambdaContext
	var left time.Duration
	create(t, s, "f", func(ctx context.Context, payload []byte) ([]byte, error) {
		seen, _ = lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		left = time.Until(deadline)
		switch string(payload) {
		case `"error"`:
			return nil, &broken{"sensor gone"}
		case `"panic"`:
			panic(errors.New("nil map"))
		}
		return payload, nil
	})
	c := sdk(s)
	for _, test := range []struct{ payload, want, failed string }{
		{`{"a":1}`, `{"a":1}`, ""},
		{``, `{}`, ""},
		{`"error"`, `{"errorMessage":"sensor gone","errorType":"broken"}`, "Unhandled"},
		{`"panic"`, `{"errorMessage":"nil map","errorType":"errorString"}`, "Unhandled"},
	} {
		out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(test.payload)})
		require.NoError(t, err)
		require.Equal(t, int32(200), out.StatusCode)
		require.JSONEq(t, test.want, string(out.Payload))
		require.Equal(t, test.failed, aws.ToString(out.FunctionError))
		require.Equal(t, "$LATEST", *out.ExecutedVersion)
		require.Equal(t, "arn:aws:lambda:us-east-1:000000000000:function:f", seen.InvokedFunctionArn)
		require.NotEmpty(t, seen.AwsRequestID)
		require.InDelta(t, 3, left.Seconds(), 1)
	}
	out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeDryRun})
	require.NoError(t, err)
	require.Equal(t, int32(204), out.StatusCode)
	_, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte("{")})
	var content *types.InvalidRequestContentException
	require.ErrorAs(t, err, &content)
	_, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: make([]byte, 6291457)})
	var large *types.RequestTooLargeException
	require.ErrorAs(t, err, &large)
	_, err = c.Invoke(t.Context(), &client.InvokeInput{
		FunctionName: aws.String("f"), Payload: make([]byte, 1<<20+1), InvocationType: types.InvocationTypeEvent,
	})
	require.ErrorAs(t, err, &large)
}

// AWS.md §3: Mapping: BatchSize 100 (≤ 10,000), window 0 s, MaximumRetryAttempts −1; StartingPosition is required.
func TestMappingLifeOverTheWire(t *testing.T) {
	ctx := t.Context()
	s := lambda.New(lambda.Config{Streams: newShards("shard-0"), Queue: &queue{}})
	create(t, s, "f", echo)
	c := sdk(s)
	in := &client.CreateEventSourceMappingInput{
		FunctionName: aws.String("f"), EventSourceArn: aws.String(streamARN), StartingPosition: types.EventSourcePositionTrimHorizon,
		MaximumRetryAttempts: aws.Int32(5), BisectBatchOnFunctionError: aws.Bool(true),
		FunctionResponseTypes: []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
		DestinationConfig:     &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}},
	}
	made, err := c.CreateEventSourceMapping(ctx, in)
	require.NoError(t, err)
	require.Equal(t, "Creating", *made.State)
	require.Equal(t, int32(100), *made.BatchSize)
	require.Zero(t, *made.MaximumBatchingWindowInSeconds)
	_, err = c.CreateEventSourceMapping(ctx, in)
	var conflict *types.ResourceConflictException
	require.ErrorAs(t, err, &conflict)

	got, err := c.GetEventSourceMapping(ctx, &client.GetEventSourceMappingInput{UUID: made.UUID})
	require.NoError(t, err)
	require.Equal(t, "Enabled", *got.State)
	require.Equal(t, queueARN, *got.DestinationConfig.OnFailure.Destination)
	require.Equal(t, int32(5), *got.MaximumRetryAttempts)
	require.WithinDuration(t, time.Now(), *got.LastModified, time.Minute)

	off, err := c.UpdateEventSourceMapping(ctx, &client.UpdateEventSourceMappingInput{UUID: made.UUID, Enabled: aws.Bool(false)})
	require.NoError(t, err)
	require.Equal(t, "Disabling", *off.State)
	list, err := c.ListEventSourceMappings(ctx, &client.ListEventSourceMappingsInput{FunctionName: aws.String("f")})
	require.NoError(t, err)
	require.Len(t, list.EventSourceMappings, 1)
	require.Equal(t, "Disabled", *list.EventSourceMappings[0].State)
	_, err = c.DeleteEventSourceMapping(ctx, &client.DeleteEventSourceMappingInput{UUID: made.UUID})
	require.NoError(t, err)
	_, err = c.GetEventSourceMapping(ctx, &client.GetEventSourceMappingInput{UUID: made.UUID})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
}

func TestPermissionsAreKept(t *testing.T) {
	ctx := t.Context()
	s := lambda.New(lambda.Config{})
	create(t, s, "f", echo)
	c := sdk(s)
	in := &client.AddPermissionInput{
		FunctionName: aws.String("f"), StatementId: aws.String("iot"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("iot.amazonaws.com"), SourceArn: aws.String("arn:aws:iot:us-east-1:000000000000:rule/r"),
	}
	_, err := c.AddPermission(ctx, in)
	require.NoError(t, err)
	_, err = c.AddPermission(ctx, in)
	var conflict *types.ResourceConflictException
	require.ErrorAs(t, err, &conflict)
	policy, err := c.GetPolicy(ctx, &client.GetPolicyInput{FunctionName: aws.String("f")})
	require.NoError(t, err)
	var doc struct {
		Statement []struct{ Sid, Action string }
	}
	require.NoError(t, json.Unmarshal([]byte(*policy.Policy), &doc))
	require.Equal(t, "iot", doc.Statement[0].Sid)
	_, err = c.RemovePermission(ctx, &client.RemovePermissionInput{FunctionName: aws.String("f"), StatementId: aws.String("iot")})
	require.NoError(t, err)
	_, err = c.GetPolicy(ctx, &client.GetPolicyInput{FunctionName: aws.String("f")})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
}

func TestEventInvokeConfigOverTheWire(t *testing.T) {
	ctx := t.Context()
	s := lambda.New(lambda.Config{Queue: &queue{}})
	create(t, s, "f", echo)
	c := sdk(s)
	_, err := c.GetFunctionEventInvokeConfig(ctx, &client.GetFunctionEventInvokeConfigInput{FunctionName: aws.String("f")})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
	_, err = c.PutFunctionEventInvokeConfig(ctx, &client.PutFunctionEventInvokeConfigInput{
		FunctionName: aws.String("f"), MaximumRetryAttempts: aws.Int32(0), MaximumEventAgeInSeconds: aws.Int32(60),
		DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}},
	})
	require.NoError(t, err)
	got, err := c.GetFunctionEventInvokeConfig(ctx, &client.GetFunctionEventInvokeConfigInput{FunctionName: aws.String("f")})
	require.NoError(t, err)
	require.Equal(t, int32(0), *got.MaximumRetryAttempts)
	require.Equal(t, queueARN, *got.DestinationConfig.OnFailure.Destination)
	_, err = c.PutFunctionEventInvokeConfig(ctx, &client.PutFunctionEventInvokeConfigInput{FunctionName: aws.String("f"), MaximumRetryAttempts: aws.Int32(3)})
	require.ErrorContains(t, err, "MaximumRetryAttempts 3")
}
