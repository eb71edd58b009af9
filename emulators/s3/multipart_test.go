package s3_test

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional. The ETag is
// computed as
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
// says: the MD5 of the MD5s, and the number of parts.
func TestETagOfAMultipartUpload(t *testing.T) {
	_, c := start(t)
	ctx, key := t.Context(), aws.String("k")
	upload, err := c.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key})
	require.NoError(t, err)
	var sums []byte
	var parts []types.CompletedPart
	for i, body := range [][]byte{bytes.Repeat([]byte("a"), 5<<20), []byte("b")} {
		sum := md5.Sum(body)
		sums = append(sums, sum[:]...)
		n := aws.Int32(int32(i + 1))
		part, err := c.UploadPart(ctx, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: upload.UploadId, PartNumber: n, Body: bytes.NewReader(body)})
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf(`"%x"`, sum), *part.ETag)
		parts = append(parts, types.CompletedPart{ETag: part.ETag, PartNumber: n})
	}
	want := fmt.Sprintf(`"%x-2"`, md5.Sum(sums))
	_, err = c.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		ChecksumCRC32: aws.String("AAAAAA=="), ChecksumType: types.ChecksumTypeFullObject})
	require.Equal(t, "NotImplemented", code(err))
	require.ErrorContains(t, err, "x-amz-checksum-")
	done, err := c.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	require.NoError(t, err)
	require.Equal(t, want, *done.ETag)
	head, err := c.HeadObject(ctx, &sdk.HeadObjectInput{Bucket: archive, Key: key, IfMatch: &want})
	require.NoError(t, err)
	require.Equal(t, want, *head.ETag)
	get, err := c.GetObject(ctx, &sdk.GetObjectInput{Bucket: archive, Key: key})
	require.NoError(t, err)
	require.Equal(t, want, *get.ETag)
	list, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: archive})
	require.NoError(t, err)
	require.Equal(t, want, *list.Contents[0].ETag)
	attributes, err := c.GetObjectAttributes(ctx, &sdk.GetObjectAttributesInput{Bucket: archive, Key: key, ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesEtag}})
	require.NoError(t, err)
	require.Equal(t, want, `"`+*attributes.ETag+`"`)

	_, err = c.GetObject(ctx, &sdk.GetObjectInput{Bucket: archive, Key: key, IfMatch: aws.String(want[:33] + `"`)})
	require.Equal(t, "PreconditionFailed", code(err))
	_, err = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: archive, Key: key, IfMatch: aws.String(want[:34] + `3"`), Body: bytes.NewReader(nil)})
	require.Equal(t, "PreconditionFailed", code(err))
	_, err = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: archive, Key: key, IfMatch: &want, Body: bytes.NewReader([]byte("x"))})
	require.NoError(t, err)
}
