package s3_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

var archive = aws.String("archive")

func versioning(t *testing.T, c *sdk.Client, status types.BucketVersioningStatus) {
	t.Helper()
	_, err := c.PutBucketVersioning(t.Context(), &sdk.PutBucketVersioningInput{
		Bucket: archive, VersioningConfiguration: &types.VersioningConfiguration{Status: status}})
	require.NoError(t, err)
}

func put(t *testing.T, c *sdk.Client, key, body string) string {
	t.Helper()
	out, err := c.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: &key, Body: strings.NewReader(body)})
	require.NoError(t, err)
	return aws.ToString(out.VersionId)
}

func read(t *testing.T, c *sdk.Client, key, version string) (string, error) {
	t.Helper()
	in := &sdk.GetObjectInput{Bucket: archive, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	out, err := c.GetObject(t.Context(), in)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(out.Body)
	return string(body), err
}

// list names the versions and markers of the bucket in order: key, marker or not, and
// whether it is the current one.
func list(t *testing.T, c *sdk.Client, limit int32) (versions, markers []string) {
	t.Helper()
	pages := sdk.NewListObjectVersionsPaginator(c, &sdk.ListObjectVersionsInput{Bucket: archive, MaxKeys: &limit})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Versions)+len(page.DeleteMarkers), int(limit))
		for _, v := range page.Versions {
			versions = append(versions, *v.Key+" "+*v.VersionId)
		}
		for _, m := range page.DeleteMarkers {
			markers = append(markers, *m.Key+" "+*m.VersionId)
		}
	}
	return versions, markers
}

// AWS.md §5: same key overwrites unless versioned
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
func TestVersions(t *testing.T) {
	_, c := start(t)
	require.Empty(t, put(t, c, "k", "zero"))
	versioning(t, c, types.BucketVersioningStatusEnabled)
	one, two := put(t, c, "k", "one"), put(t, c, "k", "two")
	for version, want := range map[string]string{"": "two", two: "two", one: "one", "null": "zero"} {
		got, err := read(t, c, "k", version)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	head, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k"), VersionId: aws.String("null")})
	require.NoError(t, err)
	require.Equal(t, int64(4), *head.ContentLength)

	marker, err := c.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("k")})
	require.NoError(t, err)
	require.True(t, *marker.DeleteMarker)
	_, err = read(t, c, "k", "")
	require.Equal(t, "NoSuchKey", code(err))
	_, err = read(t, c, "k", *marker.VersionId)
	require.Equal(t, "MethodNotAllowed", code(err))
	objects, err := c.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: archive})
	require.NoError(t, err)
	require.Empty(t, objects.Contents)
	for _, limit := range []int32{1, 2, 1000} {
		versions, markers := list(t, c, limit)
		require.Equal(t, []string{"k " + two, "k " + one, "k null"}, versions)
		require.Equal(t, []string{"k " + *marker.VersionId}, markers)
	}
	_, err = c.DeleteBucket(t.Context(), &sdk.DeleteBucketInput{Bucket: archive})
	require.Equal(t, "BucketNotEmpty", code(err))

	// Without its marker the object is back; without its newest version, the one before.
	_, err = c.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("k"), VersionId: marker.VersionId})
	require.NoError(t, err)
	_, err = c.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("k"), VersionId: &two})
	require.NoError(t, err)
	got, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "one", got)
	_, err = read(t, c, "k", two)
	require.Equal(t, "NoSuchVersion", code(err))

	restored, err := c.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: archive, Key: aws.String("k"), CopySource: aws.String("archive/k?versionId=null")})
	require.NoError(t, err)
	require.NotEmpty(t, *restored.VersionId)
	require.Equal(t, "null", *restored.CopySourceVersionId)
	got, err = read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "zero", got)
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
func TestSuspendedVersioningOverwritesTheNullVersion(t *testing.T) {
	_, c := start(t)
	versioning(t, c, types.BucketVersioningStatusEnabled)
	one := put(t, c, "k", "one")
	versioning(t, c, types.BucketVersioningStatusSuspended)
	require.Equal(t, "null", put(t, c, "k", "two"))
	require.Equal(t, "null", put(t, c, "k", "three"))
	versions, _ := list(t, c, 10)
	require.Equal(t, []string{"k null", "k " + one}, versions)
	gone, err := c.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: archive, Key: aws.String("k")})
	require.NoError(t, err)
	require.Equal(t, "null", *gone.VersionId)
	versions, markers := list(t, c, 10)
	require.Equal(t, []string{"k " + one}, versions)
	require.Equal(t, []string{"k null"}, markers)
	out, err := c.DeleteObjects(t.Context(), &sdk.DeleteObjectsInput{Bucket: archive, Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: aws.String("k"), VersionId: aws.String("null")}, {Key: aws.String("k"), VersionId: &one}}}})
	require.NoError(t, err)
	require.Len(t, out.Deleted, 2)
	_, err = c.DeleteBucket(t.Context(), &sdk.DeleteBucketInput{Bucket: archive})
	require.NoError(t, err)
}
