package s3

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

const (
	// streaming begins an x-amz-content-sha256 of an aws-chunked body.
	streaming = "STREAMING-"
	// maxTrailer bounds what is behind the last chunk, in bytes.
	maxTrailer = 8 << 10
)

// chunkings are those that there are. Signatures of chunks are not verified, as those of
// requests are not.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
var chunkings = strings.Fields(streaming + `UNSIGNED-PAYLOAD-TRAILER
	` + streaming + `AWS4-HMAC-SHA256-PAYLOAD       ` + streaming + `AWS4-HMAC-SHA256-PAYLOAD-TRAILER
	` + streaming + `AWS4-ECDSA-P256-SHA256-PAYLOAD ` + streaming + `AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`)

var errTrailer = gofakes3.ErrorMessage("MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")

// unchunk gives a request whose body is aws-chunked the body that is in the chunks, and
// the checksum in its trailer as the header that it could have been. gofakes3 knows some
// of the encodings only, and looks at no trailer.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func unchunk(r *http.Request) (*http.Request, error) {
	h := r.Header
	payload, length := h.Get("X-Amz-Content-Sha256"), h.Get("X-Amz-Decoded-Content-Length")
	switch streams := strings.HasPrefix(payload, streaming); {
	case r.Method != http.MethodPut && r.Method != http.MethodPost:
		return r, nil
	case streams && !slices.Contains(chunkings, payload):
		return nil, noPayload(payload)
	case streams || strings.Contains(h.Get("Content-Encoding"), "aws-chunked"):
	case h.Get("X-Amz-Trailer") != "":
		return nil, errTrailer
	case length != "" && length != strconv.FormatInt(r.ContentLength, 10): // of a body that is as it is
		return nil, gofakes3.ErrIncompleteBody
	default:
		return r, nil
	}
	size, err := strconv.ParseInt(length, 10, 64)
	if err != nil || size < 0 {
		return nil, gofakes3.ErrMissingContentLength
	}
	body, trailer, err := dechunked(r.Body, size)
	if err != nil {
		return nil, unread(err)
	}
	r = r.Clone(r.Context())
	if err := trail(r.Header, trailer); err != nil {
		return nil, err
	}
	r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	r.Header.Del("X-Amz-Trailer")
	r.Header.Del("X-Amz-Decoded-Content-Length")
	r.Header.Set("Content-Length", length)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), size
	return r, nil
}

// dechunked reads chunks of size bytes together, and the trailer behind them:
//
//	5;chunk-signature=…
//	hello
//	0;chunk-signature=…
//	x-amz-checksum-crc32:NhCmhg==
//	x-amz-trailer-signature:…
func dechunked(r io.Reader, size int64) (body, trailer []byte, err error) {
	from := bufio.NewReader(r)
	whole := bytes.NewBuffer(make([]byte, 0, min(size, 1<<20))) // it grows with what arrives
	for {
		n, err := chunkSize(from)
		if err != nil {
			return nil, nil, err
		}
		if n == 0 {
			break
		}
		if int64(whole.Len())+n > size {
			return nil, nil, gofakes3.ErrIncompleteBody
		}
		if _, err := io.CopyN(whole, from, n); err != nil {
			return nil, nil, err
		}
		if end, err := line(from); err != nil || end != "" {
			return nil, nil, cmp.Or[error](err, gofakes3.ErrIncompleteBody)
		}
	}
	if int64(whole.Len()) != size {
		return nil, nil, gofakes3.ErrIncompleteBody
	}
	trailer, err = io.ReadAll(io.LimitReader(from, maxTrailer+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(trailer) > maxTrailer:
		return nil, nil, errTrailer
	case string(trailer) != "\r\n" && !bytes.HasSuffix(trailer, []byte("\r\n\r\n")):
		return nil, nil, gofakes3.ErrIncompleteBody
	}
	return whole.Bytes(), trailer, nil
}

// chunkSize reads the first line of a chunk.
func chunkSize(from *bufio.Reader) (int64, error) {
	text, err := line(from)
	if err != nil {
		return 0, err
	}
	digits, _, _ := strings.Cut(text, ";")
	n, err := strconv.ParseUint(digits, 16, 62)
	if err != nil {
		return 0, gofakes3.ErrIncompleteBody
	}
	return int64(n), nil
}

// line reads a line that ends as lines of HTTP do, and is as long as a buffer at most.
func line(from *bufio.Reader) (string, error) {
	text, err := from.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", gofakes3.ErrIncompleteBody
	}
	if err != nil {
		return "", err
	}
	bare, ok := strings.CutSuffix(string(text), "\r\n")
	if !ok {
		return "", gofakes3.ErrIncompleteBody
	}
	return bare, nil
}

// trail makes a header of the checksum in a trailer, which is the one that x-amz-trailer
// said would come.
func trail(h http.Header, trailer []byte) error {
	said := strings.ToLower(h.Get("X-Amz-Trailer"))
	if name, ok := strings.CutPrefix(said, strings.ToLower(checksumHeader)); said != "" && (!ok || algorithms[strings.ToUpper(name)].make == nil) {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "The value specified in the x-amz-trailer header is not supported")
	}
	came := false
	for text := range strings.Lines(string(trailer)) {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if name = strings.ToLower(name); name == "x-amz-trailer-signature" {
			continue
		}
		if !ok || name != said || came {
			return errTrailer
		}
		if checksum, err := checksumOf(h); err != nil || checksum.algorithm != "" {
			return cmp.Or[error](err, errChecksums)
		}
		came = true
		h.Set(name, strings.TrimSpace(value))
		if _, err := checksumOf(h); err != nil {
			return err
		}
	}
	if said != "" && !came {
		return errTrailer
	}
	return nil
}

// unread is the error of a body that could not be read to its end: that of whoever
// refused to read on, or that it is not all there.
func unread(err error) error {
	var coded gofakes3.Error
	if errors.As(err, &coded) {
		return err
	}
	return gofakes3.ErrIncompleteBody
}
