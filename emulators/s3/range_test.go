package s3_test

import (
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
//
// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional.
func TestRanges(t *testing.T) {
	_, c := start(t)
	key := aws.String("k")
	doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader("0123456789")})
	for asked, want := range map[string][2]string{
		"bytes=0-3": {"0123", "bytes 0-3/10"}, "bytes=7-": {"789", "bytes 7-9/10"}, "bytes=-2": {"89", "bytes 8-9/10"}, "bytes=8-99": {"89", "bytes 8-9/10"},
	} {
		out := doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: key, Range: &asked})
		text, err := io.ReadAll(out.Body)
		require.NoError(t, err)
		require.Equal(t, want, [2]string{string(text), *out.ContentRange}, asked)
		require.Equal(t, int64(len(text)), *out.ContentLength, asked)
	}
	_, err := c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: key, Range: aws.String("bytes=10-")})
	require.ErrorContains(t, err, "InvalidRange")
	require.ErrorContains(t, err, "StatusCode: 416")
}
