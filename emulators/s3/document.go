package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"

	"github.com/rclone/gofakes3"
)

// document reads the body of a request about a bucket and checks it against its
// Content-MD5 and its checksum.
func document(r *http.Request) ([]byte, error) {
	body, err := documentOf(r, maxDocument)
	if err != nil {
		return nil, err
	}
	return body, verify(r.Header, body)
}

// peek is a document of at most so many bytes that gofakes3 reads again.
func peek(r *http.Request, most int64) ([]byte, error) {
	body, err := documentOf(r, most)
	if err == nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	return body, err
}

// documentOf is document of at most so many bytes.
func documentOf(r *http.Request, most int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if err != nil {
		return nil, unread(err)
	}
	if int64(len(body)) > most {
		return nil, gofakes3.ErrorMessage(gofakes3.ErrMalformedXML, fmt.Sprintf("The XML of the request is larger than %d MiB", most>>20))
	}
	if sum := r.Header.Get("Content-Md5"); sum != "" {
		if is := md5.Sum(body); sum != base64.StdEncoding.EncodeToString(is[:]) {
			return nil, gofakes3.ErrorMessage(gofakes3.ErrBadDigest, "The Content-MD5 you specified did not match what we received.")
		}
	}
	return body, nil
}

// checkMD5 refuses a Content-MD5 that is none.
func checkMD5(h http.Header) error {
	if text := h.Get("Content-Md5"); text != "" {
		if sum, err := base64.StdEncoding.DecodeString(text); err != nil || len(sum) != md5.Size {
			return gofakes3.ErrorMessage(gofakes3.ErrInvalidDigest, "The Content-MD5 you specified was invalid.")
		}
	}
	return nil
}
