// Package s3 is Simple Storage Service: buckets and objects over REST-XML.
//
// The wire is github.com/rclone/gofakes3 (signatures are not verified, checksums
// and aws-chunked bodies are); the store behind its Backend is our own: an
// ordered map per bucket, so that ListObjectsV2 costs a page and not the bucket.
//
// # Operations
//
// Buckets: create, head, list, delete. Objects: put, get (ranges), head, copy,
// list (v1 and v2 with prefix, delimiter and paging), delete, delete many,
// multipart uploads. Versioning, notifications, lifecycle and what else gofakes3
// does not know are refused with NotImplemented. A second object with a key
// overwrites the first.
package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/tidwall/btree"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct{ Identity wire.Identity }

// State is the buckets of one account. It is a gofakes3.Backend.
type State struct {
	mu      sync.RWMutex
	buckets btree.Map[string, *bucket]
}

type bucket struct {
	created time.Time
	// By value: an archive holds millions.
	objects btree.Map[string, object]
}

// object is one stored payload with its MD5, which is the ETag.
type object struct {
	body     []byte
	sum      [md5.Size]byte
	modified int64 // Unix ns
	meta     map[string]string
}

var _ gofakes3.Backend = (*State)(nil)

// New makes an empty State.
func New(Config) *State { return &State{} }

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return gofakes3.New(s,
		gofakes3.WithTimeSource(clock{}),
		gofakes3.WithTimeSkewLimit(0),
		gofakes3.WithoutVersioning(),
		gofakes3.WithIntegrityCheck(true),
	).Server()
}

// clock is package time, also in a bubble.
type clock struct{}

func (clock) Now() time.Time                  { return time.Now() }
func (clock) Since(t time.Time) time.Duration { return time.Since(t) }

// Put stores an object and returns its ETag, quoted. It keeps body.
func (s *State) Put(_ context.Context, bucketName, key string, body []byte, contentType string) (string, error) {
	meta := map[string]string(nil)
	if contentType != "" {
		meta = map[string]string{"Content-Type": contentType}
	}
	return s.put(bucketName, key, body, meta)
}

func (s *State) put(bucketName, key string, body []byte, meta map[string]string) (string, error) {
	o := object{body: body, sum: md5.Sum(body), modified: time.Now().UnixNano(), meta: meta}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return "", gofakes3.BucketNotFound(bucketName)
	}
	b.objects.Set(key, o)
	return o.etag(), nil
}

func (o object) etag() string { return `"` + hex.EncodeToString(o.sum[:]) + `"` }

func (o object) modifiedAt() time.Time { return time.Unix(0, o.modified).UTC() }

func (s *State) get(bucketName, key string) (object, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return object{}, gofakes3.BucketNotFound(bucketName)
	}
	o, ok := b.objects.Get(key)
	if !ok {
		return object{}, gofakes3.KeyNotFound(key)
	}
	return o, nil
}

// present is an object as gofakes3 hands it out; head leaves the body away.
func (o object) present(key string, r *gofakes3.ObjectRangeRequest, head bool) (*gofakes3.Object, error) {
	size := int64(len(o.body))
	part, err := r.Range(size)
	if err != nil {
		return nil, err
	}
	body := o.body
	if part != nil {
		body = body[part.Start : part.Start+part.Length]
	}
	if head {
		body = nil
	}
	meta := map[string]string{"Last-Modified": o.modifiedAt().Format(http.TimeFormat)}
	for k, v := range o.meta {
		meta[k] = v
	}
	return &gofakes3.Object{
		Name: key, Metadata: meta, Size: size, Range: part, Hash: o.sum[:],
		Contents: io.NopCloser(bytes.NewReader(body)),
	}, nil
}
