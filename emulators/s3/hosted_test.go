package s3_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// SDKs put the bucket into the host of an endpoint with a name, unless they are told
// otherwise: their PUT of an object made a bucket of its key.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
func TestBucketInTheHost(t *testing.T) {
	state, _ := start(t)
	for _, endpoint := range []string{"http://localhost:4566", "http://s3.localhost.localstack.cloud:4566", "http://s3.us-east-1.localhost:4566"} {
		c := sdk.NewFromConfig(aws.Config{
			Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: emulators.Direct{Handler: s3.Handler(state)},
			Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		})
		const name = "a/ü b+c"
		put(t, c, name, endpoint)
		body, err := read(t, c, name, "")
		require.NoError(t, err)
		require.Equal(t, endpoint, body)
		listed := doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive})
		require.Equal(t, name, *listed.Contents[0].Key)
		require.Len(t, doing(t, c.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 1)
	}
	endpoint := sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://aws.localhost:4566"), HTTPClient: emulators.Direct{Handler: s3.Handler(state)},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}, func(o *sdk.Options) { o.UsePathStyle = true })
	doing(t, endpoint.CreateBucket, &sdk.CreateBucketInput{Bucket: aws.String("second")})
	require.Len(t, doing(t, endpoint.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 2, "a name of the endpoint itself is no bucket")
	put(t, endpoint, "k", "hello")
	hosting := sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://localhost:4566"), HTTPClient: emulators.Direct{Handler: s3.Handler(state)},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
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
