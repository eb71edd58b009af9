package apigateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/apigateway"
)

// quick makes an API with these routes to one function and the stages.
func quick(t *testing.T, f function, routes []string, stages ...string) (*apigateway.State, string) {
	s := apigateway.New(apigateway.Config{Invoker: f})
	c := sdk(s)
	api, err := c.CreateApi(t.Context(), &client.CreateApiInput{Name: aws.String("x"), ProtocolType: types.ProtocolTypeHttp})
	require.NoError(t, err)
	i, err := c.CreateIntegration(t.Context(), &client.CreateIntegrationInput{
		ApiId: api.ApiId, IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"),
		IntegrationUri: aws.String("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + functionARN + "/invocations"),
	})
	require.NoError(t, err)
	for _, key := range routes {
		_, err := c.CreateRoute(t.Context(), &client.CreateRouteInput{ApiId: api.ApiId, RouteKey: aws.String(key), Target: aws.String("integrations/" + *i.IntegrationId)})
		require.NoError(t, err, key)
	}
	for _, stage := range append(stages, "$default") {
		_, err := c.CreateStage(t.Context(), &client.CreateStageInput{ApiId: api.ApiId, StageName: aws.String(stage), AutoDeploy: aws.Bool(true)})
		require.NoError(t, err)
	}
	return s, *api.ApiId
}

func do(s *apigateway.State, method, url string, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, bytes.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	apigateway.Execute(s).ServeHTTP(w, r)
	return w
}

// routed answers which route and parameters a request had.
func routed(_ context.Context, _ string, payload []byte) (apigateway.Result, error) {
	var event struct {
		RouteKey       string            `json:"routeKey"`
		RawPath        string            `json:"rawPath"`
		PathParameters map[string]string `json:"pathParameters"`
		RequestContext struct{ Stage string }
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return apigateway.Result{}, err
	}
	parameters, err := json.Marshal(event.PathParameters)
	text, _ := json.Marshal(event.RouteKey + " " + event.RawPath + " " + string(parameters) + " " + event.RequestContext.Stage)
	return apigateway.Result{Payload: text}, err
}

// The routes and requests are those of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
// and a few more.
func TestRoutes(t *testing.T) {
	s, id := quick(t, routed, []string{
		"GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default", "POST /pets", "ANY /pets", "GET /", "GET /cats/{proxy+}", "GET /{kind}/pets",
	}, "prod")
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/pets/dog/1", "GET /pets/dog/1 /pets/dog/1 null $default"},
		{"GET", "/pets/dog/2", `GET /pets/dog/{id} /pets/dog/2 {"id":"2"} $default`},
		{"GET", "/pets/cat/1", `GET /pets/{proxy+} /pets/cat/1 {"proxy":"cat/1"} $default`},
		{"POST", "/test/5", `ANY /{proxy+} /test/5 {"proxy":"test/5"} $default`},
		{"POST", "/pets", "POST /pets /pets null $default"},
		{"PUT", "/pets", "ANY /pets /pets null $default"},
		{"GET", "", "GET / / null $default"},
		{"POST", "/", "$default / null $default"},
		{"GET", "/$default/pets/dog/1", "GET /pets/dog/1 /pets/dog/1 null $default"},
		{"GET", "/prod/pets/dog/1", "GET /pets/dog/1 /prod/pets/dog/1 null prod"},
		{"GET", "/prod", "GET / /prod/ null prod"},
		{"GET", "/cats/pets", `GET /{kind}/pets /cats/pets {"kind":"cats"} $default`},
		{"GET", "/cats/dogs", `GET /cats/{proxy+} /cats/dogs {"proxy":"dogs"} $default`},
		{"GET", "/pets/dog/a%2Fb%20c", `GET /pets/dog/{id} /pets/dog/a/b c {"id":"a/b c"} $default`},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			w := do(s, test.method, "/_aws/execute-api/"+id+test.path, nil)
			require.Equal(t, 200, w.Code)
			require.Equal(t, test.want, w.Body.String())
			if strings.HasPrefix(test.path, "/") {
				w = do(s, test.method, "http://"+id+".execute-api.localhost:4566"+test.path, nil)
				require.Equal(t, test.want, w.Body.String(), "the same by host")
			}
		})
	}
}

