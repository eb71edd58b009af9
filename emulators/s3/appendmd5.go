package s3

import (
	"crypto/md5"
	"hash"
	"net/http"
	"strconv"
	"strings"
)

const appendMD5 = "append-md5"

// appending puts the MD5 of what an answer has behind it where a request for an object
// takes that, as SDKs for Java before 2.30 and for Go before v2 do unless they are told not
// to: they compare it. It is 16 bytes, in the length of the answer, and is not in
// Content-Range. No page of AWS's tells of it; the SDKs' sources do. done ends the answer.
// https://github.com/aws/aws-sdk-go/blob/main/service/s3/body_hash.go
func appending(w http.ResponseWriter, r *http.Request, key string) (to http.ResponseWriter, done func()) {
	if r.Method != http.MethodGet || r.Header.Get("X-Amz-Te") != appendMD5 || !strings.HasPrefix(action(r.Method, key, r.URL.Query()), "GetObject") || key == "" {
		return w, func() {}
	}
	with := &md5Writer{ResponseWriter: w, hash: md5.New()}
	return with, with.close
}

type md5Writer struct {
	http.ResponseWriter
	hash           hash.Hash
	begun, appends bool
}

// WriteHeader implements http.ResponseWriter.
func (w *md5Writer) WriteHeader(status int) {
	length, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64)
	if w.appends = err == nil && (status == http.StatusOK || status == http.StatusPartialContent); w.appends && !w.begun {
		w.Header().Set("X-Amz-Transfer-Encoding", appendMD5)
		w.Header().Set("Content-Length", strconv.FormatInt(length+md5.Size, 10))
	}
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *md5Writer) Write(b []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	_, _ = w.hash.Write(b) // never fails
	return w.ResponseWriter.Write(b)
}

func (w *md5Writer) close() {
	if !w.begun { // an object of no bytes
		w.WriteHeader(http.StatusOK)
	}
	if w.appends {
		_, _ = w.ResponseWriter.Write(w.hash.Sum(nil)) // a client that has gone
	}
}
