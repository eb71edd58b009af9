package s3

import (
	"bytes"
	"encoding/xml"
	"net/http"

	"github.com/rclone/gofakes3"
)

// create is CreateBucket. The account has each bucket that there is: to make it again is
// an error but in us-east-1, where that is done already.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
func (f front) create(w http.ResponseWriter, r *http.Request, bucketName string) error {
	if err := f.state.checkNewBucket(r); err != nil {
		return err
	}
	if exists, _ := f.state.BucketExists(r.Context(), bucketName); !exists {
		f.next.ServeHTTP(w, r)
		return nil
	}
	if f.state.config.Identity.Region != "us-east-1" {
		return gofakes3.ErrorMessage("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
	}
	w.Header().Set("Location", "/"+bucketName)
	return nil
}

// checkNewBucket refuses a CreateBucketConfiguration that nothing here acts on:
// gofakes3 does not look at it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
func (s *State) checkNewBucket(r *http.Request) error {
	body, err := peek(r, maxDocument)
	if err == nil {
		err = verify(r.Header, body)
	}
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	var in struct {
		XMLName            xml.Name `xml:"CreateBucketConfiguration"`
		LocationConstraint string
		Other              []other `xml:",any"`
	}
	if err := xml.Unmarshal(body, &in); err != nil {
		return gofakes3.ErrMalformedXML
	}
	for _, part := range in.Other {
		return refusal("CreateBucket: " + part.XMLName.Local)
	}
	if at := in.LocationConstraint; at != "" && at != s.config.Identity.Region {
		return gofakes3.ErrorMessage("IllegalLocationConstraintException",
			"The "+at+" location constraint is incompatible for the region specific endpoint this request was sent to.")
	}
	return nil
}

// serveLocation is GetBucketLocation: the region of every bucket, which is empty for
// us-east-1.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
func (s *State) serveLocation(w http.ResponseWriter, r *http.Request, bucketName string) error {
	if exists, _ := s.BucketExists(r.Context(), bucketName); !exists {
		return gofakes3.BucketNotFound(bucketName)
	}
	region := s.config.Identity.Region
	if region == "us-east-1" {
		region = ""
	}
	w.Header().Set("Content-Type", "application/xml")
	writeXML(w, struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
		Region  string   `xml:",chardata"`
	}{Region: region})
	return nil
}
