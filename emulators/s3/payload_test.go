package s3_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// A body with another digest than it was signed with is not stored: it was changed on its
// way. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func TestDigestOfThePayload(t *testing.T) {
	handler := s3.Handler(s3.New(s3.Config{Identity: wire.Identity{}.OrDefault()}))
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	put := func(path, body, said string) string {
		code, _ := putChunks(t, handler, path, body, map[string]string{"X-Amz-Content-Sha256": said})
		return code
	}
	const mismatch = "XAmzContentSHA256Mismatch"
	require.Empty(t, put("/archive", "", digest("")))
	id := begin(t, handler, "/archive/parts")
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::archive/*"}]}`
	for path, body := range map[string]string{
		"/archive/k": "hello", "/archive/empty": "", "/archive/parts?partNumber=1&uploadId=" + id: "hello", "/archive?policy": policy,
	} {
		require.Equal(t, mismatch, put(path, body, digest("other")), path)
		require.Empty(t, put(path, body, strings.ToUpper(digest(body))), path)
		require.Empty(t, put(path, body, "UNSIGNED-PAYLOAD"), path)
		require.Equal(t, "InvalidArgument", put(path, body, "abc"), path)
	}
	require.Equal(t, mismatch, put("/archive/k", strings.Repeat("x", 100_000), digest("hello")))
	code, _ := putChunks(t, handler, "/archive/k", "hello", nil)
	require.Empty(t, code, "a URL that is signed says nothing of the body")
}

// A mismatch is the client's fault: SDKs do not try it again.
func TestDigestsStatus(t *testing.T) {
	for path, body := range map[string]string{"/archive/k": "hello", "/archive?policy": "{}", "/archive/empty": ""} {
		handler := s3.Handler(s3.New(s3.Config{Identity: wire.Identity{}.OrDefault()}))
		code, _ := putChunks(t, handler, "/archive", "", nil)
		require.Empty(t, code)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://cloud"+path, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("X-Amz-Content-Sha256", strings.Repeat("0", 64))
		answer, err := emulators.Direct{Handler: handler}.Do(request)
		require.NoError(t, err)
		require.Equal(t, http.StatusBadRequest, answer.StatusCode, path)
	}
}

// Of the conditions on writing S3 knows that nothing is there (If-None-Match: *) and that
// one ETag is (If-Match).
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func TestConditionsThatS3DoesNotKnow(t *testing.T) {
	_, c := start(t)
	key := aws.String("k")
	put, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader("x")})
	require.NoError(t, err)
	_, err = c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: key, IfNoneMatch: put.ETag, Body: strings.NewReader("y")})
	require.Equal(t, "NotImplemented", code(err))
	_, err = c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: key, IfNoneMatch: aws.String("*"), IfMatch: put.ETag, Body: strings.NewReader("y")})
	require.Equal(t, "NotImplemented", code(err), "both")
	_, err = c.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("to"), CopySource: aws.String("archive/k"), IfNoneMatch: put.ETag})
	require.Equal(t, "NotImplemented", code(err))
	_, err = c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: key, IfNoneMatch: put.ETag})
	require.ErrorContains(t, err, "304", "reading knows it")
}
