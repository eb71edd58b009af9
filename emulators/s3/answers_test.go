package s3_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// What clients read of answers and gofakes3 leaves out.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
func TestAnswersAreWhole(t *testing.T) {
	state, c := start(t)
	list := func() *sdk.ListObjectsV2Output {
		return doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive})
	}
	require.NotNil(t, list().KeyCount, "boto3's answer is a dictionary without it else")
	require.Equal(t, "us-east-1", *doing(t, c.HeadBucket, &sdk.HeadBucketInput{Bucket: archive}).BucketRegion)

	const encrypted = types.ServerSideEncryptionAes256
	key := aws.String("k")
	require.Equal(t, encrypted, doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader("x")}).ServerSideEncryption)
	_, err := state.Put(t.Context(), "archive", "plain", []byte("hello"), "")
	require.NoError(t, err)
	get := doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: aws.String("plain")})
	require.Equal(t, encrypted, get.ServerSideEncryption)
	require.Equal(t, "binary/octet-stream", aws.ToString(get.ContentType))
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("plain")})
	require.Equal(t, encrypted, head.ServerSideEncryption)
	require.NotNil(t, head.ContentType)
	require.Equal(t, encrypted, doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("l"), CopySource: aws.String("archive/k")}).ServerSideEncryption)
	require.Equal(t, int32(3), *list().KeyCount)

	key = aws.String("a b&c")
	upload := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key})
	require.Equal(t, encrypted, upload.ServerSideEncryption)
	part := doing(t, c.UploadPart, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: upload.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
	require.Equal(t, encrypted, part.ServerSideEncryption)
	parts := &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}}
	done := doing(t, c.CompleteMultipartUpload, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: upload.UploadId, MultipartUpload: parts})
	require.Equal(t, encrypted, done.ServerSideEncryption)
	require.Equal(t, "http://cloud/archive/a%20b&c", *done.Location)
}
