package s3

import (
	"context"
	"io"
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
	if b.objects.Len() > 0 {
		return gofakes3.ResourceError(gofakes3.ErrBucketNotEmpty, name)
	}
	s.buckets.Delete(name)
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
func (s *State) GetObject(_ context.Context, bucketName, key string, r *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	o, err := s.get(bucketName, key)
	if err != nil {
		return nil, err
	}
	return o.present(key, r, false)
}

// HeadObject describes an object.
func (s *State) HeadObject(_ context.Context, bucketName, key string) (*gofakes3.Object, error) {
	o, err := s.get(bucketName, key)
	if err != nil {
		return nil, err
	}
	return o.present(key, nil, true)
}

// PutObject stores an object.
func (s *State) PutObject(_ context.Context, bucketName, key string, meta map[string]string, input io.Reader, size int64) (gofakes3.PutObjectResult, error) {
	body, err := gofakes3.ReadAll(input, size)
	if err != nil {
		return gofakes3.PutObjectResult{}, err
	}
	_, err = s.put(bucketName, key, body, meta)
	return gofakes3.PutObjectResult{}, err
}

// DeleteObject deletes an object; one that is gone is no error.
func (s *State) DeleteObject(_ context.Context, bucketName, key string) (gofakes3.ObjectDeleteResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return gofakes3.ObjectDeleteResult{}, gofakes3.BucketNotFound(bucketName)
	}
	b.objects.Delete(key)
	return gofakes3.ObjectDeleteResult{}, nil
}

// DeleteMulti deletes objects.
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

// CopyObject copies an object; metadata that is given replaces the source's.
func (s *State) CopyObject(_ context.Context, fromBucket, fromKey, toBucket, toKey string, meta map[string]string) (gofakes3.CopyObjectResult, error) {
	from, err := s.get(fromBucket, fromKey)
	if err != nil {
		return gofakes3.CopyObjectResult{}, err
	}
	etag, err := s.put(toBucket, toKey, from.body, meta)
	if err != nil {
		return gofakes3.CopyObjectResult{}, err
	}
	return gofakes3.CopyObjectResult{ETag: etag, LastModified: gofakes3.NewContentTime(time.Now())}, nil
}
