package s3

import (
	"github.com/rclone/gofakes3"
)

// ListBucketVersions lists a page of versions and delete markers: keys in order, the
// newest version of each first.
func (s *State) ListBucketVersions(name string, prefix *gofakes3.Prefix, page *gofakes3.ListBucketVersionsPage) (*gofakes3.ListBucketVersionsResult, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets.Get(name)
	if !ok {
		return nil, gofakes3.BucketNotFound(name)
	}
	l := versionList{bucket: b, prefix: prefix, page: page, out: gofakes3.NewListBucketVersionsResult(name, prefix, page)}
	if l.out.MaxKeys == 0 {
		l.out.MaxKeys = gofakes3.DefaultBucketVersionKeys
	}
	start := page.KeyMarker
	if prefix.HasPrefix && prefix.Prefix > start {
		start = prefix.Prefix
	}
	b.keysOf(start, l.key)
	return l.out, nil
}

// versionList is a page as it fills.
type versionList struct {
	bucket *bucket
	prefix *gofakes3.Prefix
	page   *gofakes3.ListBucketVersionsPage
	out    *gofakes3.ListBucketVersionsResult

	n      int64
	common string
	last   string
	lastID gofakes3.VersionID
}

// key adds a key's versions, or the prefix it stands for.
func (l *versionList) key(key string) bool {
	var match gofakes3.PrefixMatch
	if !l.prefix.Match(key, &match) {
		return !l.prefix.HasPrefix || key < l.prefix.Prefix
	}
	if match.CommonPrefix {
		if match.MatchedPart == l.common || l.page.HasKeyMarker && match.MatchedPart <= l.page.KeyMarker {
			return true
		}
		if !l.room() {
			return false
		}
		l.common, l.last, l.lastID = match.MatchedPart, match.MatchedPart, ""
		l.out.AddPrefix(match.MatchedPart)
		return true
	}
	seen := !l.page.HasKeyMarker || key != l.page.KeyMarker
	if !seen && !l.page.HasVersionIDMarker {
		return true // The page begins after this key.
	}
	for i, v := range l.bucket.versions(key) {
		id := gofakes3.VersionID(versionID(v.version))
		if !seen {
			seen = id == l.page.VersionIDMarker
			continue
		}
		if !l.room() {
			return false
		}
		l.last, l.lastID = key, id
		l.out.Versions = append(l.out.Versions, v.item(key, id, i == 0))
	}
	return true
}

// room counts an element in, or ends the page before it.
func (l *versionList) room() bool {
	if l.n == l.out.MaxKeys {
		l.out.IsTruncated, l.out.NextKeyMarker, l.out.NextVersionIDMarker = true, l.last, l.lastID
		return false
	}
	l.n++
	return true
}

func (v version) item(key string, id gofakes3.VersionID, latest bool) gofakes3.VersionItem {
	modified := gofakes3.NewContentTime(v.modifiedAt())
	if v.marker {
		return &gofakes3.DeleteMarker{Key: key, VersionID: id, IsLatest: latest, LastModified: modified}
	}
	return &gofakes3.Version{Key: key, VersionID: id, IsLatest: latest, LastModified: modified, Size: int64(len(v.body)), ETag: v.etag()}
}
