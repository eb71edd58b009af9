package s3_test

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// A header that nothing acts on is refused, whether or not an SDK knows it, and the same
// one of several each time.
func TestUnknownHeadersAreRefused(t *testing.T) {
	state, c := start(t)
	put(t, c, "k", "kept")
	for _, of := range []struct{ method, query, header, want string }{
		{http.MethodPut, "", "x-amz-object-lock-event-hold", "NotImplemented"},
		{http.MethodPut, "", "x-amz-not-yet-known", "NotImplemented"},
		{http.MethodPut, "", "x-amz-checksum-xxhash64", "NotImplemented"},
		{http.MethodPut, "", "x-amz-mp-object-size", ""},
		{http.MethodGet, "", "x-amz-request-payer", "NotImplemented"},
		{http.MethodGet, "", "x-amz-tagging", "NotImplemented"}, // which is of writes
		{http.MethodGet, "list-type=2", "x-amz-optional-object-attributes", "NotImplemented"},
		{http.MethodDelete, "", "x-amz-bypass-governance-retention", "NotImplemented"},
		{http.MethodGet, "", "x-amz-user-agent", ""},
		{http.MethodGet, "", "x-amzn-trace-id", ""},
	} {
		path := "/archive/k"
		if of.query != "" {
			path = "/archive?" + of.query
		}
		request, err := http.NewRequestWithContext(t.Context(), of.method, "http://cloud"+path, strings.NewReader("kept"))
		require.NoError(t, err)
		request.Header.Set(of.header, "4")
		if of.want != "" {
			request.Header.Set("x-amz-zzz", "1")
		}
		answer, err := emulators.Direct{Handler: s3.Handler(state)}.Do(request)
		require.NoError(t, err)
		raw, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		text := string(raw)
		if of.want == "" {
			require.Equal(t, http.StatusOK, answer.StatusCode, "%s: %s", of.header, text)
			continue
		}
		require.Contains(t, text, "<Code>"+of.want+"</Code>", of.header)
		require.Contains(t, text, "the header "+of.header+": 4 is not implemented by Shakedown")
	}
	got, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "kept", got)
}

// Whoever reads or writes in a bucket may say that they would pay: its owner does.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ObjectsinRequesterPaysBuckets.html
func actOnRequestPayer(t *testing.T, c *sdk.Client) {
	const payer = types.RequestPayerRequester
	key := aws.String("payer")
	put := doing(t, c.PutObject, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader(hello), RequestPayer: payer})
	require.Empty(t, put.RequestCharged)
	require.Empty(t, doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: key, RequestPayer: payer}).RequestCharged)
	doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key, RequestPayer: payer})
	doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("payer-copy"), CopySource: aws.String("archive/payer"), RequestPayer: payer})
	doing(t, c.GetObjectAcl, &sdk.GetObjectAclInput{Bucket: archive, Key: key, RequestPayer: payer})
	doing(t, c.GetObjectAttributes, &sdk.GetObjectAttributesInput{Bucket: archive, Key: key, ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesEtag}, RequestPayer: payer})
	tags := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}
	doing(t, c.PutObjectTagging, &sdk.PutObjectTaggingInput{Bucket: archive, Key: key, Tagging: tags, RequestPayer: payer})
	doing(t, c.GetObjectTagging, &sdk.GetObjectTaggingInput{Bucket: archive, Key: key, RequestPayer: payer})
	doing(t, c.GetBucketAccelerateConfiguration, &sdk.GetBucketAccelerateConfigurationInput{Bucket: archive, RequestPayer: payer})
	doing(t, c.ListObjects, &sdk.ListObjectsInput{Bucket: archive, RequestPayer: payer})
	doing(t, c.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive, RequestPayer: payer})
	doing(t, c.ListObjectVersions, &sdk.ListObjectVersionsInput{Bucket: archive, RequestPayer: payer})
	{
		id := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key, RequestPayer: payer}).UploadId
		part := doing(t, c.UploadPart, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: id, PartNumber: aws.Int32(1), Body: strings.NewReader("x"), RequestPayer: payer})
		doing(t, c.UploadPartCopy, &sdk.UploadPartCopyInput{Bucket: archive, Key: key, UploadId: id, PartNumber: aws.Int32(2), CopySource: aws.String("archive/payer"), RequestPayer: payer})
		doing(t, c.ListParts, &sdk.ListPartsInput{Bucket: archive, Key: key, UploadId: id, RequestPayer: payer})
		doing(t, c.ListMultipartUploads, &sdk.ListMultipartUploadsInput{Bucket: archive, RequestPayer: payer})
		doing(t, c.CompleteMultipartUpload, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: id, RequestPayer: payer,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}}})
		id = doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key}).UploadId
		doing(t, c.AbortMultipartUpload, &sdk.AbortMultipartUploadInput{Bucket: archive, Key: key, UploadId: id, RequestPayer: payer})
	}
	doing(t, c.DeleteObject, &sdk.DeleteObjectInput{Bucket: archive, Key: key, RequestPayer: payer})
	doing(t, c.DeleteObjects, &sdk.DeleteObjectsInput{Bucket: archive, RequestPayer: payer, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("payer-copy")}}}})
}

// The checksum of a document is compared, not only that of an object.
func TestChecksumsOfDocuments(t *testing.T) {
	_, c := start(t)
	tagging := &types.Tagging{TagSet: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}
	for sum, want := range map[string]string{"": "", "LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=": "BadDigest"} {
		in := &sdk.PutBucketTaggingInput{Bucket: archive, Tagging: tagging, ChecksumAlgorithm: types.ChecksumAlgorithmSha256}
		_, err := c.PutBucketTagging(t.Context(), in, func(o *sdk.Options) {
			if sum != "" {
				o.APIOptions = append(o.APIOptions, smithyhttp.SetHeaderValue("X-Amz-Checksum-Sha256", sum))
			}
		})
		require.Equal(t, want, code(err), "%v", err)
	}
}

// A copy has the checksum that was asked for.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func TestChecksumOfCopy(t *testing.T) {
	_, c := start(t)
	put(t, c, "k", "hello")
	_, err := c.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("copy"), CopySource: aws.String("archive/k"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256})
	require.NoError(t, err)
	head, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("copy"), ChecksumMode: types.ChecksumModeEnabled})
	require.NoError(t, err)
	require.Equal(t, "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", *head.ChecksumSHA256)
}

// BenchmarkHandlerPut is a PutObject with the headers that the SDK sends, without it.
func BenchmarkHandlerPut(b *testing.B) {
	state := s3.New(s3.Config{})
	require.NoError(b, state.CreateBucket(b.Context(), "archive"))
	handler := s3.Handler(state)
	body := strings.Repeat("x", 150)
	sum := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body))))
	for b.Loop() {
		request := httptest.NewRequestWithContext(b.Context(), http.MethodPut, "/archive/k?x-id=PutObject", strings.NewReader(body))
		for name, value := range map[string]string{"X-Amz-Date": "20260101T000000Z", "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "Amz-Sdk-Request": "attempt=1; max=3",
			"X-Amz-Sdk-Checksum-Algorithm": "CRC32", "X-Amz-Checksum-Crc32": sum, "Content-Type": "application/octet-stream", "Content-Length": "150"} {
			request.Header.Set(name, value)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		require.Equal(b, http.StatusOK, answer.Code)
	}
}
