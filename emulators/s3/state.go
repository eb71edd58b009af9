package s3

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/tidwall/btree"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Targets are told the events of buckets; nil refuses to configure any.
	Targets Targets
	// Log is told of events that could not be delivered; silent when nil.
	Log *slog.Logger
}

// State is the buckets of one account. It is a gofakes3.Backend.
type State struct {
	mu      sync.RWMutex
	buckets btree.Map[string, *bucket]
	uploads map[string]*upload // multipart, under way, by ID
	config  Config
	events  outbox
}

type bucket struct {
	created time.Time
	// By value: an archive holds millions.
	objects btree.Map[string, object]
	// What keys held before, and delete markers, the newest first.
	older      btree.Map[string, []version]
	versioning gofakes3.VersioningStatus
	sequence   uint64 // of versions
	settings   map[string]string
	policy     *policy.Document // nil for none
	notify     *notifications   // nil for none
}

// object is one stored payload with its ETag: sum, and the number of parts of a
// multipart upload.
type object struct {
	body     []byte
	sum      [md5.Size]byte
	parts    *[]int64 // sizes of the parts; nil where it was put whole
	modified int64    // Unix ns
	version  uint64   // 0 is the null version
	meta     map[string]string
}

var (
	_ gofakes3.Backend              = (*State)(nil)
	_ gofakes3.VersionedBackend     = (*State)(nil)
	_ gofakes3.ObjectTaggingBackend = (*State)(nil)
)

// New makes an empty State.
func New(c Config) *State {
	c.Identity = c.Identity.OrDefault()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &State{config: c, uploads: map[string]*upload{}, events: outbox{wake: make(chan struct{}, 1)}}
}

// clock is package time, also in a bubble.
type clock struct{}

func (clock) Now() time.Time                  { return time.Now() }
func (clock) Since(t time.Time) time.Duration { return time.Since(t) }

// Put stores an object and returns its ETag, quoted. It keeps body.
func (s *State) Put(ctx context.Context, bucketName, key string, body []byte, contentType string) (string, error) {
	meta := map[string]string(nil)
	if contentType != "" {
		meta = map[string]string{"Content-Type": contentType}
	}
	o, _, err := s.put(ctx, bucketName, key, object{body: body, sum: md5.Sum(body), meta: meta}, createdPut)
	if err != nil {
		return "", err
	}
	return o.etag(), nil
}

func (s *State) put(ctx context.Context, bucketName, key string, o object, event string) (object, gofakes3.VersionID, error) {
	o.modified = time.Now().UnixNano()
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return object{}, "", gofakes3.BucketNotFound(bucketName)
	}
	// With the lock: of two writers that expect no object, one succeeds.
	if gofakes3.HasWriteConditions(ctx) || event == createdCopy {
		current, exists := b.objects.Get(key)
		etag := hex.EncodeToString(current.hash())
		if err := cmp.Or(gofakes3.CheckWriteConditions(ctx, exists, etag), callOf(ctx).mayCopy(exists, key, etag)); err != nil {
			return object{}, "", err
		}
	}
	if err := s.events.room(b); err != nil {
		return object{}, "", err
	}
	o.version = b.next()
	b.replace(key, o)
	s.tell(b, change{bucketName, key, event, b.answered(o.version), o})
	return o, b.answered(o.version), nil
}

func (o object) modifiedAt() time.Time { return time.Unix(0, o.modified).UTC() }

// get finds the object of a key, or the version of it that ctx asks for.
func (s *State) get(ctx context.Context, bucketName, key string) (version, gofakes3.VersionID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return version{}, "", gofakes3.BucketNotFound(bucketName)
	}
	id := asked(ctx, bucketName, key)
	if o, ok := b.objects.Get(key); ok && (id == "" || versionID(o.version) == id) {
		return version{object: o}, b.answered(o.version), nil
	}
	older, _ := b.older.Get(key)
	for i, v := range older {
		if versionID(v.version) == id || id == "" && i == 0 && v.marker {
			return v, b.answered(v.version), nil
		}
	}
	if id != "" {
		return version{}, "", noSuchVersion(key, id)
	}
	return version{}, "", gofakes3.KeyNotFound(key)
}

// describe adds to the metadata of an object, of which another may have the map too.
func (o *object) describe(name, value string) {
	if o.meta = maps.Clone(o.meta); o.meta == nil {
		o.meta = map[string]string{}
	}
	o.meta[name] = value
}

// defaultType is that of an object which was put without one.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPUT.html
const defaultType = "binary/octet-stream"

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
	meta := map[string]string{"Last-Modified": o.modifiedAt().Format(http.TimeFormat), "Content-Type": defaultType}
	for k, v := range o.meta {
		meta[k] = v
	}
	out := &gofakes3.Object{
		Name: key, Metadata: meta, Size: size, Range: part, Hash: o.hash(),
		Contents: io.NopCloser(bytes.NewReader(body)),
	}
	if o.parts != nil {
		out.PartSizes = *o.parts
	}
	return out, nil
}
