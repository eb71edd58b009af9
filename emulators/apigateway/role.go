package apigateway

import (
	"context"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Roles decides whether a service may assume a role that then may do something; the
// error says why not.
type Roles interface {
	Decide(policy.Use) error
}

const gateway = "apigateway.amazonaws.com"

// checkCredentials wants a role, or nothing: the function's policy decides then.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
func checkCredentials(arn string) error {
	switch {
	case arn == "" || wire.IsRole(arn):
		return nil
	case strings.HasSuffix(arn, ":user/*"):
		return wire.Errorf(codeInvalid, 0, "credentialsArn %q is not implemented by Shakedown: no caller has an identity to pass on; use a role", arn)
	}
	return wire.Errorf(codeInvalid, 0, "credentialsArn %q is not the ARN of an IAM role", arn)
}

// as is who invokes the function of an integration: its role, if it has one that API
// Gateway may assume and that may invoke the function, or else API Gateway for the route.
func (s *State) as(ctx context.Context, q *request, i Integration) (context.Context, error) {
	if i.CredentialsArn == "" {
		return policy.WithCaller(ctx, q.caller(s.config.Identity)), nil
	}
	if s.config.Roles == nil {
		return ctx, nil
	}
	return ctx, s.config.Roles.Decide(policy.Use{
		Caller: policy.Caller{Service: gateway}, Role: i.CredentialsArn, Action: "lambda:InvokeFunction", Resource: i.function,
	})
}

// caller is API Gateway for the route. Its ARN has the request's method, and the path as
// the route's key spells it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
func (q *request) caller(id wire.Identity) policy.Caller {
	resource := q.api.ApiId + "/" + q.stage + "/" + q.route.RouteKey
	if _, path, ok := strings.Cut(q.route.RouteKey, " "); ok {
		resource = q.api.ApiId + "/" + q.stage + "/" + q.http.Method + path
	}
	return policy.Caller{Service: gateway, SourceARN: id.ARN("execute-api", resource), SourceAccount: id.Account}
}
