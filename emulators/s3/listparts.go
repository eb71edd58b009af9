package s3

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/rclone/gofakes3"
)

// serveParts is ListParts, of those behind the marker: gofakes3 begins with the marker
// itself, and takes none that is past the last part.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
func (s *State) serveParts(w http.ResponseWriter, r *http.Request, bucketName, key string) error {
	query := r.URL.Query()
	marker, err := number(query.Get("part-number-marker"), "part-number-marker", 0)
	if err != nil {
		return err
	}
	limit, err := number(query.Get("max-parts"), "max-parts", gofakes3.MaxUploadPartsLimit)
	if err != nil {
		return err
	}
	limit = min(limit, gofakes3.MaxUploadPartsLimit)
	id := query.Get("uploadId")
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.buckets.Get(bucketName); !ok {
		return gofakes3.BucketNotFound(bucketName)
	}
	u := s.uploads[id]
	if u == nil || u.bucket != bucketName || u.key != key {
		return gofakes3.ErrNoSuchUpload
	}
	out := gofakes3.ListMultipartUploadPartsResult{
		Bucket: bucketName, Key: key, UploadID: gofakes3.UploadID(id), StorageClass: "STANDARD",
		MaxParts: int64(limit), PartNumberMarker: marker,
	}
	for _, n := range slices.Sorted(maps.Keys(u.parts)) {
		if n <= marker {
			continue
		}
		if len(out.Parts) == limit {
			out.IsTruncated = true
			break
		}
		out.Parts, out.NextPartNumberMarker = append(out.Parts, u.parts[n].item(n)), n
	}
	w.Header().Set("Content-Type", "application/xml")
	writeXML(w, out)
	return nil
}

func (p *part) item(n int) gofakes3.ListMultipartUploadPartItem {
	return gofakes3.ListMultipartUploadPartItem{
		PartNumber: n, ETag: object{sum: p.sum}.etag(), Size: int64(len(p.body)), LastModified: gofakes3.NewContentTime(p.modified),
	}
}

// number is that of a parameter, which may be left out.
func number(text, name string, otherwise int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, gofakes3.ErrorInvalidArgument(name, text, "Argument "+name+" must be an integer of at least 0")
	}
	return n, nil
}
