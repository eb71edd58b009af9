package s3_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/s3"
)

// helloSums are the checksums of "hello" by each algorithm.
var helloSums = map[string]string{"crc32": *helloCRC32, "crc32c": *castagnoli, "crc64nvme": *helloNVME, "sha1": *helloSHA1, "sha256": *helloSHA2}

const unsignedTrailer, signedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"

// putChunks puts a body as it is on the wire, and answers the error's code, or none.
func putChunks(t *testing.T, handler http.Handler, path, body string, headers map[string]string) (string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://cloud"+path, strings.NewReader(body))
	require.NoError(t, err)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := emulators.Direct{Handler: handler}.Do(request)
	require.NoError(t, err)
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	_, code, _ := strings.Cut(string(raw), "<Code>")
	code, _, _ = strings.Cut(code, "</Code>")
	if answer.StatusCode/100 != 2 {
		require.NotEmpty(t, code, "%d %s", answer.StatusCode, raw)
	}
	return code, answer.Header
}

// begin begins a multipart upload: parts are put through the same handler.
func begin(t *testing.T, handler http.Handler, path string) (id string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://cloud"+path+"?uploads", nil)
	require.NoError(t, err)
	answer, err := emulators.Direct{Handler: handler}.Do(request)
	require.NoError(t, err)
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	_, id, _ = strings.Cut(string(raw), "<UploadId>")
	id, _, _ = strings.Cut(id, "</UploadId>")
	return id
}

func chunkedHeaders(payload, trailer string, size int) map[string]string {
	h := map[string]string{"Content-Encoding": "aws-chunked", "X-Amz-Content-Sha256": payload, "X-Amz-Decoded-Content-Length": strconv.Itoa(size)}
	if trailer != "" {
		h["X-Amz-Trailer"] = trailer
	}
	return h
}

// The checksum in a trailer is compared and kept, by each algorithm, of objects, of parts
// and of documents.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
func TestChecksumInTrailer(t *testing.T) {
	state, c := start(t)
	handler := s3.Handler(state)
	for algorithm, sum := range helloSums {
		name := "x-amz-checksum-" + algorithm
		body := func(value string) string { return "3\r\nhel\r\n2\r\nlo\r\n0\r\n" + name + ":" + value + "\r\n\r\n" }
		code, headers := putChunks(t, handler, "/archive/"+algorithm, body(sum), chunkedHeaders(unsignedTrailer, name, 5))
		require.Empty(t, code, algorithm)
		require.Equal(t, sum, headers.Get(name))
		head := doing(t, c.HeadObject, &sdk.HeadObjectInput{Bucket: archive, Key: &algorithm, ChecksumMode: types.ChecksumModeEnabled})
		require.Equal(t, sum, aws.ToString(head.ChecksumCRC32)+aws.ToString(head.ChecksumCRC32C)+aws.ToString(head.ChecksumCRC64NVME)+aws.ToString(head.ChecksumSHA1)+aws.ToString(head.ChecksumSHA256))
		require.Nil(t, head.ContentEncoding)

		wrong := "A" + sum[1:]
		if wrong == sum {
			wrong = "B" + sum[1:]
		}
		code, _ = putChunks(t, handler, "/archive/wrong", body(wrong), chunkedHeaders(unsignedTrailer, name, 5))
		require.Equal(t, "BadDigest", code, algorithm)
		part := "/archive/parts?partNumber=1&uploadId=" + begin(t, handler, "/archive/parts")
		code, _ = putChunks(t, handler, part, body(wrong), chunkedHeaders(unsignedTrailer, name, 5))
		require.Equal(t, "BadDigest", code, algorithm)
		code, headers = putChunks(t, handler, part, body(sum), chunkedHeaders(unsignedTrailer, name, 5))
		require.Empty(t, code, algorithm)
		require.Equal(t, sum, headers.Get(name))
		code, _ = putChunks(t, handler, "/archive?tagging", body(wrong), chunkedHeaders(unsignedTrailer, name, 5))
		require.Equal(t, "BadDigest", code, algorithm)
	}
	_, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("wrong")})
	require.Equal(t, "NotFound", code(err), "what arrived wrong is not stored")
}

