package s3_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
	"github.com/shakedown-iot/shakedown/emulators/wire"
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

// uploading begins an upload and returns how a part is added to it and how it is completed.
func uploading(t *testing.T, c *sdk.Client, in sdk.CreateMultipartUploadInput) (func(n int, body string) types.CompletedPart, func(*sdk.CompleteMultipartUploadInput, ...types.CompletedPart) (*sdk.CompleteMultipartUploadOutput, error)) {
	in.Bucket, in.Key = archive, aws.String("k")
	upload := doing(t, c.CreateMultipartUpload, &in)
	part := func(n int, body string) types.CompletedPart {
		out := doing(t, c.UploadPart, &sdk.UploadPartInput{Bucket: archive, Key: in.Key, UploadId: upload.UploadId, PartNumber: aws.Int32(int32(n)), Body: strings.NewReader(body), ChecksumAlgorithm: in.ChecksumAlgorithm})
		return types.CompletedPart{PartNumber: aws.Int32(int32(n)), ETag: out.ETag, ChecksumSHA256: out.ChecksumSHA256, ChecksumCRC32: out.ChecksumCRC32}
	}
	complete := func(in *sdk.CompleteMultipartUploadInput, parts ...types.CompletedPart) (*sdk.CompleteMultipartUploadOutput, error) {
		in.Bucket, in.Key, in.UploadId, in.MultipartUpload = archive, aws.String("k"), upload.UploadId, &types.CompletedMultipartUpload{Parts: parts}
		return c.CompleteMultipartUpload(t.Context(), in)
	}
	return part, complete
}

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart. "Each part must be at least 5 MB in
// size, except the last part":
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func TestSmallPartIsTheLast(t *testing.T) {
	_, c := start(t)
	part, complete := uploading(t, c, sdk.CreateMultipartUploadInput{})
	small, large, last := part(1, strings.Repeat("a", 5<<20-1)), part(2, strings.Repeat("b", 5<<20)), part(3, "c")
	_, err := complete(&sdk.CompleteMultipartUploadInput{}, small, large, last)
	require.Equal(t, "EntityTooSmall", code(err))
	require.ErrorContains(t, err, "StatusCode: 400")
	_, err = complete(&sdk.CompleteMultipartUploadInput{}, large, types.CompletedPart{PartNumber: aws.Int32(4), ETag: last.ETag})
	require.Equal(t, "InvalidPart", code(err))
	_, err = complete(&sdk.CompleteMultipartUploadInput{}, last, large)
	require.Equal(t, "InvalidPartOrder", code(err))
	_, err = complete(&sdk.CompleteMultipartUploadInput{MpuObjectSize: aws.Int64(5 << 20)}, large, last)
	require.Equal(t, "InvalidRequest", code(err))
	done, err := complete(&sdk.CompleteMultipartUploadInput{MpuObjectSize: aws.Int64(5<<20 + 1)}, large, last)
	require.NoError(t, err, "the parts that were not named are left out")
	again, err := complete(&sdk.CompleteMultipartUploadInput{}, large, last)
	require.NoError(t, err, "of a client that did not hear the answer")
	require.Equal(t, done.ETag, again.ETag)
}

// AWS.md §5: S3: … checksums returned. Types and forms are those of
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
func TestChecksumsOfAMultipartUpload(t *testing.T) {
	_, c := start(t)
	one, two := strings.Repeat("a", 5<<20), "b"
	first, second := sha256.Sum256([]byte(one)), sha256.Sum256([]byte(two))
	all := sha256.Sum256(append(first[:], second[:]...))
	want := base64.StdEncoding.EncodeToString(all[:]) + "-2"

	part, complete := uploading(t, c, sdk.CreateMultipartUploadInput{ChecksumAlgorithm: types.ChecksumAlgorithmSha256})
	a, b := part(1, one), part(2, two)
	_, err := complete(&sdk.CompleteMultipartUploadInput{}, a, types.CompletedPart{PartNumber: b.PartNumber, ETag: b.ETag})
	require.ErrorContains(t, err, "The complete request must include the checksum for each part. It was missing for part 2")
	_, err = complete(&sdk.CompleteMultipartUploadInput{}, a, types.CompletedPart{PartNumber: b.PartNumber, ETag: b.ETag, ChecksumSHA256: a.ChecksumSHA256})
	require.Equal(t, "InvalidPart", code(err))
	_, err = complete(&sdk.CompleteMultipartUploadInput{ChecksumSHA256: a.ChecksumSHA256}, a, b)
	require.Equal(t, "BadDigest", code(err))
	done, err := complete(&sdk.CompleteMultipartUploadInput{ChecksumSHA256: &want}, a, b)
	require.NoError(t, err)
	require.Equal(t, want, aws.ToString(done.ChecksumSHA256))
	require.Equal(t, types.ChecksumTypeComposite, done.ChecksumType)
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k"), ChecksumMode: types.ChecksumModeEnabled})
	require.Equal(t, want+" COMPOSITE", aws.ToString(head.ChecksumSHA256)+" "+string(head.ChecksumType))
	attributes := doing(t, c.GetObjectAttributes, &sdk.GetObjectAttributesInput{Bucket: archive, Key: aws.String("k"), ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesChecksum}})
	require.Equal(t, types.ChecksumTypeComposite, attributes.Checksum.ChecksumType)

	part, complete = uploading(t, c, sdk.CreateMultipartUploadInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32, ChecksumType: types.ChecksumTypeFullObject})
	a, b = part(1, one), part(2, two)
	sum := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(one+two))))
	_, err = complete(&sdk.CompleteMultipartUploadInput{ChecksumCRC32: a.ChecksumCRC32}, a, b)
	require.Equal(t, "BadDigest", code(err))
	_, err = complete(&sdk.CompleteMultipartUploadInput{ChecksumCRC32: &sum, ChecksumType: types.ChecksumTypeComposite}, a, b)
	require.Equal(t, "InvalidRequest", code(err))
	done, err = complete(&sdk.CompleteMultipartUploadInput{ChecksumCRC32: &sum, ChecksumType: types.ChecksumTypeFullObject}, a, b)
	require.NoError(t, err)
	require.Equal(t, sum+" FULL_OBJECT", aws.ToString(done.ChecksumCRC32)+" "+string(done.ChecksumType))
	_, err = c.CreateMultipartUpload(t.Context(), &sdk.CreateMultipartUploadInput{Bucket: archive, Key: aws.String("k"), ChecksumAlgorithm: types.ChecksumAlgorithmSha1, ChecksumType: types.ChecksumTypeFullObject})
	require.Equal(t, "InvalidRequest", code(err))
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
func TestLocationOfABucket(t *testing.T) {
	_, c := start(t)
	require.Empty(t, doing(t, c.GetBucketLocation, &sdk.GetBucketLocationInput{Bucket: archive}).LocationConstraint)
	west := sdk.NewFromConfig(aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: s3.Handler(s3.New(s3.Config{Identity: wire.Identity{Region: "eu-west-1"}}))},
	}, func(o *sdk.Options) { o.UsePathStyle = true })
	doing(t, west.CreateBucket, &sdk.CreateBucketInput{Bucket: archive, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	require.EqualValues(t, "eu-west-1", doing(t, west.GetBucketLocation, &sdk.GetBucketLocationInput{Bucket: archive}).LocationConstraint)
	_, err := west.GetBucketLocation(t.Context(), &sdk.GetBucketLocationInput{Bucket: aws.String("none")})
	require.Equal(t, "NoSuchBucket", code(err))
}
