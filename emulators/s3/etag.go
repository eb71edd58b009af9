package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// etag is the ETag of an object, quoted: the MD5 of its body, or of a multipart upload
// the MD5 of its parts' MD5s with their number behind it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
func (o object) etag() string {
	text := hex.EncodeToString(o.sum[:])
	if o.parts != nil {
		text += "-" + strconv.Itoa(len(*o.parts))
	}
	return `"` + text + `"`
}

// hash is the ETag as gofakes3 takes it, which writes it in hexadecimal: the number of
// parts is two bytes more.
func (o object) hash() []byte {
	if o.parts == nil {
		return o.sum[:]
	}
	return binary.BigEndian.AppendUint16(o.sum[:], uint16(len(*o.parts)))
}

var (
	outer = regexp.MustCompile(`\b([0-9a-f]{32})-(\d{1,5})\b`)
	inner = regexp.MustCompile(`\b([0-9a-f]{32})([0-9a-f]{4})\b`)
)

// toInner turns the ETags of multipart uploads into gofakes3's form, toOuter back.
func toInner(text string) string {
	return outer.ReplaceAllStringFunc(text, func(tag string) string {
		n, err := strconv.ParseUint(tag[33:], 10, 16)
		if err != nil || tag[33] == '0' {
			return tag
		}
		return fmt.Sprintf("%s%04x", tag[:32], n)
	})
}

func toOuter(text string) string {
	return inner.ReplaceAllStringFunc(text, func(tag string) string {
		n, _ := strconv.ParseUint(tag[32:], 16, 16) // four digits
		return tag[:32] + "-" + strconv.FormatUint(n, 10)
	})
}

// conditions are the headers with ETags.
var conditions = []string{"If-Match", "If-None-Match", "X-Amz-Copy-Source-If-Match", "X-Amz-Copy-Source-If-None-Match"}

func conditional(r *http.Request) bool {
	return slices.ContainsFunc(conditions, func(name string) bool { return r.Header.Get(name) != "" })
}

// withETags gives gofakes3 a request with ETags in its form.
func withETags(w *answerWriter, r *http.Request) *http.Request {
	for _, name := range conditions {
		if is := r.Header.Get(name); strings.Contains(is, "-") {
			r = r.Clone(r.Context())
			r.Header.Set(name, toInner(is))
		}
	}
	if _, attributes := r.URL.Query()["attributes"]; attributes {
		w.amend = amendAttributes
	}
	return r
}

// compositeSum is a checksum of parts in an answer of GetObjectAttributes, whose type
// gofakes3 does not know.
var compositeSum = regexp.MustCompile(`(-\d+</Checksum\w+>\s*<ChecksumType>)FULL_OBJECT<`)

func amendAttributes(body string) string {
	return compositeSum.ReplaceAllString(toOuter(body), "${1}COMPOSITE<")
}

// withKeyCount adds to a page of ListObjectsV2 that it has no keys, which gofakes3 leaves
// out: clients ask for KeyCount to find out whether a bucket is empty.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func withKeyCount(body string) string {
	const end = "</ListBucketResult>"
	if strings.Contains(body, "<KeyCount>") {
		return body
	}
	return strings.Replace(body, end, "<KeyCount>0</KeyCount>"+end, 1)
}

// answerWriter turns the ETags of an answer into S3's form.
type answerWriter struct {
	http.ResponseWriter
	amend func(body string) string // of a body that needs it, which is held back
	body  bytes.Buffer
	done  bool
}

func (w *answerWriter) finish() {
	if w.done {
		return
	}
	w.done = true
	if is := w.Header().Get("ETag"); len(is) == 2*md5.Size+6 {
		w.Header().Set("ETag", toOuter(is))
	}
	nameKind(w.Header())
}

// WriteHeader implements http.ResponseWriter.
func (w *answerWriter) WriteHeader(status int) {
	if h := w.Header(); status == http.StatusBadRequest && h.Get("x-amz-delete-marker") != "" { // which gofakes3 answers otherwise
		status = http.StatusMethodNotAllowed
		h.Set("Allow", http.MethodDelete)
	}
	w.finish()
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *answerWriter) Write(b []byte) (int, error) {
	if w.amend != nil {
		return w.body.Write(b)
	}
	w.finish()
	return w.ResponseWriter.Write(b)
}

// close writes what is held back.
func (w *answerWriter) close() {
	w.finish()
	if w.body.Len() > 0 {
		_, _ = io.WriteString(w.ResponseWriter, w.amend(w.body.String()))
	}
}
