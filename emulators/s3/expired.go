package s3

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/rclone/gofakes3"
)

// maxExpiry is a week, in seconds.
const maxExpiry = 604800

// expired refuses a presigned URL whose time is over: of Signature Version 4 when
// X-Amz-Expires seconds have passed since X-Amz-Date, of Version 2 at Expires. One that does
// not say would never be.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
func expired(query url.Values, now time.Time) error {
	var until time.Time
	switch {
	case query.Has("X-Amz-Credential"):
		if slices.ContainsFunc(presignature, func(name string) bool { return name != "X-Amz-Security-Token" && !query.Has(name) }) {
			return badParameters("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
		}
		seconds, err := strconv.ParseInt(query.Get("X-Amz-Expires"), 10, 64)
		switch {
		case err != nil:
			return badParameters("X-Amz-Expires should be a number")
		case seconds < 0:
			return badParameters("X-Amz-Expires must be non-negative")
		case seconds > maxExpiry:
			return badParameters("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
		}
		at, err := time.Parse("20060102T150405Z", query.Get("X-Amz-Date"))
		if err != nil {
			return badParameters(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
		}
		until = at.Add(time.Duration(seconds) * time.Second)
	case isOld(query):
		if slices.ContainsFunc(old, func(name string) bool { return !query.Has(name) }) {
			return gofakes3.ErrorMessage("AccessDenied", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
		}
		at, err := strconv.ParseInt(query.Get("Expires"), 10, 64)
		if err != nil {
			return gofakes3.ErrorMessage("AccessDenied", "Invalid date (should be seconds since epoch): "+query.Get("Expires"))
		}
		until = time.Unix(at, 0)
	default:
		return nil
	}
	if now.After(until) {
		return gofakes3.ErrorMessage("AccessDenied", "Request has expired: it was signed until "+until.UTC().Format(time.RFC3339)+", and it is "+now.UTC().Format(time.RFC3339))
	}
	return nil
}

func badParameters(why string) error {
	return gofakes3.ErrorMessage("AuthorizationQueryParametersError", why)
}
