package emulators

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	apigatewaysdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	apigatewaytypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// TestAnIntegrationInvokesAsItsRole: credentialsArn stands in for the function's policy,
// which lets nobody in here.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
func TestAnIntegrationInvokesAsItsRole(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	ctx, cfg, calls := t.Context(), cloud.AWSConfig(), &counter{}
	cloud.Lambda.Bind("f", calls)
	makeFunction(t, cfg, nil)
	apis := apigatewaysdk.NewFromConfig(cfg)
	api, err := apis.CreateApi(ctx, &apigatewaysdk.CreateApiInput{
		Name: aws.String("a"), ProtocolType: apigatewaytypes.ProtocolTypeHttp, Target: aws.String("arn:aws:lambda:us-east-1:000000000000:function:f")})
	require.NoError(t, err)
	get := func() int {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, *api.ApiEndpoint+"/x", nil)
		require.NoError(t, err)
		answer, err := Direct{cloud}.Do(r)
		require.NoError(t, err)
		return answer.StatusCode
	}
	require.Equal(t, 500, get(), "the function's policy decides")
	made, err := apis.GetIntegrations(ctx, &apigatewaysdk.GetIntegrationsInput{ApiId: api.ApiId})
	require.NoError(t, err)
	update := &apigatewaysdk.UpdateIntegrationInput{
		ApiId: api.ApiId, IntegrationId: made.Items[0].IntegrationId, CredentialsArn: aws.String("arn:aws:iam::000000000000:role/gateway")}
	_, err = apis.UpdateIntegration(ctx, update)
	require.NoError(t, err)
	require.Equal(t, 500, get(), "there is no role")
	_, err = roletest.Make(ctx, cfg, "gateway", "apigateway.amazonaws.com", "lambda:GetFunction")
	require.NoError(t, err)
	require.Equal(t, 500, get(), "it allows something else")
	require.Zero(t, calls.Load())
	require.NoError(t, roletest.Allow(ctx, cfg, "gateway", "lambda:InvokeFunction"))
	require.Equal(t, 200, get())
	require.EqualValues(t, 1, calls.Load())
	require.NoError(t, roletest.Allow(ctx, cfg, "gateway", "lambda:GetFunction"))
	require.Equal(t, 500, get(), "it allows something else again")
	functions := lambdasdk.NewFromConfig(cfg)
	permit := &lambdasdk.AddPermissionInput{FunctionName: aws.String("f"), StatementId: aws.String("role"), Action: aws.String("lambda:InvokeFunction"), Principal: update.CredentialsArn}
	_, err = functions.AddPermission(ctx, permit)
	require.NoError(t, err)
	require.Equal(t, 200, get(), "the function's policy allows the role")
	_, err = functions.RemovePermission(ctx, &lambdasdk.RemovePermissionInput{FunctionName: aws.String("f"), StatementId: permit.StatementId})
	require.NoError(t, err)
	permit.Principal = aws.String("000000000000")
	_, err = functions.AddPermission(ctx, permit)
	require.NoError(t, err)
	require.Equal(t, 500, get(), "the account leaves it to the role's policies")
	_, err = roletest.Make(ctx, cfg, "other", "lambda.amazonaws.com", "lambda:InvokeFunction")
	require.NoError(t, err)
	update.CredentialsArn = aws.String("arn:aws:iam::000000000000:role/other")
	_, err = apis.UpdateIntegration(ctx, update)
	require.NoError(t, err)
	require.Equal(t, 500, get(), "it does not trust API Gateway")
	update.CredentialsArn = aws.String("arn:aws:iam::*:user/*")
	_, err = apis.UpdateIntegration(ctx, update)
	require.ErrorContains(t, err, "BadRequestException: credentialsArn")
}
