package emulators_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
)

func TestDirectAnswersWithContentLength(t *testing.T) {
	client := emulators.Direct{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		w.Write(body)
	})}
	request, err := http.NewRequest("POST", "http://x/", strings.NewReader("hello"))
	require.NoError(t, err)
	answer, err := client.Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, answer.StatusCode)
	require.Equal(t, int64(5), answer.ContentLength)
	require.Equal(t, "5", answer.Header.Get("Content-Length"))
}

func TestDirectReturnsWhenTheContextHasEnded(t *testing.T) {
	called := false
	client := emulators.Direct{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true })}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", "http://x/", nil)
	require.NoError(t, err)
	_, err = client.Do(request)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, called)
}

// TestClientsInProcessOmitSignatures pins what makes UpdateItem a tenth cheaper,
// and that the scope is there, by which the router finds the service.
func TestClientsInProcessOmitSignatures(t *testing.T) {
	var authorization string
	cloud, err := emulators.New(emulators.Config{Wrap: func(next aws.HTTPClient) aws.HTTPClient {
		return doer(func(r *http.Request) (*http.Response, error) {
			authorization = r.Header.Get("Authorization")
			return next.Do(r)
		})
	}})
	require.NoError(t, err)
	_, err = dynamodb.NewFromConfig(cloud.AWSConfig()).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	require.NoError(t, err)
	require.Contains(t, authorization, "/us-east-1/dynamodb/aws4_request")
	require.Contains(t, authorization, "Signature=0000")
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func TestDirectTellsTheLengthOfAnEmptyBody(t *testing.T) {
	for method, want := range map[string]string{http.MethodPut: "0", http.MethodPost: "0", http.MethodGet: ""} {
		var got string
		handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("Content-Length") })
		r, err := http.NewRequestWithContext(t.Context(), method, "http://x/", http.NoBody)
		require.NoError(t, err)
		_, err = emulators.Direct{Handler: handler}.Do(r)
		require.NoError(t, err)
		require.Equal(t, want, got, method)
	}
}
