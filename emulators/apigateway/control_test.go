package apigateway_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators/apigateway"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const functionARN = "arn:aws:lambda:us-east-1:000000000000:function:iot-device-api"

// memory is an HTTP client that calls a handler.
type memory struct{ http.Handler }

func (m memory) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

func sdk(s *apigateway.State) *client.Client {
	return client.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: memory{apigateway.Handler(s)}, BaseEndpoint: aws.String("http://apigateway.test"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), RetryMaxAttempts: 1,
	})
}

// function makes a Go function an Invoker.
type function func(ctx context.Context, arn string, payload []byte) (apigateway.Result, error)

func (f function) InvokeSync(ctx context.Context, arn string, payload []byte) (apigateway.Result, error) {
	return f(ctx, arn, payload)
}

func answers(payload string) function {
	return func(context.Context, string, []byte) (apigateway.Result, error) {
		return apigateway.Result{Payload: []byte(payload)}, nil
	}
}

func TestApiLifeOverTheWire(t *testing.T) {
	ctx := t.Context()
	c := sdk(apigateway.New(apigateway.Config{Invoker: answers("{}"), Endpoint: "http://127.0.0.1:4566/"}))
	api, err := c.CreateApi(ctx, &client.CreateApiInput{Name: aws.String("devices"), ProtocolType: types.ProtocolTypeHttp, Tags: map[string]string{"a": "b"}})
	require.NoError(t, err)
	require.Len(t, *api.ApiId, 10)
	require.Equal(t, "http://127.0.0.1:4566/_aws/execute-api/"+*api.ApiId, *api.ApiEndpoint)
	require.NotNil(t, api.CreatedDate)
	integration, err := c.CreateIntegration(ctx, &client.CreateIntegrationInput{
		ApiId: api.ApiId, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0"),
	})
	require.NoError(t, err)
	require.Equal(t, int32(30000), *integration.TimeoutInMillis)
	target := aws.String("integrations/" + *integration.IntegrationId)
	route, err := c.CreateRoute(ctx, &client.CreateRouteInput{ApiId: api.ApiId, RouteKey: aws.String("GET /devices/{deviceId}"), Target: target})
	require.NoError(t, err)
	require.NotEmpty(t, *route.RouteId)
	_, err = c.CreateRoute(ctx, &client.CreateRouteInput{ApiId: api.ApiId, RouteKey: aws.String("GET /devices/{id}"), Target: target})
	var conflict *types.ConflictException
	require.ErrorAs(t, err, &conflict, "the name of a variable does not count")
	_, err = c.CreateStage(ctx, &client.CreateStageInput{ApiId: api.ApiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	require.NoError(t, err)

	apis, err := c.GetApis(ctx, &client.GetApisInput{})
	require.NoError(t, err)
	require.Equal(t, "devices", *apis.Items[0].Name)
	integrations, err := c.GetIntegrations(ctx, &client.GetIntegrationsInput{ApiId: api.ApiId})
	require.NoError(t, err)
	require.Equal(t, functionARN, *integrations.Items[0].IntegrationUri)
	routes, err := c.GetRoutes(ctx, &client.GetRoutesInput{ApiId: api.ApiId})
	require.NoError(t, err)
	require.Equal(t, "GET /devices/{deviceId}", *routes.Items[0].RouteKey)
	stages, err := c.GetStages(ctx, &client.GetStagesInput{ApiId: api.ApiId})
	require.NoError(t, err)
	require.Equal(t, "$default", *stages.Items[0].StageName)
	got, err := c.GetApi(ctx, &client.GetApiInput{ApiId: api.ApiId})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "b"}, got.Tags)
	_, err = c.DeleteApi(ctx, &client.DeleteApiInput{ApiId: api.ApiId})
	require.NoError(t, err)
	_, err = c.GetApi(ctx, &client.GetApiInput{ApiId: api.ApiId})
	var missing *types.NotFoundException
	require.ErrorAs(t, err, &missing)
}

func TestIdsRepeat(t *testing.T) {
	make := func() string {
		api, err := apigateway.New(apigateway.Config{}).CreateApi(t.Context(), &apigateway.CreateApiInput{Name: "x", ProtocolType: "HTTP"})
		require.NoError(t, err)
		return api.ApiId
	}
	require.Equal(t, make(), make())
}

func TestRefusals(t *testing.T) {
	ctx := t.Context()
	c := sdk(apigateway.New(apigateway.Config{Invoker: answers("{}")}))
	api, err := c.CreateApi(ctx, &client.CreateApiInput{Name: aws.String("x"), ProtocolType: types.ProtocolTypeHttp, Target: aws.String(functionARN)})
	require.NoError(t, err)
	createApi := func(change func(*client.CreateApiInput)) error {
		in := &client.CreateApiInput{Name: aws.String("y"), ProtocolType: types.ProtocolTypeHttp}
		change(in)
		_, err := c.CreateApi(ctx, in)
		return err
	}
	integrate := func(change func(*client.CreateIntegrationInput)) error {
		in := &client.CreateIntegrationInput{
			ApiId: api.ApiId, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0"),
		}
		change(in)
		_, err := c.CreateIntegration(ctx, in)
		return err
	}
	stage := func(change func(*client.CreateStageInput)) error {
		in := &client.CreateStageInput{ApiId: api.ApiId, StageName: aws.String("prod"), AutoDeploy: aws.Bool(true)}
		change(in)
		_, err := c.CreateStage(ctx, in)
		return err
	}
	for _, test := range []struct {
		want string
		err  error
	}{
		{`protocolType "WEBSOCKET"`, createApi(func(in *client.CreateApiInput) { in.ProtocolType = types.ProtocolTypeWebsocket })},
		{`"corsConfiguration" is not implemented`, createApi(func(in *client.CreateApiInput) { in.CorsConfiguration = &types.Cors{} })},
		{`payloadFormatVersion "1.0"`, integrate(func(in *client.CreateIntegrationInput) { in.PayloadFormatVersion = aws.String("1.0") })},
		{`PayloadFormatVersion is a required`, integrate(func(in *client.CreateIntegrationInput) { in.PayloadFormatVersion = nil })},
		{`integrationType "HTTP_PROXY"`, integrate(func(in *client.CreateIntegrationInput) { in.IntegrationType = types.IntegrationTypeHttpProxy })},
		{`timeoutInMillis 30001`, integrate(func(in *client.CreateIntegrationInput) { in.TimeoutInMillis = aws.Int32(30001) })},
		{`is not the ARN of a Lambda function`, integrate(func(in *client.CreateIntegrationInput) { in.IntegrationUri = aws.String("https://example.com") })},
		{`deployments are not implemented`, stage(func(in *client.CreateStageInput) { in.AutoDeploy = aws.Bool(false) })},
		{`"stageVariables" is not implemented`, stage(func(in *client.CreateStageInput) { in.StageVariables = map[string]string{"a": "b"} })},
	} {
		t.Run(test.want, func(t *testing.T) {
			var bad *types.BadRequestException
			require.ErrorAs(t, test.err, &bad)
			require.Contains(t, *bad.Message, test.want)
		})
	}
}
