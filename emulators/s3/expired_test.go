package s3_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
func TestPresignedURLExpires(t *testing.T) {
	state, _ := start(t)
	_, err := state.Put(t.Context(), "archive", "k", []byte("hello"), "")
	require.NoError(t, err)
	const v4 = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%%2F20260101%%2Fus-east-1%%2Fs3%%2Faws4_request&X-Amz-SignedHeaders=host&X-Amz-Signature=00&X-Amz-Date=%s&X-Amz-Expires=%d"
	const v2 = "AWSAccessKeyId=test&Signature=aa%%3D&Expires=%d"
	now := time.Now().UTC()
	at := func(ago time.Duration) string { return now.Add(-ago).Format("20060102T150405Z") }
	for query, want := range map[string]string{
		fmt.Sprintf(v4, at(time.Hour), 7200):                                        "hello",
		fmt.Sprintf(v4, at(time.Hour), 3000):                                        "Request has expired",
		fmt.Sprintf(v4, at(time.Hour), 604801):                                      "X-Amz-Expires must be less than a week",
		fmt.Sprintf(v4, "yesterday", 60):                                            "X-Amz-Date must be in the ISO8601 Long Format",
		fmt.Sprintf(v2, now.Add(time.Hour).Unix()):                                  "hello",
		fmt.Sprintf(v2, now.Add(-time.Hour).Unix()):                                 "Request has expired",
		"AWSAccessKeyId=test&Signature=aa%3D&Expires=" + "tomorrow":                 "Invalid date",
		"AWSAccessKeyId=test&Signature=aa%3D":                                       "requires the Signature, Expires and AWSAccessKeyId parameters",
		"Expires=4102444800":                                                        "the parameter Expires is not implemented",
		strings.TrimSuffix(fmt.Sprintf(v4, at(time.Hour), 60), "&X-Amz-Expires=60"): "and X-Amz-Expires parameters.",
	} {
		w := httptest.NewRecorder()
		s3.Handler(state).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://cloud/archive/k?"+query, nil))
		require.Contains(t, w.Body.String(), want, query)
		require.Equal(t, want == "hello", w.Code == http.StatusOK)
	}
}
