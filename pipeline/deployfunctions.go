package pipeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedtypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/shakedown-iot/shakedown/pipeline/devices"
)

// function makes a function where it is not there.
func (d *deployment) function(name string) step {
	return step{"function " + name, func(ctx context.Context) (bool, error) {
		code, err := d.Code(name)
		if err != nil {
			return false, fmt.Errorf("code: %w", err)
		}
		in := &lambda.CreateFunctionInput{
			FunctionName: &name, Role: aws.String(d.role(roleOf(name))), Runtime: types.RuntimeProvidedal2023,
			Handler: aws.String("bootstrap"), Code: &types.FunctionCode{ZipFile: code}, Timeout: aws.Int32(60), MemorySize: aws.Int32(FunctionMemory),
			Environment: &types.Environment{Variables: d.Environment()},
		}
		err = d.onceRolesAreKnown(ctx, func() error {
			_, err := d.functions.CreateFunction(ctx, in)
			return err
		})
		return unlessThere(err, "ResourceConflictException")
	}}
}

// permission lets a service invoke a function for a resource of its own: a rule or an
// API. Without it AWS answers AccessDeniedException to the service, and nobody hears it.
// https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
func (d *deployment) permission(function, service, source string) step {
	return step{"permission of " + service + " to invoke " + function, func(ctx context.Context) (bool, error) {
		name, _, _ := strings.Cut(service, ".")
		_, err := d.functions.AddPermission(ctx, &lambda.AddPermissionInput{
			FunctionName: &function, StatementId: &name, Action: aws.String("lambda:InvokeFunction"), Principal: &service, SourceArn: &source,
		})
		return unlessThere(err, "ResourceConflictException")
	}}
}

// fromRule lets a rule invoke a function.
func (d *deployment) fromRule(rule, function string) step {
	return d.permission(function, "iot.amazonaws.com", d.arn("iot", "rule/"+rule))
}

// Bounds of the event source mappings. A record that keeps failing is retried
// for about a minute and a half, then set aside.
const (
	batchSize  = 100
	maxRetries = 6
)

// mapping lets a function read the stream. bounded is with partial batch
// responses, retries, bisection and a dead-letter queue; otherwise it is AWS's
// defaults, as in the source: a failing batch is retried until it expires.
func (d *deployment) mapping(function string, bounded bool) step {
	return step{"mapping of " + function, func(ctx context.Context) (bool, error) {
		source := d.arn("kinesis", "stream/"+d.Stream)
		there, err := d.functions.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{EventSourceArn: &source, FunctionName: &function})
		if err != nil {
			return false, err
		}
		if len(there.EventSourceMappings) > 0 {
			return false, nil
		}
		in := &lambda.CreateEventSourceMappingInput{
			EventSourceArn: &source, FunctionName: &function, BatchSize: aws.Int32(batchSize),
			StartingPosition: types.EventSourcePositionTrimHorizon,
		}
		if bounded {
			in.MaximumRetryAttempts = aws.Int32(maxRetries)
			in.BisectBatchOnFunctionError = aws.Bool(true)
			in.FunctionResponseTypes = []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}
			in.DestinationConfig = &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(d.arn("sqs", d.DeadLetters))}}
		}
		err = d.onceRolesAreKnown(ctx, func() error {
			_, err := d.functions.CreateEventSourceMapping(ctx, in)
			return err
		})
		return err == nil, err
	}}
}

// api puts the device API's function behind an HTTP API.
func (d *deployment) api(ctx context.Context) (bool, error) {
	there, err := d.apis.GetApis(ctx, &apigatewayv2.GetApisInput{})
	if err != nil {
		return false, err
	}
	for _, a := range there.Items {
		if aws.ToString(a.Name) == d.API {
			d.out.APIEndpoint = aws.ToString(a.ApiEndpoint)
			return d.fromAPI(ctx, a.ApiId)
		}
	}
	made, err := d.apis.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: &d.API, ProtocolType: apitypes.ProtocolTypeHttp})
	if err != nil {
		return false, err
	}
	d.out.APIEndpoint = aws.ToString(made.ApiEndpoint)
	integration, err := d.apis.CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: made.ApiId, IntegrationType: apitypes.IntegrationTypeAwsProxy,
		IntegrationUri: aws.String(d.FunctionARN(DeviceAPI)), PayloadFormatVersion: aws.String("2.0"),
	})
	if err != nil {
		return false, fmt.Errorf("integration: %w", err)
	}
	for _, key := range devices.Routes() {
		_, err := d.apis.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{
			ApiId: made.ApiId, RouteKey: aws.String(key), Target: aws.String("integrations/" + aws.ToString(integration.IntegrationId))})
		if err != nil {
			return false, fmt.Errorf("route %s: %w", key, err)
		}
	}
	_, err = d.apis.CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: made.ApiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	if err != nil {
		return false, fmt.Errorf("stage: %w", err)
	}
	_, err = d.fromAPI(ctx, made.ApiId)
	return err == nil, err
}

// fromAPI lets the HTTP API invoke its function.
func (d *deployment) fromAPI(ctx context.Context, id *string) (bool, error) {
	return d.permission(DeviceAPI, "apigateway.amazonaws.com", d.arn("execute-api", aws.ToString(id)+"/*/*")).make(ctx)
}

// schedule lets EventBridge Scheduler invoke the offline detector, where its
// shortest rate allows.
func (d *deployment) schedule(ctx context.Context) (bool, error) {
	if d.SweepEvery < time.Minute {
		return false, nil
	}
	in := &scheduler.CreateScheduleInput{
		Name: &d.Schedule, ScheduleExpression: aws.String(rate(d.SweepEvery)),
		FlexibleTimeWindow: &schedtypes.FlexibleTimeWindow{Mode: schedtypes.FlexibleTimeWindowModeOff},
		Target:             &schedtypes.Target{Arn: aws.String(d.FunctionARN(OfflineSweep)), RoleArn: aws.String(d.role(schedulerRole)), Input: aws.String("{}")},
	}
	err := d.onceRolesAreKnown(ctx, func() error {
		_, err := d.schedules.CreateSchedule(ctx, in)
		return err
	})
	return unlessThere(err, "ConflictException")
}

func rate(every time.Duration) string {
	n := int(every / time.Minute)
	if n == 1 {
		return "rate(1 minute)"
	}
	return fmt.Sprintf("rate(%d minutes)", n)
}
