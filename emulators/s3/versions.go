package s3

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/rclone/gofakes3"
)

// version is what a key held before, or a delete marker.
type version struct {
	object
	marker bool
}

// null is the version ID of an object that was stored while the bucket's versioning
// was not enabled. In object.version it is 0.
const null = "null"

func versionID(n uint64) string {
	if n == 0 {
		return null
	}
	return fmt.Sprintf("%032x", n)
}

// isVersion tells whether a text has the form of a version ID.
func isVersion(id string) bool {
	if id == null {
		return true
	}
	_, err := strconv.ParseUint(id, 16, 64)
	return err == nil && len(id) == len(versionID(1))
}

// answered is the version as an answer names it: not at all in a bucket that never
// had versioning.
func (b *bucket) answered(n uint64) gofakes3.VersionID {
	if b.versioning == gofakes3.VersioningNone {
		return ""
	}
	return gofakes3.VersionID(versionID(n))
}

// next is the version of what is stored now.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
func (b *bucket) next() uint64 {
	if b.versioning != gofakes3.VersioningEnabled {
		return 0
	}
	b.sequence++
	return b.sequence
}

// replace stores o as the current object of a key and keeps what was there, but for
// one of the same version (only the null version is ever overwritten).
func (b *bucket) replace(key string, o object) {
	was, had := b.objects.Set(key, o)
	if b.versioning == gofakes3.VersioningNone {
		return
	}
	if had {
		b.keep(key, version{object: was})
	}
	b.drop(key, o.version)
}

// keep puts v before the older versions of a key.
func (b *bucket) keep(key string, v version) {
	older, _ := b.older.Get(key)
	b.older.Set(key, slices.Insert(slices.Clone(older), 0, v))
}

// drop forgets a version that is not the current object.
func (b *bucket) drop(key string, n uint64) (version, bool) {
	older, _ := b.older.Get(key)
	i := slices.IndexFunc(older, func(v version) bool { return v.version == n })
	if i < 0 {
		return version{}, false
	}
	dropped := older[i]
	if older = slices.Delete(slices.Clone(older), i, i+1); len(older) == 0 {
		b.older.Delete(key)
	} else {
		b.older.Set(key, older)
	}
	return dropped, true
}

// remove deletes a key: with a delete marker in front of its versions where the
// bucket has them.
func (b *bucket) remove(key string) gofakes3.ObjectDeleteResult {
	was, had := b.objects.Delete(key)
	if b.versioning == gofakes3.VersioningNone {
		return gofakes3.ObjectDeleteResult{}
	}
	if had {
		b.keep(key, version{object: was})
	}
	n := b.next()
	b.drop(key, n)
	b.keep(key, version{object: object{version: n, modified: time.Now().UnixNano()}, marker: true})
	return gofakes3.ObjectDeleteResult{IsDeleteMarker: true, VersionID: b.answered(n)}
}

// removeVersion deletes a version for good, if it is there; the next older one becomes
// current.
func (b *bucket) removeVersion(key, id string) (result gofakes3.ObjectDeleteResult, removed bool) {
	result.VersionID = gofakes3.VersionID(id)
	o, current := b.objects.Get(key)
	if current && versionID(o.version) == id {
		b.objects.Delete(key)
		current, removed = false, true
	} else {
		older, _ := b.older.Get(key)
		if i := slices.IndexFunc(older, func(v version) bool { return versionID(v.version) == id }); i >= 0 {
			var dropped version
			dropped, removed = b.drop(key, older[i].version)
			result.IsDeleteMarker = dropped.marker
		}
	}
	if current {
		return result, removed
	}
	if older, _ := b.older.Get(key); len(older) > 0 && !older[0].marker {
		b.drop(key, older[0].version)
		b.objects.Set(key, older[0].object)
	}
	return result, removed
}

// versions are all of a key, the newest first.
func (b *bucket) versions(key string) []version {
	older, _ := b.older.Get(key)
	if o, ok := b.objects.Get(key); ok {
		return append([]version{{object: o}}, older...)
	}
	return older
}

// VersioningConfiguration tells whether a bucket keeps versions.
func (s *State) VersioningConfiguration(name string) (gofakes3.VersioningConfiguration, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(name)
	if !ok {
		return gofakes3.VersioningConfiguration{}, gofakes3.BucketNotFound(name)
	}
	return gofakes3.VersioningConfiguration{Status: b.versioning}, nil
}

// SetVersioningConfiguration enables or suspends versioning.
func (s *State) SetVersioningConfiguration(name string, v gofakes3.VersioningConfiguration) error {
	if v.MFADelete.Enabled() {
		return gofakes3.ErrorMessage(gofakes3.ErrNotImplemented, "PutBucketVersioning: MfaDelete is not implemented")
	}
	if v.Status == gofakes3.VersioningNone {
		return gofakes3.ErrorMessage(gofakes3.ErrIllegalVersioningConfiguration, "The Versioning element must be specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(name)
	if !ok {
		return gofakes3.BucketNotFound(name)
	}
	b.versioning = v.Status
	return nil
}

// GetObjectVersion reads a version of an object.
func (s *State) GetObjectVersion(bucketName, key string, id gofakes3.VersionID, r *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	return s.GetObject(ofVersion(context.Background(), bucketName, key, string(id)), bucketName, key, r)
}

// HeadObjectVersion describes a version of an object.
func (s *State) HeadObjectVersion(bucketName, key string, id gofakes3.VersionID) (*gofakes3.Object, error) {
	return s.HeadObject(ofVersion(context.Background(), bucketName, key, string(id)), bucketName, key)
}

// DeleteObjectVersion deletes a version for good.
func (s *State) DeleteObjectVersion(bucketName, key string, id gofakes3.VersionID) (gofakes3.ObjectDeleteResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucketName)
	if !ok {
		return gofakes3.ObjectDeleteResult{}, gofakes3.BucketNotFound(bucketName)
	}
	return s.removeVersion(b, bucketName, key, string(id))
}

// keysOf are the keys with a version from start on, in order.
func (b *bucket) keysOf(start string, each func(key string) bool) {
	current, older := b.objects.Iter(), b.older.Iter()
	hasCurrent, hasOlder := current.Seek(start), older.Seek(start)
	for hasCurrent || hasOlder {
		var key string
		switch {
		case !hasOlder || hasCurrent && current.Key() <= older.Key():
			key = current.Key()
		default:
			key = older.Key()
		}
		if !each(key) {
			return
		}
		if hasCurrent && current.Key() == key {
			hasCurrent = current.Next()
		}
		if hasOlder && older.Key() == key {
			hasOlder = older.Next()
		}
	}
}

// describe replaces the metadata of a version.
func (b *bucket) describe(key string, n uint64, meta map[string]string) error {
	if o, ok := b.objects.Get(key); ok && o.version == n {
		o.meta = meta
		b.objects.Set(key, o)
		return nil
	}
	older, _ := b.older.Get(key)
	older = slices.Clone(older)
	for i := range older {
		if older[i].version == n {
			older[i].meta = meta
			b.older.Set(key, older)
			return nil
		}
	}
	return gofakes3.KeyNotFound(key) // deleted meanwhile
}
