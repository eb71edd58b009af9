package wire

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// signature are the parameters of a Signature Version 4 that stands in the URL, and those
// that SDKs make of headers of theirs, then. They say nothing to an operation.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
var signature = []string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Region-Set", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders",
	"X-Amz-Content-Sha256", "X-Amz-User-Agent",
}

// IsSignature tells whether a parameter of a URL is of its signature, in whatever case.
func IsSignature(parameter string) bool {
	return slices.ContainsFunc(signature, func(one string) bool { return strings.EqualFold(one, parameter) })
}

// Parameters are those of a request's URL, without its signature.
func Parameters(r *http.Request) url.Values {
	query := r.URL.Query()
	for name := range query {
		if IsSignature(name) {
			delete(query, name)
		}
	}
	return query
}

// takeHeader takes a header out of a request, or out of the parameters of its URL: who
// presigns a URL may have put it there. Both, with other values, are none: ok is false.
func takeHeader(r *http.Request, query url.Values, name string) (values []string, ok bool) {
	values = r.Header.Values(name)
	for parameter, hoisted := range query {
		if !strings.HasPrefix(name, "X-Amz-") || !strings.EqualFold(parameter, name) {
			continue
		}
		if len(values) > 0 && !slices.Equal(values, hoisted) {
			return nil, false
		}
		values = hoisted
		delete(query, parameter)
	}
	return values, true
}

// Lowered is a request with some of its headers, which whoever presigned its URL had hoisted
// into that, where headers are. The rest of the URL stays.
func Lowered(r *http.Request, headers ...string) (*http.Request, error) {
	query := r.URL.Query()
	lowered := r
	for _, name := range headers {
		values, ok := takeHeader(r, query, name)
		switch {
		case !ok:
			return nil, Errorf("InvalidSignatureException", http.StatusForbidden, "the header %s and the parameter of its name differ", name)
		case len(values) == 0:
			continue
		case lowered == r:
			lowered = r.Clone(r.Context())
		}
		lowered.Header[name] = values
	}
	if lowered != r {
		lowered.URL.RawQuery = query.Encode()
	}
	return lowered, nil
}
