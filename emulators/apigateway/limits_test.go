package apigateway_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/apigateway"
)

// bounded is a client and an API with an integration.
func bounded(t *testing.T) (c *client.Client, api, integration *string) {
	c = sdk(apigateway.New(apigateway.Config{Invoker: answers("{}")}))
	made, err := c.CreateApi(t.Context(), &client.CreateApiInput{Name: aws.String("a"), ProtocolType: types.ProtocolTypeHttp, Target: aws.String(functionARN)})
	require.NoError(t, err)
	all, err := c.GetIntegrations(t.Context(), &client.GetIntegrationsInput{ApiId: made.ApiId})
	require.NoError(t, err)
	return c, made.ApiId, all.Items[0].IntegrationId
}

// TestQuotasOfAnAPI counts what the quick create made.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
func TestQuotasOfAnAPI(t *testing.T) {
	c, api, integration := bounded(t)
	for what, one := range map[string]struct {
		most int
		make func(i int) error
	}{
		"routes": {300, func(i int) error {
			_, err := c.CreateRoute(t.Context(), &client.CreateRouteInput{ApiId: api, RouteKey: aws.String(fmt.Sprintf("GET /%d", i)), Target: aws.String("integrations/" + *integration)})
			return err
		}},
		"integrations": {300, func(int) error {
			_, err := c.CreateIntegration(t.Context(), &client.CreateIntegrationInput{
				ApiId: api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0")})
			return err
		}},
		"stages": {10, func(i int) error {
			_, err := c.CreateStage(t.Context(), &client.CreateStageInput{ApiId: api, StageName: aws.String(fmt.Sprint("s", i)), AutoDeploy: aws.Bool(true)})
			return err
		}},
	} {
		for i := range one.most - 1 {
			require.NoError(t, one.make(i), what)
		}
		require.ErrorContains(t, one.make(one.most), "BadRequestException: Maximum number of "+what, what)
	}
}

// TestLengthsOfTexts.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
func TestLengthsOfTexts(t *testing.T) {
	c, api, integration := bounded(t)
	text := func(n int) *string { return aws.String(strings.Repeat("ä", n)) }
	for _, one := range []struct {
		member string
		most   int
		set    func(text *string) error
	}{
		{"name", 128, func(text *string) error {
			_, err := c.UpdateApi(t.Context(), &client.UpdateApiInput{ApiId: api, Name: text})
			return err
		}},
		{"description", 1024, func(text *string) error {
			_, err := c.UpdateApi(t.Context(), &client.UpdateApiInput{ApiId: api, Description: text})
			return err
		}},
		{"version", 64, func(text *string) error {
			_, err := c.UpdateApi(t.Context(), &client.UpdateApiInput{ApiId: api, Version: text})
			return err
		}},
		{"description", 1024, func(text *string) error {
			_, err := c.UpdateStage(t.Context(), &client.UpdateStageInput{ApiId: api, StageName: aws.String("$default"), Description: text})
			return err
		}},
		{"description", 1024, func(text *string) error {
			_, err := c.UpdateIntegration(t.Context(), &client.UpdateIntegrationInput{ApiId: api, IntegrationId: integration, Description: text})
			return err
		}},
	} {
		require.NoError(t, one.set(text(one.most)))
		require.ErrorContains(t, one.set(text(one.most+1)), fmt.Sprintf("BadRequestException: %s has at most %d characters", one.member, one.most))
	}
}

// TestTags: one that is set again is no further one, and answers are not changed by a
// request that comes then: with -race.
func TestTags(t *testing.T) {
	c, api, _ := bounded(t)
	arn := aws.String("arn:aws:apigateway:us-east-1::/apis/" + *api)
	set := func(n int, value string) error {
		tags := map[string]string{}
		for i := range n {
			tags[fmt.Sprint(i)] = value
		}
		_, err := c.TagResource(t.Context(), &client.TagResourceInput{ResourceArn: arn, Tags: tags})
		return err
	}
	require.NoError(t, set(50, "a"))
	require.NoError(t, set(50, "b"))
	require.ErrorContains(t, set(51, "c"), "at most 50 tags")
	got, err := c.GetTags(t.Context(), &client.GetTagsInput{ResourceArn: arn})
	require.NoError(t, err)
	require.Equal(t, "b", got.Tags["0"])
	for _, tags := range []map[string]string{{"aws:a": "b"}, {"a": strings.Repeat("b", 257)}, {strings.Repeat("a", 129): "b"}} {
		_, err := c.TagResource(t.Context(), &client.TagResourceInput{ResourceArn: arn, Tags: tags})
		require.ErrorContains(t, err, "BadRequestException: tag key")
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for range 50 {
				if set(50, "d") != nil {
					t.Error("not set")
				}
			}
		})
		all.Go(func() {
			for range 50 {
				if _, err := c.GetApi(t.Context(), &client.GetApiInput{ApiId: api}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// TestTheSizeOfARequestsHead: "total combined size of request line and header values".
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
func TestTheSizeOfARequestsHead(t *testing.T) {
	s, id := quick(t, answers("{}"), []string{"$default"})
	at := "/_aws/execute-api/" + id + "/"
	require.Equal(t, 200, do(s, "GET", at, nil, "X-Long", strings.Repeat("a", 10000)).Code)
	require.Equal(t, 431, do(s, "GET", at, nil, "X-Long", strings.Repeat("a", 10240)).Code)
	require.Equal(t, 431, do(s, "GET", at+"?a="+strings.Repeat("a", 10240), nil).Code)
}

// TestWhoForwardedARequest is not for the client to say.
func TestWhoForwardedARequest(t *testing.T) {
	var got string
	s, id := quick(t, func(_ context.Context, _ string, payload []byte) (apigateway.Result, error) {
		got = string(payload)
		return apigateway.Result{Payload: []byte("{}")}, nil
	}, []string{"$default"})
	do(s, "GET", "http://127.0.0.1:4566/_aws/execute-api/"+id+"/", nil, "X-Forwarded-For", "203.0.113.1", "X-Forwarded-Proto", "gopher", "X-Forwarded-Port", "70")
	require.Contains(t, got, `"x-forwarded-for":"203.0.113.1, 192.0.2.1"`)
	require.Contains(t, got, `"x-forwarded-proto":"http"`)
	require.Contains(t, got, `"x-forwarded-port":"4566"`)
}

// TestLists come in pages where they are asked for.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html
func TestLists(t *testing.T) {
	c, api, integration := bounded(t)
	for i := range 4 {
		_, err := c.CreateRoute(t.Context(), &client.CreateRouteInput{ApiId: api, RouteKey: aws.String(fmt.Sprintf("GET /%d", i)), Target: aws.String("integrations/" + *integration)})
		require.NoError(t, err)
	}
	var keys []string
	in := &client.GetRoutesInput{ApiId: api, MaxResults: aws.String("2")}
	for {
		page, err := c.GetRoutes(t.Context(), in)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Items), 2)
		for _, one := range page.Items {
			keys = append(keys, *one.RouteKey)
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	require.Equal(t, []string{"$default", "GET /0", "GET /1", "GET /2", "GET /3"}, keys)
	for _, most := range []string{"0", "x", "-1"} {
		_, err := c.GetStages(t.Context(), &client.GetStagesInput{ApiId: api, MaxResults: &most})
		require.ErrorContains(t, err, "BadRequestException: maxResults")
	}
	_, err := c.GetApis(t.Context(), &client.GetApisInput{NextToken: aws.String("?")})
	require.ErrorContains(t, err, "BadRequestException: nextToken")
	_, err = c.GetIntegrations(t.Context(), &client.GetIntegrationsInput{ApiId: api, MaxResults: aws.String("500")})
	require.NoError(t, err)
}

// TestAFunctionOfAnotherAccount cannot be invoked here.
func TestAFunctionOfAnotherAccount(t *testing.T) {
	c, api, integration := bounded(t)
	for _, arn := range []string{"arn:aws:lambda:eu-west-1:000000000000:function:f", "arn:aws:lambda:us-east-1:111122223333:function:f"} {
		_, err := c.UpdateIntegration(t.Context(), &client.UpdateIntegrationInput{ApiId: api, IntegrationId: integration, IntegrationUri: &arn})
		require.ErrorContains(t, err, "is not of this account and region, and others are not implemented by Shakedown")
	}
}