func TestEventFormat2(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got, arn string
		s, id := quick(t, func(_ context.Context, function string, payload []byte) (apigateway.Result, error) {
			got, arn = string(payload), function
			return apigateway.Result{Payload: []byte("{}")}, nil
		}, []string{"POST /devices/{deviceId}"})
		w := do(s, "POST", "http://127.0.0.1:4566/_aws/execute-api/"+id+"/devices/sensor-001?a=1&a=2&b=x%20y", []byte(`{"q":1}`),
			"Content-Type", "application/json", "X-Two", "1", "X-Two", "2", "Cookie", "c1=1; c2=2", "User-Agent", "curl")
		require.Equal(t, 200, w.Code)
		require.Equal(t, functionARN, arn)
		requestID := w.Header().Get("Apigw-Requestid")
		require.NotEmpty(t, requestID)
		// The shape of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
		require.JSONEq(t, `{
			"version":"2.0","routeKey":"POST /devices/{deviceId}","rawPath":"/devices/sensor-001","rawQueryString":"a=1&a=2&b=x%20y",
			"cookies":["c1=1","c2=2"],
			"headers":{"content-type":"application/json","x-two":"1,2","user-agent":"curl","host":"127.0.0.1:4566","x-forwarded-for":"192.0.2.1","x-forwarded-proto":"http","x-forwarded-port":"4566"},
			"queryStringParameters":{"a":"1,2","b":"x y"},"pathParameters":{"deviceId":"sensor-001"},
			"requestContext":{"accountId":"000000000000","apiId":"`+id+`","domainName":"127.0.0.1","domainPrefix":"`+id+`","requestId":"`+requestID+`","routeKey":"POST /devices/{deviceId}","stage":"$default",
				"http":{"method":"POST","path":"/devices/sensor-001","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"curl"},
				"time":"01/Jan/2000:00:00:00 +0000","timeEpoch":946684800000},
			"body":"{\"q\":1}","isBase64Encoded":false}`, got)
	})
}

func TestBodiesThatAreNotTextAreInBase64(t *testing.T) {
	for _, test := range []struct{ contentType, body, want string }{
		{"application/json; charset=utf-8", "{}", "{}"},
		{"text/csv", "a,b", "a,b"},
		{"application/senml+json", "[]", "[]"},
		{"", "plain", "plain"},
		{"application/octet-stream", "\x00\x01", "AAE="},
		{"text/plain", "\xff", "/w=="},
	} {
		var got struct {
			Body            string `json:"body"`
			IsBase64Encoded bool   `json:"isBase64Encoded"`
		}
		s, id := quick(t, func(_ context.Context, _ string, payload []byte) (apigateway.Result, error) {
			return apigateway.Result{Payload: []byte("{}")}, json.Unmarshal(payload, &got)
		}, []string{"$default"})
		do(s, "POST", "/_aws/execute-api/"+id+"/", []byte(test.body), "Content-Type", test.contentType)
		require.Equal(t, test.want, got.Body, test.contentType)
		require.Equal(t, test.want != test.body, got.IsBase64Encoded, test.contentType)
	}
}

