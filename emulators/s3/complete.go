package s3

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

// maxCompletion bounds a CompleteMultipartUpload: 10,000 parts with a checksum each.
const maxCompletion = 8 << 20

// completion is the body of CompleteMultipartUpload.
type completion struct {
	XMLName xml.Name        `xml:"CompleteMultipartUpload"`
	Parts   []completedPart `xml:"Part"`
}

type completedPart struct {
	PartNumber int
	ETag       string
	Other      []struct {
		XMLName xml.Name
		Value   string `xml:",chardata"`
	} `xml:",any"`
}

func readCompletion(r *http.Request) (*completion, error) {
	body, err := peek(r, maxCompletion)
	if err != nil {
		return nil, err
	}
	in := new(completion)
	if err := xml.Unmarshal(body, in); err != nil || len(in.Parts) == 0 || len(in.Parts) > gofakes3.MaxUploadPartNumber {
		return nil, gofakes3.ErrMalformedXML
	}
	for i, p := range in.Parts {
		if i > 0 && p.PartNumber <= in.Parts[i-1].PartNumber {
			return nil, gofakes3.ErrInvalidPartOrder
		}
		for _, other := range p.Other {
			if name, ok := strings.CutPrefix(other.XMLName.Local, "Checksum"); !ok || algorithms[name].make == nil {
				return nil, refusal("CompleteMultipartUpload: " + other.XMLName.Local)
			}
		}
	}
	return in, nil
}

// assemble makes the object that CompleteMultipartUpload asks for; none where the upload
// is not there: it may have been completed before.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func (s *State) assemble(r *http.Request, id string) (*object, error) {
	in, err := readCompletion(r)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	u := s.uploads[id]
	var own upload
	if u != nil {
		own = *u
		own.parts = maps.Clone(u.parts)
	}
	s.mu.RUnlock()
	if u == nil {
		return nil, nil
	}
	parts, err := own.chosen(in)
	if err != nil {
		return nil, err
	}
	size, sizes := 0, make([]int64, len(parts))
	for i, p := range parts {
		size += len(p.body)
		sizes[i] = int64(len(p.body))
	}
	o := &object{parts: &sizes, meta: own.meta}
	o.body = make([]byte, 0, size)
	var sums []byte
	for _, p := range parts {
		o.body, sums = append(o.body, p.body...), append(sums, p.sum[:]...)
	}
	o.sum = md5.Sum(sums)
	if stated := r.Header.Get("X-Amz-Mp-Object-Size"); stated != "" && stated != strconv.Itoa(size) {
		return nil, gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, fmt.Sprintf("The x-amz-mp-object-size %s is not the size of the object, %d bytes", stated, size))
	}
	return o, own.check(r.Header, o, parts)
}

// chosen are the parts that a completion names.
func (u *upload) chosen(in *completion) ([]*part, error) {
	var parts []*part
	for i, named := range in.Parts {
		p := u.parts[named.PartNumber]
		if p == nil || strings.Trim(named.ETag, `"`) != hex.EncodeToString(p.sum[:]) {
			return nil, gofakes3.ErrorMessage(gofakes3.ErrInvalidPart, fmt.Sprintf("One or more of the specified parts could not be found: part %d with the ETag %s", named.PartNumber, named.ETag))
		}
		if i < len(in.Parts)-1 && len(p.body) < minPart {
			return nil, gofakes3.ErrorMessage("EntityTooSmall", fmt.Sprintf("Your proposed upload is smaller than the minimum allowed size: part %d has %d bytes, less than %d", named.PartNumber, len(p.body), minPart))
		}
		if err := u.checkPart(named, p); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// checkPart compares the checksum that a completion names for a part. One of an upload
// with a composite checksum must be there.
func (u *upload) checkPart(named completedPart, p *part) error {
	has := false
	for _, other := range named.Other {
		name := strings.TrimPrefix(other.XMLName.Local, "Checksum") // read before
		sum := checksum{name, strings.TrimSpace(other.Value)}
		if !sum.matches(p.body) {
			return gofakes3.ErrorMessage(gofakes3.ErrInvalidPart, fmt.Sprintf("One or more of the specified parts could not be found: part %d has not the %s %s", named.PartNumber, name, sum.value))
		}
		has = has || name == u.checksum.algorithm
	}
	if u.kind == composite && !has {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, fmt.Sprintf("The upload was created using a %s checksum. The complete request must include the checksum for each part. It was missing for part %d in the request.",
			strings.ToLower(u.checksum.algorithm), named.PartNumber))
	}
	return nil
}

// check compares the checksum that a completion names for the whole object, and gives
// the object that of its upload.
func (u *upload) check(h http.Header, o *object, parts []*part) error {
	sum, err := checksumOf(h)
	if err != nil {
		return err
	}
	kind := cmp.Or(u.kind, h.Get("X-Amz-Checksum-Type"), fullObject)
	if stated := h.Get("X-Amz-Checksum-Type"); stated != "" && stated != kind {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "The checksum type of the upload is "+kind+", not "+stated)
	}
	algorithm := cmp.Or(u.checksum.algorithm, sum.algorithm)
	if algorithm == "" {
		return nil
	}
	if sum.algorithm != "" && sum.algorithm != algorithm {
		return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, fmt.Sprintf("Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s",
			strings.ToLower(algorithm), strings.ToLower(sum.algorithm)))
	}
	is := checksum{algorithm: algorithm}
	is.value = is.ofParts(kind, o.body, parts)
	if bare, _, _ := strings.Cut(is.value, "-"); sum.value != "" && sum.value != is.value && sum.value != bare {
		return sum.wrong()
	}
	o.describe(is.header(), is.value)
	return nil
}

// amend adds to an answer of CompleteMultipartUpload what gofakes3 does not know, and where
// the object is.
func (o *object) amend(answer, location string) string {
	var more, at strings.Builder
	_ = xml.EscapeText(&at, []byte(location)) // a builder takes all
	answer = strings.Replace(answer, "<Location></Location>", "<Location>"+at.String()+"</Location>", 1)
	for name := range algorithms {
		if value := o.meta[checksum{algorithm: name}.header()]; value != "" {
			fmt.Fprintf(&more, "<Checksum%[1]s>%[2]s</Checksum%[1]s><ChecksumType>%[3]s</ChecksumType>", name, value, kindOf(value))
		}
	}
	const end = "</CompleteMultipartUploadResult>"
	return strings.Replace(answer, end, more.String()+end, 1)
}
