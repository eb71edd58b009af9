package s3

import (
	"context"
	"crypto/md5"
	"io"
	"maps"
	"time"

	"github.com/rclone/gofakes3"
)

// ListBuckets lists the buckets by name.
func (s *State) ListBuckets(context.Context) ([]gofakes3.BucketInfo, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []gofakes3.BucketInfo
	s.buckets.Scan(func(name string, b *bucket) bool {
		list = append(list, gofakes3.BucketInfo{Name: name, CreationDate: gofakes3.NewContentTime(b.created)})
		return true
	})
	return list, nil
}

// CreateBucket makes a bucket.
func (s *State) CreateBucket(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.buckets.Get(name); ok {
		return gofakes3.ResourceError(gofakes3.ErrBucketAlreadyExists, name)
	}
	s.buckets.Set(name, &bucket{created: time.Now()})
	return nil
}

// BucketExists tells whether a bucket is there.
func (s *State) BucketExists(_ context.Context, name string) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.buckets.Get(name)
	return ok, nil
}

// DeleteBucket deletes an empty bucket.
func (s *State) DeleteBucket(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(name)
	if !ok {
		return gofakes3.ErrNoSuchBucket
	}
	if b.objects.Len() > 0 || b.older.Len() > 0 {
		return gofakes3.ResourceError(gofakes3.ErrBucketNotEmpty, name)
	}
	s.buckets.Delete(name)
	maps.DeleteFunc(s.uploads, func(_ string, u *upload) bool { return u.bucket == name })
	return nil
}

// ListBucket lists a page of objects and common prefixes in the order of keys.
func (s *State) ListBucket(_ context.Context, name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(name)
	if !ok {
		return nil, gofakes3.BucketNotFound(name)
	}
	if prefix == nil {
		prefix = &gofakes3.Prefix{}
	}
	start := page.Marker
	if prefix.HasPrefix && prefix.Prefix > start {
		start = prefix.Prefix
	}
	list := gofakes3.NewObjectList()
	var match gofakes3.PrefixMatch
	var common, last string
	n := int64(0)
	b.objects.Ascend(start, func(key string, o object) bool {
		if page.HasMarker && key == page.Marker {
			return true
		}
		if !prefix.Match(key, &match) {
			// Keys are in order: past the prefix none follows.
			return !prefix.HasPrefix || key < prefix.Prefix
		}
		if match.CommonPrefix && match.MatchedPart == common {
			last = key
			return true
		}
		if page.MaxKeys > 0 && n == page.MaxKeys {
			list.IsTruncated, list.NextMarker = true, last
			return false
		}
		n++
		last = key
		if match.CommonPrefix {
			common = match.MatchedPart
			list.AddPrefix(common)
			return true
		}
		list.Add(&gofakes3.Content{Key: key, LastModified: gofakes3.NewContentTime(o.modifiedAt()), ETag: o.etag(), Size: int64(len(o.body)), StorageClass: "STANDARD"})
		return true
	})
	return list, nil
}

// GetObject reads an object or a range of it.
func (s *State) GetObject(ctx context.Context, bucketName, key string, r *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	return s.present(ctx, bucketName, key, r, false)
}

// HeadObject describes an object.
func (s *State) HeadObject(ctx context.Context, bucketName, key string) (*gofakes3.Object, error) {
	return s.present(ctx, bucketName, key, nil, true)
}

// present answers a delete marker as S3 does: gone, and with its version where it
// was asked for.
func (s *State) present(ctx context.Context, bucketName, key string, r *gofakes3.ObjectRangeRequest, head bool) (*gofakes3.Object, error) {
	v, id, err := s.get(ctx, bucketName, key)
	if err != nil {
		return nil, err
	}
	if v.marker {
		return nil, callOf(ctx).atMarker(key, id)
	}
	o, err := v.present(key, r, head)
	if err != nil {
		return nil, err
	}
	o.VersionID = id
	return o, nil
}

// PutObject stores an object.
func (s *State) PutObject(ctx context.Context, bucketName, key string, meta map[string]string, input io.Reader, size int64) (gofakes3.PutObjectResult, error) {
	body, err := gofakes3.ReadAll(input, size)
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	event := createdPut
	if c := callOf(ctx); c != nil && c.form {
		event = createdPost
	}
	o, id, err := s.put(ctx, bucketName, key, object{body: body, sum: md5.Sum(body), meta: meta}, event)
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	return gofakes3.PutObjectResult{VersionID: id, ETag: o.etag()}, nil
}

// DeleteObject deletes an object; one that is gone is no error.
func (s *State) DeleteObject(ctx context.Context, bucketName, key string) (gofakes3.ObjectDeleteResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return gofakes3.ObjectDeleteResult{}, gofakes3.BucketNotFound(bucketName)
	}
	if id := asked(ctx, bucketName, key); id != "" {
		return s.removeVersion(b, bucketName, key, id)
	}
	return s.remove(b, bucketName, key)
}

// DeleteMulti deletes objects. The handler does not come here (see deleteMany): the
// backend's keys have no versions.
func (s *State) DeleteMulti(ctx context.Context, bucketName string, keys ...string) (gofakes3.MultiDeleteResult, error) {
	var result gofakes3.MultiDeleteResult
	for _, key := range keys {
		if _, err := s.DeleteObject(ctx, bucketName, key); err != nil {
			return result, err
		}
		result.Deleted = append(result.Deleted, gofakes3.ObjectID{Key: key})
	}
	return result, nil
}

// CopyObject copies an object, or the version of it that ctx asks for.
func (s *State) CopyObject(ctx context.Context, fromBucket, fromKey, toBucket, toKey string, meta map[string]string) (gofakes3.CopyObjectResult, error) {
	from, _, err := s.get(ctx, fromBucket, fromKey)
	if err != nil {
		return gofakes3.CopyObjectResult{}, err
	}
	if from.marker {
		return gofakes3.CopyObjectResult{}, gofakes3.KeyNotFound(fromKey)
	}
	copied := object{body: from.body, sum: md5.Sum(from.body), meta: meta}
	if c := callOf(ctx); c != nil {
		copied.sumBy(c.request.Get("X-Amz-Checksum-Algorithm"))
	}
	to, id, err := s.put(ctx, toBucket, toKey, copied, createdCopy)
	if err != nil {
		return gofakes3.CopyObjectResult{}, err
	}
	callOf(ctx).made(id)
	return gofakes3.CopyObjectResult{ETag: to.etag(), LastModified: gofakes3.NewContentTime(to.modifiedAt())}, nil
}

// SetObjectTagging replaces the tags of an object, or of the version of it that ctx
// asks for.
func (s *State) SetObjectTagging(ctx context.Context, bucketName, key, tagging string) error {
	v, _, err := s.get(ctx, bucketName, key)
	if err != nil {
		return err
	}
	if v.marker {
		return gofakes3.ErrMethodNotAllowed
	}
	meta := maps.Clone(v.meta)
	delete(meta, gofakes3.TaggingMetadataKey)
	if tagging != "" {
		if meta == nil {
			meta = map[string]string{}
		}
		meta[gofakes3.TaggingMetadataKey] = tagging
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return gofakes3.BucketNotFound(bucketName)
	}
	return b.describe(key, v.version, meta)
}
