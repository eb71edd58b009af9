package s3

import (
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"
)

// presignature are the parameters of a presigned URL that are no headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
var presignature = []string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders",
}

// ofSignature tells whether a name is one of them, in whatever case.
func ofSignature(name string) bool {
	return slices.ContainsFunc(presignature, func(one string) bool { return strings.EqualFold(one, name) })
}

// old are the parameters of a URL that is presigned with Signature Version 2, and oldHoisted
// the other headers that whoever does so hoists.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
var (
	old        = []string{"Signature", "Expires", "AWSAccessKeyId"}
	oldHoisted = []string{"content-type", "content-md5"}
)

// isOld tells whether a query is signed so.
func isOld(query url.Values) bool { return query.Has("Signature") }

// OwnSignature tells whether a request is signed in a way that only S3 knows: with Version
// 2, as boto3 does URLs unless it is told otherwise, or as a form, which is in its fields.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
func OwnSignature(r *http.Request) bool {
	query := r.URL.Query()
	return isOld(query) && query.Has("AWSAccessKeyId") || strings.HasPrefix(r.Header.Get("Authorization"), "AWS ") || isForm(r)
}

// presigned tells whether a query may have such headers, without parsing it.
func presigned(query string) bool {
	for i := range len(query) {
		if query[i] == '%' || isAmz(query[i:]) || strings.HasPrefix(query[i:], "Signature=") {
			return true
		}
	}
	return false
}

// isAmz tells whether a name begins with x-amz-, in whatever case.
func isAmz(name string) bool {
	return len(name) >= len(amz) && strings.EqualFold(name[:len(amz)], amz)
}

// lowerHeaders gives a request the headers that whoever presigned its URL hoisted
// into the query, as SDKs do with x-amz-acl and x-amz-meta-…. Which of a header and a
// parameter with another value counts is written nowhere: they are refused.
func lowerHeaders(r *http.Request) (*http.Request, error) {
	own, query := r, r.URL.Query()
	for name, values := range query {
		if !isAmz(name) && !(isOld(query) && slices.Contains(oldHoisted, name)) {
			continue
		}
		if ofSignature(name) {
			if r.Header.Get("Authorization") != "" {
				return r, gofakes3.ErrorInvalidArgument("Authorization", r.Header.Get("Authorization"),
					"Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified")
			}
			continue
		}
		header := textproto.CanonicalMIMEHeaderKey(name)
		if isAmz(name) && !strings.HasPrefix(header, amz) { // it cannot be a header's
			return r, refusal(r.Method + " with the parameter " + name)
		}
		if there, ok := own.Header[header]; ok {
			if !slices.Equal(there, values) {
				return r, gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "The header "+strings.ToLower(header)+" and the parameter of its name differ")
			}
			continue
		}
		if own == r {
			own = r.Clone(r.Context())
		}
		own.Header[header] = values
	}
	return own, nil
}
