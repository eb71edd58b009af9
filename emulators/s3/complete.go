package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"strings"

	"github.com/rclone/gofakes3"
)

// maxCompletion bounds a CompleteMultipartUpload: 10,000 parts with a checksum each.
const maxCompletion = 8 << 20

// uploaded is what completing a multipart upload says of its object.
type uploaded struct {
	sum   [md5.Size]byte
	parts uint16
}

// completion reads the parts of CompleteMultipartUpload, which are in the order of
// their numbers: gofakes3 sorts before it looks. It compares their ETags with those of
// the parts that it has.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func completion(r *http.Request) (*uploaded, error) {
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Checksum-") { // of the object; those of parts were checked
			return nil, refusal("CompleteMultipartUpload: the header " + strings.ToLower(name))
		}
	}
	body, err := documentOf(r, maxCompletion)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in gofakes3.CompleteMultipartUploadRequest
	if err := xml.Unmarshal(body, &in); err != nil || len(in.Parts) == 0 || len(in.Parts) > gofakes3.MaxUploadPartNumber {
		return nil, gofakes3.ErrMalformedXML
	}
	var sums []byte
	for i, part := range in.Parts {
		if i > 0 && part.PartNumber <= in.Parts[i-1].PartNumber {
			return nil, gofakes3.ErrInvalidPartOrder
		}
		sum, err := hex.DecodeString(strings.Trim(part.ETag, `"`))
		if err != nil || len(sum) != md5.Size {
			return nil, gofakes3.ErrInvalidPart
		}
		sums = append(sums, sum...)
	}
	return &uploaded{md5.Sum(sums), uint16(len(in.Parts))}, nil
}
