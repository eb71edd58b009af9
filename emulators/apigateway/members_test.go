package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/stretchr/testify/require"
)

const roleARN = "arn:aws:iam::000000000000:role/gateway"

// actOnMembers uses what else the inputs have, and looks for it in what is answered then.
func actOnMembers(t *testing.T, c *client.Client, id *string) {
	ctx := t.Context()
	quick, err := c.CreateApi(ctx, &client.CreateApiInput{
		Name: aws.String("quick"), ProtocolType: types.ProtocolTypeHttp, Description: aws.String("d"), Version: aws.String("v1"), Tags: map[string]string{"a": "b"},
		IpAddressType: types.IpAddressTypeIpv4, Target: aws.String(functionARN), RouteKey: aws.String("GET /quick"), CredentialsArn: aws.String(roleARN),
	})
	require.NoError(t, err)
	_, err = c.UpdateApi(ctx, &client.UpdateApiInput{ApiId: quick.ApiId, Name: aws.String("slow"), Version: aws.String("v2"), IpAddressType: types.IpAddressTypeIpv4})
	require.NoError(t, err)
	got, err := c.GetApi(ctx, &client.GetApiInput{ApiId: quick.ApiId})
	require.NoError(t, err)
	require.Equal(t, "slow d v2 b", *got.Name+" "+*got.Description+" "+*got.Version+" "+got.Tags["a"])
	made, err := c.GetIntegrations(ctx, &client.GetIntegrationsInput{ApiId: quick.ApiId})
	require.NoError(t, err)
	require.Equal(t, roleARN, *made.Items[0].CredentialsArn)
	_, err = c.DeleteApi(ctx, &client.DeleteApiInput{ApiId: quick.ApiId})
	require.NoError(t, err)
	integration := integrationMembers(t, c, id)
	routeMembers(t, c, id, integration)
	stageMembers(t, c, id)
	pageMembers(t, c, id)
	_, err = c.DeleteIntegration(ctx, &client.DeleteIntegrationInput{ApiId: id, IntegrationId: integration})
	require.NoError(t, err)
}

func integrationMembers(t *testing.T, c *client.Client, api *string) (id *string) {
	made, err := c.CreateIntegration(t.Context(), &client.CreateIntegrationInput{
		ApiId: api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), IntegrationMethod: aws.String("POST"), PayloadFormatVersion: aws.String("2.0"),
		ConnectionType: types.ConnectionTypeInternet, Description: aws.String("d"), TimeoutInMillis: aws.Int32(50), CredentialsArn: aws.String(roleARN),
	})
	require.NoError(t, err)
	require.Equal(t, "d", *made.Description)
	require.EqualValues(t, 50, *made.TimeoutInMillis)
	_, err = c.UpdateIntegration(t.Context(), &client.UpdateIntegrationInput{
		ApiId: api, IntegrationId: made.IntegrationId, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN + "2"), IntegrationMethod: aws.String("POST"),
		PayloadFormatVersion: aws.String("2.0"), ConnectionType: types.ConnectionTypeInternet, Description: aws.String("e"), CredentialsArn: aws.String(roleARN + "2"),
	})
	require.NoError(t, err)
	got, err := c.GetIntegration(t.Context(), &client.GetIntegrationInput{ApiId: api, IntegrationId: made.IntegrationId})
	require.NoError(t, err)
	require.Equal(t, "e "+functionARN+"2 "+roleARN+"2", *got.Description+" "+*got.IntegrationUri+" "+*got.CredentialsArn)
	return made.IntegrationId
}

func routeMembers(t *testing.T, c *client.Client, api, integration *string) {
	target := aws.String("integrations/" + *integration)
	made, err := c.CreateRoute(t.Context(), &client.CreateRouteInput{
		ApiId: api, RouteKey: aws.String("GET /members"), Target: target, AuthorizationType: types.AuthorizationTypeNone, OperationName: aws.String("one"), ApiKeyRequired: aws.Bool(false)})
	require.NoError(t, err)
	require.Equal(t, "one", *made.OperationName)
	_, err = c.UpdateRoute(t.Context(), &client.UpdateRouteInput{
		ApiId: api, RouteId: made.RouteId, Target: target, AuthorizationType: types.AuthorizationTypeNone, OperationName: aws.String("two"), ApiKeyRequired: aws.Bool(false)})
	require.NoError(t, err)
	got, err := c.GetRoute(t.Context(), &client.GetRouteInput{ApiId: api, RouteId: made.RouteId})
	require.NoError(t, err)
	require.Equal(t, "two", *got.OperationName)
	_, err = c.DeleteRoute(t.Context(), &client.DeleteRouteInput{ApiId: api, RouteId: made.RouteId})
	require.NoError(t, err)
}

func stageMembers(t *testing.T, c *client.Client, api *string) {
	_, err := c.CreateStage(t.Context(), &client.CreateStageInput{
		ApiId: api, StageName: aws.String("members"), AutoDeploy: aws.Bool(true), Description: aws.String("d"), Tags: map[string]string{"a": "b"}})
	require.NoError(t, err)
	got, err := c.GetStage(t.Context(), &client.GetStageInput{ApiId: api, StageName: aws.String("members")})
	require.NoError(t, err)
	require.Equal(t, "d b", *got.Description+" "+got.Tags["a"])
	_, err = c.UpdateStage(t.Context(), &client.UpdateStageInput{ApiId: api, StageName: aws.String("members"), AutoDeploy: aws.Bool(true)})
	require.NoError(t, err)
	_, err = c.DeleteStage(t.Context(), &client.DeleteStageInput{ApiId: api, StageName: aws.String("members")})
	require.NoError(t, err)
}

// pageMembers asks for a page behind the last part of each kind.
func pageMembers(t *testing.T, c *client.Client, api *string) {
	one, last := aws.String("1"), aws.String("9")
	routes, err := c.GetRoutes(t.Context(), &client.GetRoutesInput{ApiId: api, MaxResults: one, NextToken: last})
	require.NoError(t, err)
	require.Empty(t, routes.Items)
	integrations, err := c.GetIntegrations(t.Context(), &client.GetIntegrationsInput{ApiId: api, MaxResults: one, NextToken: last})
	require.NoError(t, err)
	require.Empty(t, integrations.Items)
	stages, err := c.GetStages(t.Context(), &client.GetStagesInput{ApiId: api, MaxResults: one, NextToken: last})
	require.NoError(t, err)
	require.Empty(t, stages.Items)
	apis, err := c.GetApis(t.Context(), &client.GetApisInput{MaxResults: one, NextToken: last})
	require.NoError(t, err)
	require.Empty(t, apis.Items)
}
