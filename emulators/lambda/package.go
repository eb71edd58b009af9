package lambda

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Objects is how deployment packages are fetched from S3, and how on-failure
// records get there; *s3.Client is one.
type Objects interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Code is a deployment package: a zip, or an object that is one.
type Code struct {
	ZipFile         []byte
	S3Bucket        string
	S3Key           string
	S3ObjectVersion string
}

// fetch is the zip.
func (s *State) fetch(ctx context.Context, operation string, c *Code) ([]byte, error) {
	switch {
	case c == nil || (len(c.ZipFile) == 0 && (c.S3Bucket == "" || c.S3Key == "")):
		return nil, wire.Errorf(codeInvalid, 0, "%s: a ZipFile, or S3Bucket and S3Key, are required", operation)
	case len(c.ZipFile) > 0 && c.S3Bucket+c.S3Key+c.S3ObjectVersion != "":
		return nil, wire.Errorf(codeInvalid, 0, "%s: Please do not provide other FunctionCode parameters (S3Bucket, S3Key, S3ObjectVersion) when providing a ZipFile.", operation)
	case len(c.ZipFile) > process.MaxZip:
		return nil, wire.Errorf("RequestEntityTooLargeException", 413, "Request must be smaller than %d bytes for the %s operation", maxZipRequest, operation)
	case len(c.ZipFile) > 0:
		return c.ZipFile, nil
	case s.config.Objects == nil:
		return nil, wire.Errorf(codeInvalid, 0, "%s: S3Bucket: this cloud has no S3 for Lambda to read (lambda.Config.Objects)", operation)
	}
	in := &s3.GetObjectInput{Bucket: &c.S3Bucket, Key: &c.S3Key}
	if c.S3ObjectVersion != "" {
		in.VersionId = &c.S3ObjectVersion
	}
	object, err := s.config.Objects.GetObject(ctx, in)
	if err != nil {
		return nil, wire.Errorf(codeInvalid, 0, "Error occurred while GetObject. %s/%s: %s", c.S3Bucket, c.S3Key, err)
	}
	defer object.Body.Close()
	zip, err := io.ReadAll(io.LimitReader(object.Body, process.MaxUnzipped+1))
	if err != nil {
		return nil, wire.Errorf(codeInvalid, 0, "Error occurred while GetObject. %s/%s: %s", c.S3Bucket, c.S3Key, err)
	}
	if len(zip) > process.MaxUnzipped {
		return nil, wire.Errorf(codeInvalid, 0, "Unzipped size must be smaller than %d bytes", process.MaxUnzipped)
	}
	return zip, nil
}

// maxZipRequest is what a zip of process.MaxZip is in base64. A larger one comes from S3,
// with at most as many bytes as it may have unzipped.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxZipRequest = process.MaxZip/3*4 + 3

// PackagesPrefix is the path below which Packages serves.
const PackagesPrefix = "/_aws/lambda/"

// location is where Packages serves the package of a version, or "" where the
// cloud has no endpoint. On AWS it is a presigned URL; here the hash of the code
// is what one must know.
func (s *State) location(v *version) string {
	if s.config.Endpoint == "" {
		return ""
	}
	name := url.PathEscape(strings.TrimPrefix(v.config.FunctionArn, s.arn("")))
	return s.config.Endpoint + PackagesPrefix + name + "/" + hashPath(v) + ".zip"
}

func hashPath(v *version) string {
	sum, _ := base64.StdEncoding.DecodeString(v.config.CodeSha256)
	return base64.RawURLEncoding.EncodeToString(sum)
}

// Packages serves the deployment packages that GetFunction locates. Its requests
// are not signed.
func Packages(s *State) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, hash, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, PackagesPrefix), "/")
		s.mu.Lock()
		t, err := s.resolve(FunctionRef{FunctionName: name})
		var zip []byte
		if err == nil && hashPath(t.version)+".zip" == hash {
			zip = t.version.zip
		}
		s.mu.Unlock()
		if zip == nil || r.Method != http.MethodGet {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/zip")
		w.Write(zip)
	})
}
