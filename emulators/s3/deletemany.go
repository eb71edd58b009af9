package s3

import (
	"encoding/xml"
	"net/http"

	"github.com/rclone/gofakes3"
)

// maxDocument bounds the XML of a request, in bytes: that of 1000 keys fits.
const maxDocument = 2 << 20

type deletion struct {
	Key       string
	VersionID string `xml:"VersionId"`
	ETag      string
	Other     []struct {
		XMLName xml.Name
	} `xml:",any"`
}

type deleted struct {
	Key                   string
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:",omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

// deleteMany deletes up to 1000 objects or versions.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
func (s *State) deleteMany(w http.ResponseWriter, r *http.Request, bucket string) error {
	body, err := document(r)
	if err != nil {
		return err
	}
	var in struct {
		XMLName xml.Name   `xml:"Delete"`
		Objects []deletion `xml:"Object"`
		Quiet   bool
	}
	if err := xml.Unmarshal(body, &in); err != nil || len(in.Objects) == 0 || len(in.Objects) > gofakes3.MaxDeleteObjects {
		return gofakes3.ErrMalformedXML
	}
	for _, o := range in.Objects {
		for _, other := range o.Other {
			return refusal("DeleteObjects: " + other.XMLName.Local + " of an object")
		}
	}
	var out struct {
		XMLName xml.Name  `xml:"DeleteResult"`
		Deleted []deleted `xml:"Deleted"`
		Error   []failure `xml:"Error"`
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets.Get(bucket)
	if !ok {
		return gofakes3.BucketNotFound(bucket)
	}
	for _, o := range in.Objects {
		done, failed := s.deleteOne(r, b, bucket, o)
		switch {
		case failed != nil:
			out.Error = append(out.Error, *failed)
		case !in.Quiet:
			out.Deleted = append(out.Deleted, done)
		}
	}
	w.Header().Set("Content-Type", "application/xml")
	writeXML(w, out)
	return nil
}

type failure struct{ Key, Code, Message string }

func (s *State) deleteOne(r *http.Request, b *bucket, bucketName string, o deletion) (deleted, *failure) {
	action := "DeleteObject"
	if o.VersionID != "" {
		action = "DeleteObjectVersion"
	}
	if denied := s.denied(r, b, action, bucketName, o.Key); denied != nil {
		return deleted{}, &failure{o.Key, "AccessDenied", denied.Error()}
	}
	if o.ETag != "" {
		current, ok := b.objects.Get(o.Key)
		if !ok || o.ETag != "*" && o.ETag != current.etag() {
			return deleted{}, &failure{o.Key, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"}
		}
	}
	done := deleted{Key: o.Key, VersionID: o.VersionID}
	if o.VersionID != "" {
		result, err := s.removeVersion(b, bucketName, o.Key, o.VersionID)
		if err != nil {
			return deleted{}, slowDown(o.Key)
		}
		if done.DeleteMarker = result.IsDeleteMarker; done.DeleteMarker {
			done.DeleteMarkerVersionID = o.VersionID
		}
		return done, nil
	}
	result, err := s.remove(b, bucketName, o.Key)
	if err != nil {
		return deleted{}, slowDown(o.Key)
	}
	if result.IsDeleteMarker {
		done.DeleteMarker, done.DeleteMarkerVersionID = true, string(result.VersionID)
	}
	return done, nil
}
