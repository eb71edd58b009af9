package s3

import (
	"net/url"
	"strconv"
	"time"

	"github.com/rclone/gofakes3"
)

// maxExpiry is a week, in seconds.
const maxExpiry = 604800

// expired refuses a presigned URL whose time is over: of Signature Version 4 when
// X-Amz-Expires seconds have passed since X-Amz-Date, of Version 2 at Expires.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
func expired(query url.Values, now time.Time) error {
	var until time.Time
	switch {
	case query.Has("X-Amz-Signature") && query.Has("X-Amz-Expires"):
		seconds, err := strconv.ParseInt(query.Get("X-Amz-Expires"), 10, 64)
		switch {
		case err != nil:
			return badExpiry("X-Amz-Expires should be a number")
		case seconds < 0:
			return badExpiry("X-Amz-Expires must be non-negative")
		case seconds > maxExpiry:
			return badExpiry("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")
		}
		at, err := time.Parse("20060102T150405Z", query.Get("X-Amz-Date"))
		if err != nil {
			return badExpiry(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
		}
		until = at.Add(time.Duration(seconds) * time.Second)
	case query.Has("Signature") && query.Has("Expires"):
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

func badExpiry(why string) error {
	return gofakes3.ErrorMessage("AuthorizationQueryParametersError", why)
}
