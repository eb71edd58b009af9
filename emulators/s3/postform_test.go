package s3_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// posted posts a form of fields, each name=value, and a file behind them. What has a policy
// is signed, unless that is spelt Policy.
func posted(t *testing.T, state *s3.State, file string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	return postedTo(t, state, "http://cloud/archive", file, fields...)
}

func postedTo(t *testing.T, state *s3.State, target, file string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		require.NoError(t, form.WriteField(name, value))
		if name == "policy" {
			require.NoError(t, form.WriteField("AWSAccessKeyId", "test"))
			require.NoError(t, form.WriteField("signature", "x"))
		}
	}
	part, err := form.CreateFormFile("file", `C:\Pictures\photo.jpg`)
	require.NoError(t, err)
	_, _ = part.Write([]byte(file))
	require.NoError(t, form.WriteField("submit", "what is behind the file is ignored"))
	require.NoError(t, form.Close())
	r := httptest.NewRequest(http.MethodPost, target, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s3.Handler(state).ServeHTTP(w, r)
	return w
}

func formPolicy(until time.Time, conditions string) string {
	text := fmt.Sprintf(`{"expiration": %q, "conditions": [{"bucket": "archive"}, %s]}`, until.UTC().Format(time.RFC3339), conditions)
	return "policy=" + base64.StdEncoding.EncodeToString([]byte(text))
}

// A browser posts with a policy that somebody else has signed, as boto3's
// generate_presigned_post makes it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
func TestFormIsStored(t *testing.T) {
	state, c := start(t)
	policy := formPolicy(time.Now().Add(time.Hour), `["starts-with", "$key", "up/"], {"x-amz-meta-by": "me"}, ["starts-with", "$Content-Type", "image/"],
		["content-length-range", 1, 5], {"success_action_status": "201"}, ["eq", "$tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>"]`)
	w := posted(t, state, "hello", "key=up/${filename}", "x-amz-meta-by=me", "Content-Type=image/jpeg", "success_action_status=201",
		"tagging=<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>", policy)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	require.Contains(t, w.Body.String(), "<Key>up/photo.jpg</Key>")
	require.Equal(t, "http://cloud/archive/up/photo.jpg", w.Header().Get("Location"))
	key := aws.String("up/photo.jpg")
	head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: key})
	require.Equal(t, map[string]string{"by": "me"}, head.Metadata)
	require.Equal(t, "image/jpeg", *head.ContentType)
	require.Equal(t, w.Header().Get("ETag"), *head.ETag)
	tags := doing(t, c.GetObjectTagging, &sdk.GetObjectTaggingInput{Bucket: archive, Key: key})
	require.Equal(t, "b c", *tags.TagSet[0].Value)

	four := []string{"x-amz-signature=00", "X-Amz-Algorithm=AWS4-HMAC-SHA256", "X-Amz-Credential=test/20260101/us-east-1/s3/aws4_request", "X-Amz-Date=20260101T000000Z"}
	policy = formPolicy(time.Now().Add(time.Hour), `{"key": "k"}, ["starts-with", "$Content-Type", "image/"], {"x-amz-algorithm": "AWS4-HMAC-SHA256"}, ["eq", "$x-amz-date", "20260101T000000Z"],
		{"x-amz-credential": "test/20260101/us-east-1/s3/aws4_request"}, {"x-amz-checksum-algorithm": "CRC32"}, {"x-amz-checksum-crc32": "NhCmhg=="}, {"Content-MD5": "XUFAKrxLKna5cZ2REBfFkg=="}`)
	w = posted(t, state, "hello", append(four, "key=k", "bucket=archive", "Content-Type=image/png, image/gif", "x-amz-checksum-algorithm=CRC32", "x-amz-checksum-crc32=NhCmhg==", "Content-MD5=XUFAKrxLKna5cZ2REBfFkg==",
		"Policy="+strings.TrimPrefix(policy, "policy="))...)
	require.Equal(t, http.StatusNoContent, w.Code, w.Body)
	free := formPolicy(time.Now().Add(time.Hour), `{"key": "k"}, ["starts-with", "$success_action_redirect", ""]`)
	w = posted(t, state, "hello", "key=k", "success_action_redirect=https://example.com/done?x=1", free)
	require.Equal(t, http.StatusSeeOther, w.Code, w.Body)
	require.Equal(t, "https://example.com/done?bucket=archive&etag=%225d41402abc4b2a76b9719d911017c592%22&key=k&x=1", w.Header().Get("Location"))
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
func TestFormIsHeldAgainstItsPolicy(t *testing.T) {
	later := time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		file   string
		fields []string
		want   string
	}{
		"no policy": {"x", []string{"key=k"}, "AccessDenied"},
		"no key":    {"x", []string{formPolicy(later, `{"key": "k"}`)}, "must contain a field named"},
		"another":   {"x", []string{"key=other", formPolicy(later, `{"key": "k"}`)}, "Policy Condition failed: [&#34;eq&#34;, &#34;$key&#34;, &#34;k&#34;]"},
		"prefix":    {"x", []string{"key=other", formPolicy(later, `["starts-with", "$key", "up/"]`)}, "Policy Condition failed"},
		"extra":     {"x", []string{"key=k", "x-amz-meta-a=b", formPolicy(later, `{"key": "k"}`)}, "Extra input fields: x-amz-meta-a"},
		"too large": {"xxx", []string{"key=k", formPolicy(later, `{"key": "k"}, ["content-length-range", 1, 2]`)}, "EntityTooLarge"},
		"too small": {"", []string{"key=k", formPolicy(later, `{"key": "k"}, ["content-length-range", 1, 2]`)}, "EntityTooSmall"},
		"expired":   {"x", []string{"key=k", formPolicy(later.Add(-2*time.Hour), `{"key": "k"}`)}, "Policy expired."},
		"no JSON":   {"x", []string{"key=k", "policy=" + base64.StdEncoding.EncodeToString([]byte("{"))}, "InvalidPolicyDocument"},
		"condition": {"x", []string{"key=k", formPolicy(later, `["ends-with", "$key", "k"]`)}, "InvalidPolicyDocument"},
		"not a PUT": {"x", []string{"key=k", "x-amz-copy-source=a/b", formPolicy(later, `{"key": "k"}, {"x-amz-copy-source": "a/b"}`)}, "the field x-amz-copy-source is not implemented"},
		"a header":  {"x", []string{"key=k", "x-amz-storage-class=GLACIER", formPolicy(later, `{"key": "k"}, {"x-amz-storage-class": "GLACIER"}`)}, "GLACIER is not implemented"},
		"too much":  {"x", []string{"key=" + strings.Repeat("k", 21<<10)}, "MaxPostPreDataLengthExceeded"},
		"twice":     {"x", []string{"key=k", "Key=k"}, "twice"},
		"absent":    {"x", []string{"key=k", formPolicy(later, `{"key": "k"}, ["starts-with", "$Content-Type", ""]`)}, "Policy Condition failed"},
		"types":     {"x", []string{"key=k", "Content-Type=image/png,text/plain", formPolicy(later, `{"key": "k"}, ["starts-with", "$Content-Type", "image/"]`)}, "Policy Condition failed"},
		"bucket":    {"x", []string{"key=k", "bucket=other", formPolicy(later, `{"key": "k"}`)}, "another bucket than archive"},
		"no bucket": {"x", []string{"key=k", "policy=" + base64.StdEncoding.EncodeToString([]byte(`{"expiration": "2100-01-01T00:00:00Z", "conditions": [{"key": "k"}]}`))}, "Extra input fields: bucket"},
		"member":    {"x", []string{"key=k", "policy=" + base64.StdEncoding.EncodeToString([]byte(`{"expiration": "2100-01-01T00:00:00Z", "conditions": [], "more": 1}`))}, "Invalid Policy: json: unknown field"},
		"unsigned":  {"x", []string{"key=k", "Policy=e30="}, "policy is not signed"},
		"half":      {"x", []string{"key=k", "Policy=e30=", "x-amz-signature=00", "x-amz-date=20260101T000000Z"}, "must contain a field named &#39;x-amz-algorithm&#39;"},
		"digest":    {"x", []string{"key=k", "content-md5=AAAAAAAAAAAAAAAAAAAAAA==", formPolicy(later, `{"key": "k"}, ["starts-with", "$Content-MD5", ""]`)}, "BadDigest"},
		"checksum":  {"x", []string{"key=k", "x-amz-checksum-algorithm=CRC32", formPolicy(later, `{"key": "k"}, {"x-amz-checksum-algorithm": "CRC32"}`)}, "no corresponding x-amz-checksum"},
		"long key":  {"x", []string{"key=" + strings.Repeat("k", 1025), formPolicy(later, `["starts-with", "$key", "k"]`)}, "KeyTooLong"},
	} {
		t.Run(name, func(t *testing.T) {
			state, client := start(t)
			w := posted(t, state, c.file, c.fields...)
			require.GreaterOrEqual(t, w.Code, http.StatusBadRequest)
			require.Contains(t, w.Body.String(), c.want)
			require.Empty(t, doing(t, client.ListObjectsV2, &sdk.ListObjectsV2Input{Bucket: archive}).Contents)
		})
	}
}