// Each encoding is read, as SDKs write it: with signatures of chunks and of the trailer,
// and with the empty lines that some send more.
func TestChunkedEncodings(t *testing.T) {
	state, c := start(t)
	handler := s3.Handler(state)
	sum := "x-amz-checksum-crc32:" + *helloCRC32
	for _, of := range []struct{ payload, trailer, body string }{
		{unsignedTrailer, "x-amz-checksum-crc32", "5\r\nhello\r\n0\r\n" + sum + "\n\r\n\r\n\r\n"},
		{unsignedTrailer, "", "5\r\nhello\r\n0\r\n\r\n"},
		{"UNSIGNED-PAYLOAD", "", "5\r\nhello\r\n0\r\n\r\n"},
		{"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", "5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\n\r\n"},
		{signedTrailer, "x-amz-checksum-crc32", "5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\n" + sum + "\r\nx-amz-trailer-signature:ef\r\n\r\n"},
		{signedTrailer, "X-Amz-Checksum-CRC32", "5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\n" + sum + "\n\r\nx-amz-trailer-signature:ef\r\n\r\n"},
		{"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "", "5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\n\r\n"},
	} {
		put(t, c, "k", "before")
		code, _ := putChunks(t, handler, "/archive/k", of.body, chunkedHeaders(of.payload, of.trailer, 5))
		require.Empty(t, code, "%+v", of)
		got, err := read(t, c, "k", "")
		require.NoError(t, err)
		require.Equal(t, hello, got, "%+v", of)
	}
}

// What is not as it should be is refused with S3's code, and stores nothing.
func TestChunksAreRefused(t *testing.T) {
	state, c := start(t)
	handler := s3.Handler(state)
	const crc = "x-amz-checksum-crc32"
	sum := crc + ":" + *helloCRC32 + "\r\n\r\n"
	with := func(h map[string]string, name, value string) map[string]string { h[name] = value; return h }
	for _, of := range []struct {
		body    string
		headers map[string]string
		want    string
	}{
		{"5\r\nhello\r\n0\r\n\r\n", chunkedHeaders(unsignedTrailer, crc, 5), "MalformedTrailerError"},
		{"5\r\nhello\r\n0\r\n:M3eFcA==\r\n\r\n", chunkedHeaders(unsignedTrailer, crc, 5), "MalformedTrailerError"},
		{"5\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, "", 5), "MalformedTrailerError"},
		{"5\r\nhello\r\n0\r\nx-amz-checksum-sha1:" + *helloSHA1 + "\r\n\r\n", chunkedHeaders(unsignedTrailer, crc, 5), "MalformedTrailerError"},
		{"5\r\nhello\r\n0\r\n" + crc + ":" + *helloCRC32 + "\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "MalformedTrailerError"},
		{"5\r\nhello\r\n0\r\n" + strings.Repeat("\r\n", 5000), chunkedHeaders(unsignedTrailer, "", 5), "MalformedTrailerError"},
		{"hello", map[string]string{"X-Amz-Trailer": crc}, "MalformedTrailerError"},
		{"5\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, "x-amz-checksum-md5", 5), "InvalidRequest"},
		{"5\r\nhello\r\n0\r\n" + crc + ":none\r\n\r\n", chunkedHeaders(unsignedTrailer, crc, 5), "InvalidRequest"},
		{"5\r\nhello\r\n0\r\n" + sum, with(chunkedHeaders(unsignedTrailer, crc, 5), "X-Amz-Checksum-Sha1", *helloSHA1), "InvalidRequest"},
		{"5\r\nhello\r\n0\r\n" + sum, with(chunkedHeaders(unsignedTrailer, crc, 5), "X-Amz-Checksum-Crc32", *helloCRC32), "InvalidRequest"},
		{"5\r\nhello\r\n0\r\n" + sum, with(chunkedHeaders(unsignedTrailer, crc, 5), "X-Amz-Sdk-Checksum-Algorithm", "SHA1"), "InvalidRequest"},
		{"5\r\nhello\r\n0\r\n" + sum, with(chunkedHeaders(unsignedTrailer, crc, 5), "X-Amz-Decoded-Content-Length", "5x"), "MissingContentLength"},
		{"5\r\nhello\r\n0\r\n" + sum, with(chunkedHeaders(unsignedTrailer, crc, 5), "X-Amz-Decoded-Content-Length", "-1"), "MissingContentLength"},
		{"5\r\nhello\r\n0\r\n\r\n", with(chunkedHeaders(unsignedTrailer, "", 5), "X-Amz-Sdk-Checksum-Algorithm", "CRC32"), "InvalidRequest"},
		{"hello", map[string]string{"X-Amz-Sdk-Checksum-Algorithm": "CRC32"}, "InvalidRequest"},
		{"hello", map[string]string{"Content-Encoding": "aws-chunked"}, "MissingContentLength"},
		{"hello", map[string]string{"X-Amz-Decoded-Content-Length": "4"}, "IncompleteBody"},
		{"5\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 4), "IncompleteBody"},
		{"5\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 6), "IncompleteBody"},
		{"5\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"5\r\nhello0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"5\r\nhello\r\n0\r\n", chunkedHeaders(unsignedTrailer, "", 5), "IncompleteBody"},
		{"5\r\nhello\r\n0\r\n" + crc + ":" + *helloCRC32 + "\r\n", chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"five\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"-5\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"7fffffffffffffff\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"5;" + strings.Repeat("x", 5000) + "\r\nhello\r\n0\r\n" + sum, chunkedHeaders(unsignedTrailer, crc, 5), "IncompleteBody"},
		{"5\r\nhello\r\n0\r\n" + sum, chunkedHeaders("STREAMING-UNSIGNED-PAYLOAD", crc, 5), "InvalidArgument"},
	} {
		code, _ := putChunks(t, handler, "/archive/k", of.body, of.headers)
		require.Equal(t, of.want, code, "%.80q %v", of.body, of.headers)
	}
	_, err := c.HeadObject(t.Context(), &sdk.HeadObjectInput{Bucket: archive, Key: aws.String("k")})
	require.Equal(t, "NotFound", code(err))
}

// An SDK over TLS sends a stream's checksum in the trailer.
func TestTrailersOfTheSDK(t *testing.T) {
	state, c := start(t)
	var trailers []string
	over := sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("https://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: doFunc(func(r *http.Request) (*http.Response, error) {
			trailers = append(trailers, r.Header.Get("X-Amz-Trailer"))
			return emulators.Direct{Handler: s3.Handler(state)}.Do(r)
		}),
	}, func(o *sdk.Options) { o.UsePathStyle = true })
	for _, algorithm := range []types.ChecksumAlgorithm{types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmCrc64nvme, types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256} {
		key := aws.String("of" + string(algorithm))
		_, err := over.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: archive, Key: key, Body: io.MultiReader(strings.NewReader(hello)), ContentLength: aws.Int64(5), ChecksumAlgorithm: algorithm})
		require.NoError(t, err, algorithm)
		got, err := read(t, c, *key, "")
		require.NoError(t, err)
		require.Equal(t, hello, got)
	}
	require.Equal(t, []string{"x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1", "x-amz-checksum-sha256"}, trailers)
}

type doFunc func(*http.Request) (*http.Response, error)

// Do implements aws.HTTPClient.
func (f doFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// FuzzChunks holds that no body of chunks does more than be refused.
func FuzzChunks(f *testing.F) {
	state := s3.New(s3.Config{})
	require.NoError(f, state.CreateBucket(f.Context(), "archive"))
	handler := emulators.Direct{Handler: s3.Handler(state)}
	f.Add("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "x-amz-checksum-crc32", "5")
	f.Add("5;chunk-signature=ab\r\nhello\r\n0;chunk-signature=cd\r\n\r\n", "", "5")
	f.Fuzz(func(t *testing.T, body, trailer, length string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://cloud/archive/k", strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("X-Amz-Content-Sha256", unsignedTrailer)
		request.Header.Set("X-Amz-Decoded-Content-Length", length)
		request.Header.Set("X-Amz-Trailer", trailer)
		answer, err := handler.Do(request)
		require.NoError(t, err)
		require.Less(t, answer.StatusCode, 500)
	})
}
