package s3

import (
	"net/http"
	"slices"
)

// described gives an answer the headers that S3 has and gofakes3 has not: the region of a
// bucket, and that an object is encrypted, as all are.
func (f front) described(w http.ResponseWriter, r *http.Request, key string) (answer http.ResponseWriter, finish func()) {
	if key == "" {
		if r.Method == http.MethodHead {
			w.Header().Set("x-amz-bucket-region", f.state.config.Identity.Region)
		}
		return w, func() {}
	}
	if r.Method == http.MethodDelete || r.URL.RawQuery != "" && aboutObject(r) {
		return w, func() {}
	}
	a := &encryptedAnswer{ResponseWriter: w}
	return a, a.begin
}

// aboutObject tells a request for what is kept beside an object from one for itself.
func aboutObject(r *http.Request) bool {
	query := r.URL.Query()
	return slices.ContainsFunc([]string{"tagging", "acl", "attributes"}, query.Has) || r.Method == http.MethodGet && query.Has("uploadId")
}

// encryptedAnswer says of what succeeds that it is encrypted with S3's own keys.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
type encryptedAnswer struct {
	http.ResponseWriter
	begun bool
}

// begin is for an answer that is to be a 200.
func (a *encryptedAnswer) begin() {
	if !a.begun {
		a.Header().Set("x-amz-server-side-encryption", "AES256")
	}
	a.begun = true
}

// WriteHeader implements http.ResponseWriter.
func (a *encryptedAnswer) WriteHeader(status int) {
	if status < http.StatusMultipleChoices {
		a.begin()
	}
	a.begun = true
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *encryptedAnswer) Write(b []byte) (int, error) {
	a.begin()
	return a.ResponseWriter.Write(b)
}
