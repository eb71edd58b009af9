package emulators_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
)

func signedFor(service, region string) string {
	return "AWS4-HMAC-SHA256 Credential=test/20260101/" + region + "/" + service + "/aws4_request, SignedHeaders=host, Signature=00"
}

func TestRouterSendsARequestToTheServiceItIsSignedFor(t *testing.T) {
	router := emulators.Router{Services: map[string]http.Handler{
		"kinesis": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("kinesis here")) }),
	}}
	for _, c := range []struct{ name, auth, want string }{
		{"known", signedFor("kinesis", "us-east-1"), "kinesis here"},
		{"unknown service", signedFor("rekognition", "us-east-1"), "service rekognition is not implemented by Shakedown"},
		{"another region", signedFor("kinesis", "eu-west-1"), "signed for region eu-west-1"},
		{"unsigned", "", "not signed"},
		{"garbage", "Basic abc", "not signed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", nil)
			r.Header.Set("Authorization", c.auth)
			w := httptest.NewRecorder()
			router.ServeHTTP(w, r)
			require.Contains(t, w.Body.String(), c.want)
		})
	}
}

// Who has no credentials yet does not sign, and is still answered by STS.
func TestUnsignedCallsOfSTSAreRefusedByName(t *testing.T) {
	cloud, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	config := cloud.AWSConfig()
	config.Credentials = nil
	c := sts.NewFromConfig(config)
	role, session, text := aws.String("arn:aws:iam::000000000000:role/r"), aws.String("session"), aws.String("assertion")
	var refused smithy.APIError
	_, err = c.AssumeRoleWithWebIdentity(t.Context(), &sts.AssumeRoleWithWebIdentityInput{RoleArn: role, RoleSessionName: session, WebIdentityToken: text})
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "InvalidAction", refused.ErrorCode())
	require.Contains(t, refused.ErrorMessage(), "AssumeRoleWithWebIdentity is not implemented by Shakedown")
	_, err = c.AssumeRoleWithSAML(t.Context(), &sts.AssumeRoleWithSAMLInput{RoleArn: role, PrincipalArn: role, SAMLAssertion: text})
	require.ErrorAs(t, err, &refused)
	require.Contains(t, refused.ErrorMessage(), "AssumeRoleWithSAML is not implemented by Shakedown")
}

// AWS says that the data plane of IoT Core is signed for iotdevicegateway; its SDKs sign for
// iotdata.
// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
func TestTheDataPlaneOfIoTIsSignedForUnderBothNames(t *testing.T) {
	cloud, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	for _, service := range []string{"iotdata", "iotdevicegateway"} {
		r := httptest.NewRequest("GET", "/retainedMessage", nil)
		r.Header.Set("Authorization", signedFor(service, "us-east-1"))
		w := httptest.NewRecorder()
		cloud.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", service, w.Body)
		require.JSONEq(t, `{"retainedTopics":[]}`, w.Body.String())
	}
}

// What S3 knows besides Signature Version 4: boto3 signs its URLs with Version 2 unless it
// is told otherwise, and a browser's form is signed in its fields.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
func TestRouterKnowsS3ByItsOlderSignature(t *testing.T) {
	cloud, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	_, err = cloud.S3.Put(t.Context(), "b", "k", nil, "")
	require.Error(t, err)
	require.NoError(t, cloud.S3.CreateBucket(t.Context(), "b"))
	send := func(method, target, body string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		cloud.ServeHTTP(w, r)
		return w
	}
	const signed = "?AWSAccessKeyId=test&Signature=aa%3D&Expires=4102444800"
	w := send(http.MethodPut, "/b/k"+signed+"&content-type=text%2Fplain&x-amz-meta-a=b", "hello", "Content-Length", "5")
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	w = send(http.MethodGet, "/b/k"+signed, "")
	require.Equal(t, "hello", w.Body.String())
	require.Equal(t, "text/plain", w.Header().Get("Content-Type"))
	require.Contains(t, fmt.Sprint(w.Header()), "x-amz-meta-a:[b]")
	w = send(http.MethodGet, "/b/k", "", "Authorization", "AWS test:aaaa=")
	require.Equal(t, "hello", w.Body.String())
	w = send(http.MethodPost, "/b", "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nf\r\n--x--\r\n", "Content-Type", "multipart/form-data; boundary=x")
	require.Equal(t, http.StatusForbidden, w.Code)
	require.Contains(t, w.Body.String(), "the form has no policy", "S3 answers")
	w = send(http.MethodGet, "/b/k?Signature=aa", "")
	require.Contains(t, w.Body.String(), "not signed")
}

// A client that is in another region is told so, whatever protocol it speaks: boto3 read
// JSON as XML and failed with a parse error, and named no error of S3.
func TestRouterRefusesInTheClientsProtocol(t *testing.T) {
	router := emulators.Router{}
	config := aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://cloud"), HTTPClient: emulators.Direct{Handler: router},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
	for name, call := range map[string]func(context.Context) error{
		"query": func(ctx context.Context) error {
			_, err := sts.NewFromConfig(config).GetCallerIdentity(ctx, nil)
			return err
		},
		"REST in XML": func(ctx context.Context) error {
			_, err := s3.NewFromConfig(config).ListBuckets(ctx, nil)
			return err
		},
		"JSON": func(ctx context.Context) error {
			_, err := kinesis.NewFromConfig(config).ListStreams(ctx, nil)
			return err
		},
		"RPC": func(ctx context.Context) error {
			_, err := cloudwatch.NewFromConfig(config).ListMetrics(ctx, nil)
			return err
		},
	} {
		var refused smithy.APIError
		require.ErrorAs(t, call(t.Context()), &refused, name)
		require.Equal(t, "UnrecognizedClientException", refused.ErrorCode(), name)
		require.Contains(t, refused.ErrorMessage(), "set AWS_REGION=us-east-1", name)
	}
}
