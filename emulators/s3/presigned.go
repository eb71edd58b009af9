package s3

import (
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// presignature are the parameters of a presigned URL that are no headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
var presignature = []string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders",
}

// presigned tells whether a query may have such headers, without parsing it.
func presigned(query string) bool {
	return strings.Contains(query, "X-Amz-") || strings.Contains(query, "x-amz-")
}

// lowerHeaders gives a request the headers that whoever presigned its URL hoisted
// into the query, as SDKs do with x-amz-acl and x-amz-meta-….
func lowerHeaders(r *http.Request) *http.Request {
	own := r
	for name, values := range r.URL.Query() {
		signs := slices.ContainsFunc(presignature, func(one string) bool { return strings.EqualFold(one, name) })
		header := textproto.CanonicalMIMEHeaderKey(name)
		if signs || !strings.HasPrefix(header, "X-Amz-") || r.Header.Get(header) != "" {
			continue
		}
		if own == r {
			own = r.Clone(r.Context())
		}
		own.Header[header] = values
	}
	return own
}
