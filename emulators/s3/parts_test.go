package s3_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// The transfer managers of SDKs read an object part by part, as it was uploaded.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
func TestPartsOfAnObjectAreRead(t *testing.T) {
	_, c := start(t)
	key := aws.String("k")
	upload := doing(t, c.CreateMultipartUpload, &sdk.CreateMultipartUploadInput{Bucket: archive, Key: key})
	var parts []types.CompletedPart
	for n, body := range map[int32][]byte{2: bytes.Repeat([]byte("a"), 5<<20), 7: []byte("end")} {
		part := doing(t, c.UploadPart, &sdk.UploadPartInput{Bucket: archive, Key: key, UploadId: upload.UploadId, PartNumber: &n, Body: bytes.NewReader(body)})
		parts = append(parts, types.CompletedPart{ETag: part.ETag, PartNumber: &n})
	}
	if *parts[0].PartNumber > *parts[1].PartNumber {
		parts[0], parts[1] = parts[1], parts[0]
	}
	doing(t, c.CompleteMultipartUpload, &sdk.CompleteMultipartUploadInput{Bucket: archive, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	get := doing(t, c.GetObject, &sdk.GetObjectInput{Bucket: archive, Key: key, PartNumber: aws.Int32(2)})
	body, err := io.ReadAll(get.Body)
	require.NoError(t, err)
	require.Equal(t, "end", string(body))
	require.Equal(t, int32(2), *get.PartsCount)
	require.Equal(t, "bytes 5242880-5242882/5242883", *get.ContentRange)
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key, PartNumber: aws.Int32(1)})
	require.Equal(t, int64(5<<20), *head.ContentLength)
	about := doing(t, c.GetObjectAttributes, &sdk.GetObjectAttributesInput{Bucket: archive, Key: key, ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesObjectParts}})
	require.Equal(t, int32(2), *about.ObjectParts.TotalPartsCount)
	require.Equal(t, int64(3), *about.ObjectParts.Parts[1].Size)
	_, err = c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: key, PartNumber: aws.Int32(3)})
	require.ErrorContains(t, err, "partnumber is not satisfiable")
}

// Terraform's aws_s3_object_copy escapes the slash between bucket and key.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func TestCopySourceIsEscapedAsAWhole(t *testing.T) {
	_, c := start(t)
	versioning(t, c, types.BucketVersioningStatusEnabled)
	const name = "a b/ü+&.txt"
	first := put(t, c, name, "first")
	put(t, c, name, "second")
	const escaped = "archive%2Fa%20b%2F%C3%BC%2B%26.txt"
	for source, want := range map[string]string{escaped: "second", "%2F" + escaped: "second", "/archive/a%20b/%C3%BC%2B%26.txt": "second", escaped + "?versionId=" + first: "first"} {
		doing(t, c.CopyObject, &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("copy"), CopySource: &source})
		body, err := read(t, c, "copy", "")
		require.NoError(t, err)
		require.Equal(t, want, body, source)
	}
	_, err := c.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("copy"), CopySource: aws.String("archive")})
	require.Equal(t, "InvalidArgument", code(err))
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
func TestReadingADeleteMarkerNamesIt(t *testing.T) {
	state, c := start(t)
	versioning(t, c, types.BucketVersioningStatusEnabled)
	put(t, c, "k", "x")
	marker := *doing(t, c.DeleteObject, &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("k")}).VersionId
	for query, want := range map[string]int{"": http.StatusNotFound, "?versionId=" + marker: http.StatusMethodNotAllowed} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := httptest.NewRecorder()
			s3.Handler(state).ServeHTTP(w, httptest.NewRequest(method, "http://cloud/archive/k"+query, nil))
			require.Equal(t, want, w.Code, "%s %s", method, query)
			require.Equal(t, "true", w.Header().Get("x-amz-delete-marker"))
			require.Equal(t, marker, w.Header().Get("x-amz-version-id"))
		}
	}
	_, err := read(t, c, "k", "nonsense")
	require.Equal(t, "InvalidArgument", code(err))
	_, err = read(t, c, "k", strings.Repeat("0", 32))
	require.Equal(t, "NoSuchVersion", code(err))
}
