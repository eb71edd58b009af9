package s3_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// SDKs put the bucket into the host of an endpoint with a name, unless they are told
// otherwise: their PUT of an object made a bucket of its key.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func TestBucketInTheHost(t *testing.T) {
	state, _ := start(t)
	for _, endpoint := range []string{"http://localhost:4566", "http://s3.localhost.localstack.cloud:4566", "http://s3.us-east-1.localhost:4566"} {
		c := clientAt(state, endpoint, false)
		const name = "a/ü b+c"
		put(t, c, name, endpoint)
		body, err := read(t, c, name, "")
		require.NoError(t, err)
		require.Equal(t, endpoint, body)
		listed := doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive})
		require.Equal(t, name, *listed.Contents[0].Key)
		require.Len(t, doing(t, c.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 1)
	}
	endpoint := clientAt(state, "http://aws.localhost:4566", true)
	doing(t, endpoint.CreateBucket, &sdk.CreateBucketInput{Bucket: aws.String("second")})
	require.Len(t, doing(t, endpoint.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 2, "a name of the endpoint itself is no bucket")
	put(t, endpoint, "k", "hello")
	hosting := clientAt(state, "http://localhost:4566", false)
	doing(t, hosting.CreateBucket, &sdk.CreateBucketInput{Bucket: aws.String("third")})
	_, err := hosting.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("none"), Key: aws.String("k"), Body: strings.NewReader("x")})
	require.Equal(t, "NoSuchBucket", code(err))
	require.Len(t, doing(t, endpoint.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 3)
	state.Put(t.Context(), "archive", "k", []byte("hello"), "")
	for _, c := range []struct{ host, path string }{
		{"archive.s3.amazonaws.com", "/k"}, {"archive.s3.eu-central-1.amazonaws.com", "/k"}, {"archive.s3-eu-west-1.amazonaws.com:80", "/k"}, {"archive.localhost", "/k"},
		{"localhost:4566", "/archive/k"}, {"127.0.0.1:4566", "/archive/k"}, {"[::1]:4566", "/archive/k"}, {"cloud", "/archive/k"}, {"s3.localhost:4566", "/archive/k"},
		{"s3.us-east-1.amazonaws.com", "/archive/k"}, {"s3.us-east-1.localhost.localstack.cloud", "/archive/k"}, {"shakedown.example.com:4566", "/archive/k"},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		s3.Handler(state).ServeHTTP(w, r)
		require.Equal(t, "hello", w.Body.String(), "%s%s", c.host, c.path)
	}
}

// A form's file was stored below the name of its bucket, where the host has that.
func TestWhereAHostedObjectIs(t *testing.T) {
	state, _ := start(t)
	const host = "http://archive.localhost:4566/"
	w := postedTo(t, state, host, "hello", "key=k", formPolicy(time.Now().Add(time.Hour), `{"key": "k"}`))
	require.Equal(t, http.StatusNoContent, w.Code, w.Body)
	require.Equal(t, "http://localhost:4566/archive/k", w.Header().Get("Location"))
	c := clientAt(state, "http://localhost:4566", false)
	body, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "hello", body)
	key := aws.String("parts")
	upload := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key})
	part := doing(t, c.UploadPart, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: upload.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
	parts := &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}}
	done := doing(t, c.CompleteMultipartUpload, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: upload.UploadId, MultipartUpload: parts})
	require.Equal(t, "http://localhost:4566/archive/parts", *done.Location)
}
