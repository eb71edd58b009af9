package s3

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/rclone/gofakes3"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// fromHeaders and fromQuery are the condition keys of S3 that are evaluated, by what of
// a request has their value.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
var (
	fromHeaders = map[string]string{
		"s3:x-amz-server-side-encryption":                "X-Amz-Server-Side-Encryption",
		"s3:x-amz-server-side-encryption-aws-kms-key-id": "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id",
		"s3:x-amz-acl":                "X-Amz-Acl",
		"s3:x-amz-storage-class":      "X-Amz-Storage-Class",
		"s3:x-amz-copy-source":        "X-Amz-Copy-Source",
		"s3:x-amz-metadata-directive": "X-Amz-Metadata-Directive",
		"s3:x-amz-content-sha256":     "X-Amz-Content-Sha256",
	}
	fromQuery = map[string]string{"s3:prefix": "prefix", "s3:delimiter": "delimiter", "s3:versionid": "versionId"}
)

// parsePolicy reads a bucket's policy.
func parsePolicy(text []byte) (*policy.Document, error) {
	var more []string
	for _, from := range []map[string]string{fromHeaders, fromQuery} {
		for key := range from {
			more = append(more, key)
		}
	}
	d, err := policy.Parse(text, "s3", more...)
	if err != nil {
		return nil, gofakes3.ErrorMessage("MalformedPolicy", err.Error())
	}
	return d, nil
}

// authorize asks the policies of the buckets that a request is about. All requests are
// the account's, which may do what no policy denies: see package policy.
func (s *State) authorize(r *http.Request) error {
	bucketName, key, _ := strings.Cut(strings.TrimLeft(r.URL.Path, "/"), "/")
	if err := s.authorizeIn(r, bucketName, key, func(q url.Values) string { return action(r.Method, key, q) }); err != nil {
		return err
	}
	from, ok := copySource(r.Header)
	if !ok { // or which is refused as such
		return nil
	}
	return s.authorizeIn(r, from.bucket, from.key, func(url.Values) string {
		if from.version != "" {
			return "GetObjectVersion"
		}
		return "GetObject"
	})
}

func (s *State) authorizeIn(r *http.Request, bucketName, key string, of func(url.Values) string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok || b.policy == nil {
		return nil
	}
	query := r.URL.Query()
	name := of(query)
	switch name {
	case "":
		return nil // a list of keys, each of which is asked for
	case "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy":
		return nil // "even if the bucket policy explicitly denies the root user": a way back
	}
	if denied := s.denied(r, b, name, bucketName, key); denied != nil {
		return gofakes3.ErrorMessage("AccessDenied", denied.Error())
	}
	return nil
}

// denied asks the policy of a bucket; the caller holds the lock.
func (s *State) denied(r *http.Request, b *bucket, action, bucketName, key string) *policy.Denied {
	if b.policy == nil {
		return nil
	}
	resource := "arn:aws:s3:::" + bucketName
	if key != "" {
		resource += "/" + key
	}
	known, query := map[string]string{}, r.URL.Query()
	for condition, header := range fromHeaders {
		if values := r.Header.Values(header); values != nil {
			known[condition] = values[0]
		}
	}
	for condition, parameter := range fromQuery {
		if query.Has(parameter) {
			known[condition] = query.Get(parameter)
		}
	}
	return b.policy.Authorize(r.Context(), policy.Request{
		Account: s.config.Identity.OrDefault().Account, Action: "s3:" + action, Resource: resource, Known: known,
	})
}

// PolicyOf is the policy of a bucket; nil for none.
func (s *State) PolicyOf(bucketName string) *policy.Document {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return nil
	}
	return b.policy
}
