package emulators

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// AWSConfigAs is [Cloud.AWSConfig] for the code of a function of this process: what it
// calls, the function's role must allow: with the context of an invocation, that of the
// version that runs. A call whose permission is not known here is
// refused. Stores elsewhere judge for themselves.
// See https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func (c *Cloud) AWSConfigAs(function string) aws.Config {
	cfg := c.AWSConfig()
	if c.network != nil {
		return cfg
	}
	check := roleCheck{c, function}
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(check, middleware.Before)
	})
	return cfg
}

// roleCheck asks the role of a function before each call of an SDK client.
type roleCheck struct {
	cloud    *Cloud
	function string
}

func (roleCheck) ID() string { return "RoleCheck" }

// HandleInitialize implements middleware.InitializeMiddleware.
func (r roleCheck) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	role, err := r.cloud.Lambda.RoleOf(ctx, r.function)
	if err == nil {
		err = r.check(ctx, role, in.Parameters)
	}
	if err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	return next.HandleInitialize(policy.WithCaller(ctx, policy.Caller{Role: role, Session: r.function}), in)
}

// check asks the role for what a call needs. A session of Lambda's has the function's name.
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
func (r roleCheck) check(ctx context.Context, role string, input any) error {
	service, operation := awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)
	needed, ok := permissionOf(r.cloud.config.Identity, input)
	if !ok {
		return &smithy.GenericAPIError{Code: accessDenied, Fault: smithy.FaultClient,
			Message: "User: " + role + ": which permission " + service + " " + operation + " needs is not known for functions of this process"}
	}
	for _, resource := range needed.resources {
		err := access{r.cloud}.Decide(policy.Use{
			Caller: policy.Caller{Service: "lambda.amazonaws.com", Session: r.function}, Role: role, Action: needed.action, Resource: resource, Once: needed.once})
		if err != nil {
			return &smithy.GenericAPIError{Code: needed.code, Message: err.Error(), Fault: smithy.FaultClient}
		}
	}
	return nil
}
