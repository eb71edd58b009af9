package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/apigateway"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	config := aws.Config{
		Region: "us-east-1", HTTPClient: memory{apigateway.Handler(apigateway.New(apigateway.Config{Invoker: answers("{}")}))},
		BaseEndpoint: aws.String("http://apigateway.test"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	operationtest.Check(t, config, func(c aws.Config) *client.Client { return client.NewFromConfig(c) }, func(t *testing.T, c *client.Client) {
		api, err := c.CreateApi(t.Context(), &client.CreateApiInput{Name: aws.String("devices"), ProtocolType: types.ProtocolTypeHttp})
		require.NoError(t, err)
		actOnParts(t, c, api.ApiId)
		actOnMembers(t, c, api.ApiId)
		actOnApi(t, c, api.ApiId)
	}, operationtest.Fields(nil))
}

func actOnApi(t *testing.T, c *client.Client, id *string) {
	ctx := t.Context()
	arn := aws.String("arn:aws:apigateway:us-east-1::/apis/" + *id)
	changed, err := c.UpdateApi(ctx, &client.UpdateApiInput{ApiId: id, Description: aws.String("fleet")})
	require.NoError(t, err)
	require.Equal(t, "devices", *changed.Name, "what is absent stays")
	_, err = c.TagResource(ctx, &client.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "b", "c": "d"}})
	require.NoError(t, err)
	_, err = c.UntagResource(ctx, &client.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}})
	require.NoError(t, err)
	tags, err := c.GetTags(ctx, &client.GetTagsInput{ResourceArn: arn})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"c": "d"}, tags.Tags)
	got, err := c.GetApi(ctx, &client.GetApiInput{ApiId: id})
	require.NoError(t, err)
	require.Equal(t, "fleet", *got.Description)
	_, err = c.GetApis(ctx, &client.GetApisInput{})
	require.NoError(t, err)
	_, err = c.DeleteApi(ctx, &client.DeleteApiInput{ApiId: id})
	require.NoError(t, err)
}

// actOnParts makes, changes and deletes a route with its integration, and a stage.
func actOnParts(t *testing.T, c *client.Client, id *string) {
	ctx := t.Context()
	integration, err := c.CreateIntegration(ctx, &client.CreateIntegrationInput{
		ApiId: id, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0")})
	require.NoError(t, err)
	own := integration.IntegrationId
	route, err := c.CreateRoute(ctx, &client.CreateRouteInput{ApiId: id, RouteKey: aws.String("GET /a"), Target: aws.String("integrations/" + *own)})
	require.NoError(t, err)
	_, err = c.DeleteIntegration(ctx, &client.DeleteIntegrationInput{ApiId: id, IntegrationId: own})
	require.ErrorContains(t, err, "ConflictException", "a route has it")
	moved, err := c.UpdateRoute(ctx, &client.UpdateRouteInput{ApiId: id, RouteId: route.RouteId, RouteKey: aws.String("GET /b")})
	require.NoError(t, err)
	require.Equal(t, *route.Target, *moved.Target, "what is absent stays")
	slower, err := c.UpdateIntegration(ctx, &client.UpdateIntegrationInput{ApiId: id, IntegrationId: own, TimeoutInMillis: aws.Int32(100)})
	require.NoError(t, err)
	require.Equal(t, functionARN, *slower.IntegrationUri, "what is absent stays")
	shown, err := c.GetIntegration(ctx, &client.GetIntegrationInput{ApiId: id, IntegrationId: own})
	require.NoError(t, err)
	require.EqualValues(t, 100, *shown.TimeoutInMillis)
	stage, err := c.CreateStage(ctx, &client.CreateStageInput{ApiId: id, StageName: aws.String("prod"), AutoDeploy: aws.Bool(true)})
	require.NoError(t, err)
	for _, call := range []func() error{
		func() error { _, err := c.GetIntegrations(ctx, &client.GetIntegrationsInput{ApiId: id}); return err },
		func() error {
			_, err := c.GetRoute(ctx, &client.GetRouteInput{ApiId: id, RouteId: route.RouteId})
			return err
		},
		func() error { _, err := c.GetRoutes(ctx, &client.GetRoutesInput{ApiId: id}); return err },
		func() error {
			_, err := c.DeleteRoute(ctx, &client.DeleteRouteInput{ApiId: id, RouteId: route.RouteId})
			return err
		},
		func() error {
			_, err := c.DeleteIntegration(ctx, &client.DeleteIntegrationInput{ApiId: id, IntegrationId: own})
			return err
		},
		func() error {
			_, err := c.UpdateStage(ctx, &client.UpdateStageInput{ApiId: id, StageName: stage.StageName, Description: aws.String("d")})
			return err
		},
		func() error {
			_, err := c.GetStage(ctx, &client.GetStageInput{ApiId: id, StageName: stage.StageName})
			return err
		},
		func() error { _, err := c.GetStages(ctx, &client.GetStagesInput{ApiId: id}); return err },
		func() error {
			_, err := c.DeleteStage(ctx, &client.DeleteStageInput{ApiId: id, StageName: stage.StageName})
			return err
		},
	} {
		require.NoError(t, call())
	}
}
