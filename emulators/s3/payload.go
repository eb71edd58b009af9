package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/rclone/gofakes3"
)

// errPayload is the error of a body that has another digest than its request was signed
// with.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var errPayload = gofakes3.ErrorMessage("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")

// digested compares the body of a request with the digest in its x-amz-content-sha256
// while it is read: its last byte does not arrive without.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func digested(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request, error) {
	said := r.Header.Get("X-Amz-Content-Sha256")
	if r.Method != http.MethodPut && r.Method != http.MethodPost || said == "" || said == "UNSIGNED-PAYLOAD" {
		return w, r, nil
	}
	if sum, err := hex.DecodeString(said); err != nil || len(sum) != sha256.Size {
		return w, r, noPayload(said)
	}
	body := &digestedBody{ReadCloser: r.Body, hash: sha256.New(), said: strings.ToLower(said), left: r.ContentLength}
	if body.left == 0 && !body.matches() { // nobody reads it
		return w, r, errPayload
	}
	checked := *r
	checked.Body = body
	return &digestedAnswer{w, body}, &checked, nil
}

// noPayload refuses an x-amz-content-sha256 that is neither a digest nor a word for one.
func noPayload(said string) error {
	return gofakes3.ErrorInvalidArgument("x-amz-content-sha256", said, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "+strings.Join(chunkings, ", ")+", or a valid sha256 value.")
}

type digestedBody struct {
	io.ReadCloser
	hash  hash.Hash
	said  string
	left  int64 // bytes to come; below 0 nobody has said how many
	wrong bool
}

func (b *digestedBody) matches() bool { return hex.EncodeToString(b.hash.Sum(nil)) == b.said }

// Read implements io.Reader.
func (b *digestedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	_, _ = b.hash.Write(p[:n]) // never fails
	last := b.left > 0 && b.left <= int64(n)
	b.left -= int64(n)
	if (last || err == io.EOF) && !b.matches() {
		b.wrong = true
		return n, errPayload
	}
	return n, err
}

// digestedAnswer gives the error its status, which gofakes3 does not know.
type digestedAnswer struct {
	http.ResponseWriter
	body *digestedBody
}

// WriteHeader implements http.ResponseWriter.
func (w *digestedAnswer) WriteHeader(status int) {
	if w.body.wrong {
		status = http.StatusBadRequest
	}
	w.ResponseWriter.WriteHeader(status)
}
