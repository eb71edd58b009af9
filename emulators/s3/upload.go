package s3

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rclone/gofakes3"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const (
	// maxUploads bounds the multipart uploads that are neither completed nor aborted.
	maxUploads = 10_000
	// minPart is the least size of a part that is not the last one.
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
	minPart = 5 << 20
	// maxUpload is the most that one request may store.
	maxUpload = 5 << 30
)

// upload is a multipart upload under way.
type upload struct {
	bucket, key string
	meta        map[string]string
	// checksum names the algorithm of all parts, and kind what it is the checksum of;
	// empty for none.
	checksum checksum
	kind     string
	parts    map[int]*part
}

type part struct {
	body     []byte
	sum      [md5.Size]byte
	modified time.Time
}

// sized refuses a body that is said to be larger than one request may store.
func sized(r *http.Request, key string) error {
	size := r.ContentLength
	if decoded, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64); err == nil {
		size = decoded
	}
	if key != "" && r.Method == http.MethodPut && size > maxUpload {
		return tooLarge(maxUpload)
	}
	return nil
}

func tooLarge(most int64) error {
	return gofakes3.ErrorMessage(gofakes3.ErrEntityTooLarge, fmt.Sprintf("Your proposed upload exceeds the maximum allowed size: %d bytes", most))
}

var _ gofakes3.MultipartBackend = (*State)(nil)

// CreateMultipartUpload begins a multipart upload.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
func (s *State) CreateMultipartUpload(ctx context.Context, bucketName, key string, meta map[string]string) (gofakes3.UploadID, error) {
	u := &upload{bucket: bucketName, key: key, meta: meta, parts: map[int]*part{}}
	if c := callOf(ctx); c != nil {
		u.checksum.algorithm, u.kind = strings.ToUpper(c.request.Get("X-Amz-Checksum-Algorithm")), c.request.Get("X-Amz-Checksum-Type")
		if err := u.checkKind(); err != nil {
			return "", err
		}
		u.describe(c.header)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.uploads) >= maxUploads {
		return "", gofakes3.ErrorMessage(gofakes3.ErrSlowDown, fmt.Sprintf("%d multipart uploads are neither completed nor aborted", maxUploads))
	}
	id := wire.NewRequestID()
	s.uploads[id] = u
	return gofakes3.UploadID(id), nil
}

// checkKind gives an upload its checksum's default type.
func (u *upload) checkKind() error {
	name := u.checksum.algorithm
	if name == "" {
		if u.kind != "" {
			return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
		}
		return nil
	}
	a, ok := algorithms[name]
	if !ok {
		return refusal("CreateMultipartUpload: x-amz-checksum-algorithm " + name)
	}
	kinds := strings.Fields(a.kinds)
	if u.kind = cmp.Or(u.kind, kinds[0]); !slices.Contains(kinds, u.kind) {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, fmt.Sprintf("The %s checksum type cannot be used with the %s checksum algorithm.", u.kind, strings.ToLower(name)))
	}
	return nil
}

func (u *upload) describe(h http.Header) {
	if u.kind != "" {
		h.Set("X-Amz-Checksum-Algorithm", u.checksum.algorithm)
		h.Set("X-Amz-Checksum-Type", u.kind)
	}
}

// UploadPart stores a part, again where it is there already.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
func (s *State) UploadPart(ctx context.Context, _, _ string, id gofakes3.UploadID, n int, size int64, r io.Reader) (string, error) {
	body, err := gofakes3.ReadAll(r, size)
	if err != nil {
		return "", err
	}
	if int64(len(body)) != size {
		return "", gofakes3.ErrIncompleteBody
	}
	var sum checksum
	c := callOf(ctx)
	copies := c == nil || c.request.Get("X-Amz-Copy-Source") != ""
	if !copies {
		if sum, err = checksumOf(c.request); err != nil {
			return "", err
		}
		if sum.algorithm != "" && !sum.matches(body) {
			return "", sum.wrong()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[string(id)]
	switch {
	case u == nil:
		return "", gofakes3.ErrNoSuchUpload
	case u.kind != "" && sum.algorithm != u.checksum.algorithm && sum.algorithm != "":
		return "", gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, fmt.Sprintf("Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s",
			strings.ToLower(u.checksum.algorithm), strings.ToLower(sum.algorithm)))
	}
	p := &part{body: body, sum: md5.Sum(body), modified: time.Now()}
	u.parts[n] = p
	if !copies && sum.algorithm != "" {
		c.header.Set(sum.header(), sum.value)
	}
	return `"` + hex.EncodeToString(p.sum[:]) + `"`, nil
}

// AbortMultipartUpload forgets an upload.
func (s *State) AbortMultipartUpload(_ context.Context, _, _ string, id gofakes3.UploadID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.uploads, string(id))
	return nil
}

// CompleteMultipartUpload stores the object that assemble made: once, whoever else
// completes the upload meanwhile.
func (s *State) CompleteMultipartUpload(ctx context.Context, bucketName, key string, id gofakes3.UploadID, _ *gofakes3.CompleteMultipartUploadRequest) (gofakes3.VersionID, string, error) {
	c := callOf(ctx)
	s.mu.Lock()
	u := s.uploads[string(id)]
	delete(s.uploads, string(id))
	s.mu.Unlock()
	if u == nil || c == nil || c.assembled == nil {
		return "", "", gofakes3.ErrNoSuchUpload
	}
	o, version, err := s.put(ctx, bucketName, key, *c.assembled, createdMultipart)
	if err != nil { // it can be completed again
		s.mu.Lock()
		s.uploads[string(id)] = u
		s.mu.Unlock()
		return "", "", err
	}
	return version, o.etag(), nil
}
