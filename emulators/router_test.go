package emulators_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
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