func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		name, payload string
		status        int
		body, ctype   string
	}{
		{"full", `{"statusCode":201,"headers":{"Content-Type":"text/html","X-N":5},"body":"<p>"}`, 201, "<p>", "text/html"},
		{"defaults", `{"statusCode":204}`, 204, "", "text/plain;charset=UTF-8"},
		{"base64", `{"statusCode":200,"isBase64Encoded":true,"body":"aGk="}`, 200, "hi", "text/plain;charset=UTF-8"},
		{"status as text", `{"statusCode":"404","body":"x"}`, 404, "x", "text/plain;charset=UTF-8"},
		{"bare object", `{"message":"Hello from Lambda!"}`, 200, `{"message":"Hello from Lambda!"}`, "application/json"},
		{"bare string", `"Hello from Lambda!"`, 200, "Hello from Lambda!", "application/json"},
		{"bare list", `[1,2]`, 200, "[1,2]", "application/json"},
		{"not JSON", `<html>`, 500, `{"message":"Internal Server Error"}`, "application/json"},
		{"bad status", `{"statusCode":99}`, 500, `{"message":"Internal Server Error"}`, "application/json"},
		{"body is an object", `{"statusCode":200,"body":{}}`, 500, `{"message":"Internal Server Error"}`, "application/json"},
		{"header injection", `{"statusCode":200,"headers":{"X":"a\r\nY: b"}}`, 500, `{"message":"Internal Server Error"}`, "application/json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, id := quick(t, answers(test.payload), []string{"$default"})
			w := do(s, "GET", "/_aws/execute-api/"+id+"/x", nil)
			require.Equal(t, test.status, w.Code)
			require.Equal(t, test.body, w.Body.String())
			require.Equal(t, test.ctype, w.Header().Get("Content-Type"))
		})
	}
	s, id := quick(t, answers(`{"statusCode":200,"cookies":["a=1","b=2"]}`), []string{"$default"})
	require.Equal(t, []string{"a=1", "b=2"}, do(s, "GET", "/_aws/execute-api/"+id+"/", nil).Header().Values("Set-Cookie"))
}

func TestFailures(t *testing.T) {
	s, id := quick(t, func(context.Context, string, []byte) (apigateway.Result, error) {
		return apigateway.Result{Payload: []byte(`{"errorMessage":"x"}`), FunctionError: "Unhandled"}, nil
	}, []string{"GET /known"})
	at := "/_aws/execute-api/" + id
	for _, test := range []struct {
		name string
		w    *httptest.ResponseRecorder
		want int
		body string
	}{
		{"function error", do(s, "GET", at+"/known", nil), 500, `{"message":"Internal Server Error"}`},
		{"no route", do(s, "GET", at+"/unknown", nil), 404, `{"message":"Not Found"}`},
		{"no method", do(s, "POST", at+"/known", nil), 404, `{"message":"Not Found"}`},
		{"no api", do(s, "GET", "/_aws/execute-api/none/known", nil), 404, `{"message":"Not Found"}`},
		{"no prefix", do(s, "GET", "/known", nil), 404, `{"message":"Not Found"}`},
		{"body", do(s, "GET", at+"/known", make([]byte, 10<<20+1)), 413, `{"message":"Request Entity Too Large"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, test.w.Code)
			require.JSONEq(t, test.body, test.w.Body.String())
		})
	}
}

func TestSlowFunctionIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, id := quick(t, func(ctx context.Context, _ string, _ []byte) (apigateway.Result, error) {
			<-ctx.Done()
			return apigateway.Result{}, ctx.Err()
		}, []string{"$default"})
		start := time.Now()
		w := do(s, http.MethodGet, "/_aws/execute-api/"+id+"/", nil)
		require.Equal(t, 30*time.Second, time.Since(start))
		require.Equal(t, 503, w.Code)
		require.JSONEq(t, `{"message":"Service Unavailable"}`, w.Body.String())
	})
}

func TestQuickCreate(t *testing.T) {
	s := apigateway.New(apigateway.Config{Invoker: function(routed)})
	api, err := sdk(s).CreateApi(t.Context(), &client.CreateApiInput{
		Name: aws.String("x"), ProtocolType: types.ProtocolTypeHttp, Target: aws.String(functionARN), RouteKey: aws.String("GET /devices"),
	})
	require.NoError(t, err)
	require.Equal(t, "GET /devices /devices null $default", do(s, "GET", *api.ApiEndpoint+"/devices", nil).Body.String())
}
