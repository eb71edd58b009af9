package s3

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"

	"github.com/rclone/gofakes3"
)

// maxCompletion bounds a CompleteMultipartUpload: 10,000 parts with a checksum each.
const maxCompletion = 8 << 20

// ordered refuses to put an upload together in another order than that of its parts'
// numbers: gofakes3 sorts before it looks.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func ordered(r *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxCompletion+1))
	if err != nil {
		return err
	}
	if len(body) > maxCompletion {
		return gofakes3.ErrMalformedXML
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in gofakes3.CompleteMultipartUploadRequest
	if err := xml.Unmarshal(body, &in); err != nil {
		return gofakes3.ErrMalformedXML
	}
	for i := 1; i < len(in.Parts); i++ {
		if in.Parts[i].PartNumber <= in.Parts[i-1].PartNumber {
			return gofakes3.ErrInvalidPartOrder
		}
	}
	return nil
}
