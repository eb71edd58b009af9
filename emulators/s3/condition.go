package s3

import (
	"net/http"

	"github.com/rclone/gofakes3"
)

// unconditional refuses a write of an object under a condition that S3 does not know: it
// may be there not at all (*) or with one ETag, but not with any other ETag.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func unconditional(r *http.Request, key string) error {
	if key == "" || r.Method != http.MethodPut && r.Method != http.MethodPost {
		return nil
	}
	if none := r.Header.Get("If-None-Match"); none != "" && (none != "*" || r.Header.Get("If-Match") != "") {
		return gofakes3.ErrorMessage(gofakes3.ErrNotImplemented, "A header you provided implies functionality that is not implemented: If-None-Match")
	}
	return nil
}
