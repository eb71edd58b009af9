package s3_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// What is refused changes nothing: not the object that the request names.
func TestOperationsAreRefusedByName(t *testing.T) {
	_, c := start(t)
	ctx, key := t.Context(), aws.String("k")
	put(t, c, "k", "kept")
	errs := map[string]error{}
	_, errs["RenameObject"] = c.RenameObject(ctx, &sdk.RenameObjectInput{Bucket: archive, Key: key, RenameSource: aws.String("archive/x")})
	_, errs["RestoreObject"] = c.RestoreObject(ctx, &sdk.RestoreObjectInput{Bucket: archive, Key: key, RestoreRequest: &types.RestoreRequest{Days: aws.Int32(1)}})
	_, errs["GetObjectTorrent"] = c.GetObjectTorrent(ctx, &sdk.GetObjectTorrentInput{Bucket: archive, Key: key})
	_, errs["PutObjectRetention"] = c.PutObjectRetention(ctx, &sdk.PutObjectRetentionInput{Bucket: archive, Key: key, Retention: &types.ObjectLockRetention{}})
	_, errs["GetBucketInventoryConfiguration"] = c.GetBucketInventoryConfiguration(ctx, &sdk.GetBucketInventoryConfigurationInput{Bucket: archive, Id: aws.String("i")})
	_, errs["GetBucketMetadataConfiguration"] = c.GetBucketMetadataConfiguration(ctx, &sdk.GetBucketMetadataConfigurationInput{Bucket: archive})
	_, errs["CreateSession"] = c.CreateSession(ctx, &sdk.CreateSessionInput{Bucket: archive})
	_, errs["x-amz-storage-class"] = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader("lost"), StorageClass: types.StorageClassGlacier})
	_, errs["x-amz-mfa"] = c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: archive, Key: key, MFA: aws.String("serial 123456")})
	_, errs["x-amz-server-side-encryption-customer"] = c.GetObject(ctx, &sdk.GetObjectInput{Bucket: archive, Key: key,
		SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: aws.String("c2VjcmV0"), SSECustomerKeyMD5: aws.String("XrY7u+Ae7tCTyyK7j1rNww==")})
	_, errs["x-amz-server-side-encryption-bucket-key-enabled"] = c.PutObject(ctx, &sdk.PutObjectInput{Bucket: archive, Key: key, Body: strings.NewReader("lost"), BucketKeyEnabled: aws.Bool(true)})
	for name, err := range errs {
		require.Equal(t, "NotImplemented", code(err), "%s: %v", name, err)
		require.ErrorContains(t, err, name)
	}
	got, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "kept", got)
}

// A bucket of somebody else is not written to by mistake.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
func TestExpectedBucketOwner(t *testing.T) {
	_, c := start(t)
	put(t, c, "k", "kept")
	for owner, want := range map[string]string{"000000000000": "", "999999999999": "AccessDenied"} {
		_, err := c.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: aws.String("k"), ExpectedBucketOwner: aws.String(owner)})
		require.Equal(t, want, code(err), "%s: %v", owner, err)
		if want != "" {
			require.ErrorContains(t, err, "StatusCode: 403")
		}
	}
}

// An unknown parameter does not make a plain PUT of its request.
func TestUnknownParametersAreRefused(t *testing.T) {
	state, c := start(t)
	put(t, c, "k", "kept")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://cloud/archive/k?annotation", strings.NewReader("lost"))
	require.NoError(t, err)
	answer, err := emulators.Direct{Handler: s3.Handler(state)}.Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusNotImplemented, answer.StatusCode)
	got, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "kept", got)
}

func TestPresigned(t *testing.T) {
	state, c := start(t)
	direct := emulators.Direct{Handler: s3.Handler(state)}
	signer := sdk.NewPresignClient(c)
	do := func(signed *v4.PresignedHTTPRequest, body string) int {
		request, err := http.NewRequestWithContext(t.Context(), signed.Method, signed.URL, strings.NewReader(body))
		require.NoError(t, err)
		answer, err := direct.Do(request)
		require.NoError(t, err)
		return answer.StatusCode
	}
	signed, err := signer.PresignPutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k")})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, do(signed, "hello"))
	signed, err = signer.PresignGetObject(t.Context(), &sdk.GetObjectInput{Bucket: archive, Key: aws.String("k"), ResponseContentType: aws.String("text/plain")})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, do(signed, ""))
	got, err := read(t, c, "k", "")
	require.NoError(t, err)
	require.Equal(t, "hello", got)

	// Some SDKs hoist headers into the query: they count as the headers that they were.
	signed, err = signer.PresignPutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: aws.String("k")})
	require.NoError(t, err)
	plain := signed.URL
	signed.URL = plain + "&x-amz-acl=public-read"
	require.Equal(t, http.StatusBadRequest, do(signed, "hello"))
	signed.URL = plain + "&x-amz-meta-site=north"
	require.Equal(t, http.StatusOK, do(signed, "hello"))
	head, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k")})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"site": "north"}, head.Metadata)
}

// A header in the query counts however it is written there, and is refused where it
// contradicts one that is sent, or could not be one.
func TestHeadersInTheQuery(t *testing.T) {
	state, c := start(t)
	for query, of := range map[string]struct {
		header http.Header
		want   string
	}{
		"x-amz-storage-class=GLACIER":                                    {nil, "NotImplemented"},
		"X%2DAmz%2DStorage%2DClass=GLACIER":                              {nil, "NotImplemented"},
		"%78-amz-storage-class=GLACIER":                                  {nil, "NotImplemented"},
		"X-AMZ-STORAGE-CLASS=GLACIER":                                    {nil, "NotImplemented"},
		"x-aMz-storage-class=GLACIER":                                    {nil, "NotImplemented"},
		"x-amz-storage-class=STANDARD&X-Amz-Storage-Class=GLACIER":       {nil, "InvalidRequest"},
		"x-amz-storage+class=GLACIER":                                    {nil, "NotImplemented"},
		"x-amz-storage-class=STANDARD":                                   {http.Header{"X-Amz-Storage-Class": {"STANDARD"}}, ""},
		"x-amz-meta-site=north":                                          {http.Header{"X-Amz-Meta-Site": {"south"}}, "InvalidRequest"},
		"x-amz-meta-site=":                                               {http.Header{"X-Amz-Meta-Site": {"south"}}, "InvalidRequest"},
		"X-Amz-Signature=ab":                                             {http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=test"}}, "InvalidArgument"},
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab&X-Amz-Te=x": {nil, "NotImplemented"},
	} {
		headers := map[string]string{}
		for name := range of.header {
			headers[name] = of.header.Get(name)
		}
		code, _ := putChunks(t, s3.Handler(state), "/archive/k?"+query, hello, headers)
		require.Equal(t, of.want, code, query)
	}
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k")})
	require.Empty(t, head.Metadata)
}

// A page of less than nothing is refused, not taken for one of nothing.
func TestPagesOfLessThanNothing(t *testing.T) {
	_, c := start(t)
	_, err := c.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: archive, MaxKeys: aws.Int32(-1)})
	require.Equal(t, "InvalidArgument", code(err))
	_, err = c.ListObjectVersions(t.Context(), &sdk.ListObjectVersionsInput{Bucket: archive, MaxKeys: aws.Int32(-1)})
	require.Equal(t, "InvalidArgument", code(err))
}
