package s3

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/rclone/gofakes3"
)

// call is what of a request gofakes3 does not hand to its backend: the version that
// is read or copied from, and the headers of the request and of its answer.
type call struct {
	bucket, key, version string
	request, header      http.Header
	assembled            *object // of a multipart upload that is completed
	form                 bool    // a form was posted
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// ofVersion asks for a version of an object.
func ofVersion(ctx context.Context, bucket, key, id string) context.Context {
	return context.WithValue(ctx, callKey{}, &call{bucket: bucket, key: key, version: id})
}

// asked is the version of an object that ctx asks for; none is the current one.
func asked(ctx context.Context, bucket, key string) string {
	if c := callOf(ctx); c != nil && c.bucket == bucket && c.key == key {
		return c.version
	}
	return ""
}

// made names the version that a copy made.
func (c *call) made(id gofakes3.VersionID) {
	if c != nil && c.header != nil && id != "" {
		c.header.Set("x-amz-version-id", string(id))
	}
}

// mayCopy tests a copy's conditions on what it replaces, which gofakes3 looks at in other
// writes only; etag is in its form.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func (c *call) mayCopy(exists bool, key, etag string) error {
	if c == nil || c.request.Get("X-Amz-Copy-Source") == "" {
		return nil
	}
	match, none := c.request.Get("If-Match"), c.request.Get("If-None-Match")
	switch {
	case match != "" && !exists:
		return gofakes3.KeyNotFound(key)
	case match != "" && match != "*" && strings.Trim(match, `"`) != etag, none != "" && exists:
		return gofakes3.ErrPreconditionFailed
	}
	return nil
}

// atMarker is what reading a delete marker says: NoSuchKey, or MethodNotAllowed where
// the marker itself was asked for.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
func (c *call) atMarker(key string, id gofakes3.VersionID) error {
	if c != nil && c.header != nil {
		c.header.Set("x-amz-delete-marker", "true")
		c.header.Set("x-amz-version-id", string(id))
	}
	if c != nil && c.version != "" {
		return gofakes3.ErrMethodNotAllowed
	}
	return gofakes3.KeyNotFound(key)
}

// source is what a copy is of.
type source struct{ bucket, key, version string }

// copySource reads the header that names it, in which the slash behind the bucket may be
// escaped too, as Terraform does; gofakes3 does not take that.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func copySource(h http.Header) (from source, ok bool) {
	path, version, _ := strings.Cut(h.Get("X-Amz-Copy-Source"), "?versionId=")
	path, err := url.QueryUnescape(path)
	if err != nil {
		return source{}, false
	}
	from.version = version
	from.bucket, from.key, ok = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return from, ok
}

func noSuchVersion(key, id string) error {
	return gofakes3.ResourceError(gofakes3.ErrNoSuchVersion, key+"?versionId="+id)
}
