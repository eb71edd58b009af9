package s3_test

import (
	"crypto/md5"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// An answer has the MD5 of what is in it behind it, if the request takes that: of all of an
// object or of a range, of none of an error, nor of what is no object.
func TestMD5BehindAnObject(t *testing.T) {
	state, c := start(t)
	put(t, c, "k", hello)
	put(t, c, "empty", "")
	handler := emulators.Direct{Handler: s3.Handler(state)}
	for _, of := range []struct {
		method, path, rng string
		status            int
		body              string
		appends           bool
	}{
		{http.MethodGet, "/archive/k", "", http.StatusOK, hello, true},
		{http.MethodGet, "/archive/k?x-id=GetObject", "", http.StatusOK, hello, true},
		{http.MethodGet, "/archive/k", "bytes=1-2", http.StatusPartialContent, "el", true},
		{http.MethodGet, "/archive/empty", "", http.StatusOK, "", true},
		{http.MethodGet, "/archive/none", "", http.StatusNotFound, "", false},
		{http.MethodGet, "/archive/k?tagging", "", http.StatusOK, "", false},
		{http.MethodHead, "/archive/k", "", http.StatusOK, "", false},
	} {
		request, err := http.NewRequestWithContext(t.Context(), of.method, "http://cloud"+of.path, nil)
		require.NoError(t, err)
		request.Header.Set("X-Amz-Te", "append-md5")
		if of.rng != "" {
			request.Header.Set("Range", of.rng)
		}
		answer, err := handler.Do(request)
		require.NoError(t, err)
		raw, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.Equal(t, of.status, answer.StatusCode, "%+v", of)
		if !of.appends {
			require.Empty(t, answer.Header.Get("X-Amz-Transfer-Encoding"), "%+v", of)
			continue
		}
		sum := md5.Sum([]byte(of.body))
		require.Equal(t, of.body+string(sum[:]), string(raw), "%+v", of)
		require.Equal(t, "append-md5", answer.Header.Get("X-Amz-Transfer-Encoding"))
		require.EqualValues(t, len(raw), answer.ContentLength)
	}
}
