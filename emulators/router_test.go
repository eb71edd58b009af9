package emulators_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

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
