package s3_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

func start(t *testing.T) (*s3.State, *sdk.Client) {
	state := s3.New(s3.Config{})
	client := clientAt(state, "http://cloud", true)
	_, err := client.CreateBucket(t.Context(), &sdk.CreateBucketInput{Bucket: aws.String("archive")})
	require.NoError(t, err)
	return state, client
}

// clientAt is a client of an endpoint, which has the bucket in the path or before the host.
func clientAt(state *s3.State, endpoint string, path bool) *sdk.Client {
	return sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  emulators.Direct{Handler: s3.Handler(state)},
	}, func(o *sdk.Options) { o.UsePathStyle = path })
}

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional.
func TestPutAndGet(t *testing.T) {
	_, c := start(t)
	body := "\x00\xffhello"
	put, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("archive"), Key: aws.String("a/b c"), Body: strings.NewReader(body)})
	require.NoError(t, err)
	sum := md5.Sum([]byte(body))
	require.Equal(t, `"`+hex.EncodeToString(sum[:])+`"`, *put.ETag)
	get, err := c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("archive"), Key: aws.String("a/b c")})
	require.NoError(t, err)
	got, err := io.ReadAll(get.Body)
	require.NoError(t, err)
	require.Equal(t, body, string(got))
	part, err := c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("archive"), Key: aws.String("a/b c"), Range: aws.String("bytes=2-4")})
	require.NoError(t, err)
	got, err = io.ReadAll(part.Body)
	require.NoError(t, err)
	require.Equal(t, "hel", string(got))
	_, err = c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("archive"), Key: aws.String("none")})
	var missing *types.NoSuchKey
	require.True(t, errors.As(err, &missing), "%v", err)
	_, err = c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("none"), Key: aws.String("k"), Body: strings.NewReader("x")})
	var noBucket *types.NoSuchBucket
	require.True(t, errors.As(err, &noBucket) || strings.Contains(err.Error(), "NoSuchBucket"), "%v", err)
}

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional.
func TestListPagesInOrderOfKeys(t *testing.T) {
	state, c := start(t)
	for i := range 2500 {
		_, err := state.Put(t.Context(), "archive", fmt.Sprintf("devices/s%d/%04d", i%2, i), []byte("x"), "")
		require.NoError(t, err)
	}
	var keys []string
	pages := sdk.NewListObjectsV2Paginator(c, &sdk.ListObjectsV2Input{Bucket: aws.String("archive"), Prefix: aws.String("devices/s1/")})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		n++
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
	}
	require.Len(t, keys, 1250)
	require.IsIncreasing(t, keys)
	require.Equal(t, 2, n)
	folders, err := c.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("archive"), Prefix: aws.String("devices/"), Delimiter: aws.String("/")})
	require.NoError(t, err)
	require.Len(t, folders.CommonPrefixes, 2)
	require.Empty(t, folders.Contents)
}

func BenchmarkPut(b *testing.B) {
	state := s3.New(s3.Config{})
	require.NoError(b, state.CreateBucket(b.Context(), "archive"))
	body := []byte(strings.Repeat("x", 150))
	for i := 0; b.Loop(); i++ {
		state.Put(b.Context(), "archive", fmt.Sprintf("devices/s%03d/%d", i%100, i), body, "")
	}
}