// What a PUT would have as headers a form has as fields, and what is no form is none.
func TestPostBesideAForm(t *testing.T) {
	state, c := start(t)
	for name, of := range map[string]struct {
		target string
		header [2]string
		want   string
	}{
		"a header": {"/archive", [2]string{"X-Amz-Acl", "private"}, "the header x-amz-acl, which is a field"},
		"a digest": {"/archive", [2]string{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}, "the header content-md5, which is a field"},
		"an owner": {"/archive", [2]string{"X-Amz-Expected-Bucket-Owner", "999999999999"}, "AccessDenied"},
		"no form":  {"/archive", [2]string{"Content-Type", "text/plain"}, "<Code>MalformedPOSTRequest"},
	} {
		r := httptest.NewRequest(http.MethodPost, of.target, strings.NewReader("--x--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.Header.Set(of.header[0], of.header[1])
		w := httptest.NewRecorder()
		s3.Handler(state).ServeHTTP(w, r)
		require.Contains(t, w.Body.String(), of.want, name)
	}
	require.Len(t, doing(t, c.ListBuckets, &sdk.ListBucketsInput{}).Buckets, 1)
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
func TestUploadIsBounded(t *testing.T) {
	state, _ := start(t)
	for header, length := range map[string]int64{"Content-Length": 5<<30 + 1, "X-Amz-Decoded-Content-Length": 5} {
		r := httptest.NewRequest(http.MethodPut, "/archive/k", nil)
		r.ContentLength = length
		r.Header.Set(header, "5368709121")
		w := httptest.NewRecorder()
		s3.Handler(state).ServeHTTP(w, r)
		require.Contains(t, w.Body.String(), "<Code>EntityTooLarge</Code>", header)
	}
}
