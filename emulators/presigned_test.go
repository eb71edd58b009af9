package emulators

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"
)

// A request may be signed in its URL, with headers of it hoisted into that too: its
// parameters are not the operation's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func TestPresigned(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	cloud.Lambda.Bind("f", fussy{})
	makeFunction(t, cloud.AWSConfig(), nil)
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	send := func(method, service, target string, header http.Header) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://cloud"+target, nil)
		require.NoError(t, err)
		r.Header = header.Clone()
		url, signed, err := v4.NewSigner().PresignHTTP(t.Context(), aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test", SessionToken: "t"}, r, empty, service, "us-east-1", time.Now())
		require.NoError(t, err)
		r, err = http.NewRequestWithContext(t.Context(), method, url, map[bool]io.Reader{true: strings.NewReader(`"hello"`)}[method == http.MethodPost])
		require.NoError(t, err)
		signed.Del("Host")
		r.Header = signed
		answer, err := Direct{Handler: cloud}.Do(r)
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(body)
	}
	for service, target := range map[string]string{
		"iam": "/?Action=ListRoles&Version=2010-05-08", "sts": "/?Action=GetCallerIdentity&Version=2011-06-15", "sns": "/?Action=ListTopics&Version=2010-03-31",
		"lambda": "/2015-03-31/functions/f", "iot": "/things?maxResults=5",
	} {
		status, body := send(http.MethodGet, service, target, http.Header{})
		require.Equal(t, http.StatusOK, status, "%s: %s", service, body)
	}
	const invoke = "/2015-03-31/functions/f/invocations"
	status, body := send(http.MethodPost, "lambda", invoke, http.Header{})
	require.Equal(t, http.StatusOK, status, body)
	require.Equal(t, `"hello"`, body)
	status, body = send(http.MethodPost, "lambda", invoke, http.Header{"X-Amz-Invocation-Type": {"DryRun"}})
	require.Equal(t, http.StatusNoContent, status, body)

	for _, target := range []string{invoke + "?X-Amz-Colour=red", "/2015-03-31/functions/f?X-Amz-Colour=red"} {
		method := map[bool]string{true: http.MethodPost, false: http.MethodGet}[strings.Contains(target, "invocations")]
		status, body = send(method, "lambda", target, http.Header{})
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, body, "X-Amz-Colour", "what nothing acts on is refused")
	}
}
