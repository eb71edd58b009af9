package s3

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"

	"github.com/rclone/gofakes3"
)

// listNoUploads is ListMultipartUploads of a bucket that has none, which gofakes3 takes for
// an upload that is not there; it tells whether that is so.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
func (s *State) listNoUploads(w http.ResponseWriter, query url.Values, bucketName string) (bool, error) {
	s.mu.RLock()
	_, exists := s.buckets.Get(bucketName)
	for _, u := range s.uploads {
		exists = exists && u.bucket != bucketName
	}
	s.mu.RUnlock()
	if !exists {
		return false, nil
	}
	most := gofakes3.DefaultMaxUploads
	if text := query.Get("max-uploads"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return true, gofakes3.ErrorInvalidArgument("max-uploads", text, "Argument max-uploads must be an integer between 0 and 2147483647")
		}
		most = min(n, gofakes3.MaxUploadsLimit)
	}
	encoded := query.Get // as it is
	if query.Get("encoding-type") == "url" {
		encoded = func(name string) string { return url.QueryEscape(query.Get(name)) }
	}
	w.Header().Set("Content-Type", "application/xml")
	writeXML(w, struct {
		XMLName                           xml.Name `xml:"ListMultipartUploadsResult"`
		Bucket, KeyMarker, UploadIdMarker string
		Prefix, Delimiter, EncodingType   string `xml:",omitempty"`
		MaxUploads                        int
		IsTruncated                       bool
	}{Bucket: bucketName, KeyMarker: encoded("key-marker"), UploadIdMarker: query.Get("upload-id-marker"),
		Prefix: encoded("prefix"), Delimiter: encoded("delimiter"), EncodingType: query.Get("encoding-type"), MaxUploads: most})
	return true, nil
}
