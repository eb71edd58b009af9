package s3_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional.
func TestConditionalWrites(t *testing.T) {
	_, c := start(t)
	var made atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			_, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k"), Body: strings.NewReader("x"), IfNoneMatch: aws.String("*")})
			if err == nil {
				made.Add(1)
			} else if code(err) != "PreconditionFailed" {
				t.Errorf("of two writers one fails its condition: %v", err)
			}
		})
	}
	wait.Wait()
	require.Equal(t, int32(1), made.Load())
	head, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k")})
	require.NoError(t, err)
	in := &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k"), IfMatch: head.ETag, Body: strings.NewReader("y")}
	_, err = c.PutObject(t.Context(), in)
	require.NoError(t, err)
	in.Body = strings.NewReader("z")
	_, err = c.PutObject(t.Context(), in)
	require.Equal(t, "PreconditionFailed", code(err), "another has written since")
	in.Key, in.Body = aws.String("none"), strings.NewReader("z")
	_, err = c.PutObject(t.Context(), in)
	require.Equal(t, "NoSuchKey", code(err))

	_, err = c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: aws.String("k"), IfMatch: head.ETag})
	require.Equal(t, "PreconditionFailed", code(err))
}

// AWS.md §5: checksums returned
// The values are those of RFC 3720's and the catalogue's check string "123456789".
// https://reveng.sourceforge.io/crc-catalogue/all.htm
func TestChecksums(t *testing.T) {
	_, c := start(t)
	for algorithm, want := range map[types.ChecksumAlgorithm]string{
		types.ChecksumAlgorithmCrc32:     "y/Q5Jg==",
		types.ChecksumAlgorithmCrc32c:    "4waSgw==",
		types.ChecksumAlgorithmCrc64nvme: "rosUhgp5mIg=",
	} {
		_, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k"), Body: strings.NewReader("123456789"), ChecksumAlgorithm: algorithm})
		require.NoError(t, err)
		out, err := c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: aws.String("k"), ChecksumMode: types.ChecksumModeEnabled})
		require.NoError(t, err)
		got := map[types.ChecksumAlgorithm]*string{
			types.ChecksumAlgorithmCrc32: out.ChecksumCRC32, types.ChecksumAlgorithmCrc32c: out.ChecksumCRC32C, types.ChecksumAlgorithmCrc64nvme: out.ChecksumCRC64NVME,
		}[algorithm]
		require.Equal(t, want, aws.ToString(got), algorithm)
	}
	_, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k"), Body: strings.NewReader("1"), ChecksumCRC32: aws.String("y/Q5Jg==")})
	require.Contains(t, []string{"BadDigest", "InvalidRequest"}, code(err), "%v", err)
	_, err = c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k"), Body: strings.NewReader("1"), ContentMD5: aws.String("Jfd5MWaFdNOEdgEU5oGlxw==")})
	require.Equal(t, "BadDigest", code(err))
}

// The parts of an upload are one object, one of them copied from another; an aborted
// upload is gone.
//
// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional.
func TestMultipart(t *testing.T) {
	_, c := start(t)
	ctx, key := t.Context(), aws.String("big")
	put(t, c, "source", "-tail-")
	up, err := c.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key})
	require.NoError(t, err)
	first := strings.Repeat("x", 5<<20)
	one, err := c.UploadPart(ctx, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: up.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader(first)})
	require.NoError(t, err)
	two, err := c.UploadPartCopy(ctx, &sdk.UploadPartCopyInput{Bucket: archive, Key: key, UploadId: up.UploadId, PartNumber: aws.Int32(2), CopySource: aws.String("archive/source"), CopySourceRange: aws.String("bytes=1-4")})
	require.NoError(t, err)
	parts, err := c.ListParts(ctx, &sdk.ListPartsInput{Bucket: archive, Key: key, UploadId: up.UploadId})
	require.NoError(t, err)
	require.Len(t, parts.Parts, 2)
	_, err = c.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{
		Parts: []types.CompletedPart{{PartNumber: aws.Int32(2), ETag: two.CopyPartResult.ETag}, {PartNumber: aws.Int32(1), ETag: one.ETag}}}})
	require.Equal(t, "InvalidPartOrder", code(err), "%v", err)
	done, err := c.CompleteMultipartUpload(ctx, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{
		Parts: []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: one.ETag}, {PartNumber: aws.Int32(2), ETag: two.CopyPartResult.ETag}}}})
	require.NoError(t, err)
	head, err := c.HeadObject(ctx, &sdk.HeadObjectInput{Bucket: archive, Key: key})
	require.NoError(t, err)
	require.Equal(t, done.ETag, head.ETag)
	got, err := read(t, c, "big", "")
	require.NoError(t, err)
	require.Equal(t, first+"tail", got)

	again, err := c.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key})
	require.NoError(t, err)
	_, err = c.AbortMultipartUpload(ctx, &sdk.AbortMultipartUploadInput{Bucket: archive, Key: key, UploadId: again.UploadId})
	require.NoError(t, err)
	_, err = c.ListParts(ctx, &sdk.ListPartsInput{Bucket: archive, Key: key, UploadId: again.UploadId})
	require.Equal(t, "NoSuchUpload", code(err))
}
