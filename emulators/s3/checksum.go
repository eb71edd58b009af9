package s3

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strconv"
	"strings"

	"github.com/rclone/gofakes3"
)

const (
	checksumHeader = "X-Amz-Checksum-"
	composite      = "COMPOSITE"
	fullObject     = "FULL_OBJECT"
)

var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5) // reflected

// algorithms of checksums by name, as headers spell it in lower case.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
var algorithms = map[string]struct {
	make func() hash.Hash
	// kinds a multipart upload can have of it, its default first.
	kinds string
}{
	"CRC32":     {func() hash.Hash { return crc32.NewIEEE() }, composite + " " + fullObject},
	"CRC32C":    {func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }, composite + " " + fullObject},
	"CRC64NVME": {func() hash.Hash { return crc64.New(nvme) }, fullObject},
	"SHA1":      {sha1.New, composite},
	"SHA256":    {sha256.New, composite},
}

// checksum is a named one, in Base64.
type checksum struct{ algorithm, value string }

// checksumOf is the checksum that a request's headers name.
func checksumOf(h http.Header) (checksum, error) {
	var found checksum
	for header, values := range h {
		name, ok := strings.CutPrefix(header, checksumHeader)
		name = strings.ToUpper(name)
		if !ok || name == "ALGORITHM" || name == "TYPE" || name == "MODE" {
			continue
		}
		if algorithms[name].make == nil {
			return found, refusal("the header " + strings.ToLower(header))
		}
		if found.algorithm != "" {
			return found, errChecksums
		}
		found = checksum{name, values[0]}
	}
	if found.algorithm == "" {
		return found, nil
	}
	bare, _, _ := strings.Cut(found.value, "-") // a composite one has the number of parts behind it
	if sum, err := base64.StdEncoding.DecodeString(bare); err != nil || len(sum) != algorithms[found.algorithm].make().Size() {
		return found, invalidHeader(found.header())
	}
	if sdk := h.Get("X-Amz-Sdk-Checksum-Algorithm"); sdk != "" && !strings.EqualFold(sdk, found.algorithm) {
		return found, invalidHeader("X-Amz-Sdk-Checksum-Algorithm")
	}
	return found, nil
}

// promised wants the checksum that x-amz-sdk-checksum-algorithm says there is: "otherwise,
// Amazon S3 fails the request".
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
func promised(h http.Header) error {
	if h.Get("X-Amz-Sdk-Checksum-Algorithm") == "" || h.Get("X-Amz-Checksum-Algorithm") != "" {
		return nil
	}
	found, err := checksumOf(h)
	if err == nil && found.algorithm == "" {
		err = gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
	}
	return err
}

var errChecksums = gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")

func invalidHeader(name string) error {
	return gofakes3.ErrorMessage(gofakes3.ErrInvalidRequest, "Value for "+strings.ToLower(name)+" header is invalid.")
}

func (c checksum) header() string { return http.CanonicalHeaderKey(checksumHeader + c.algorithm) }

// of are the bytes of the checksum of a body by c's algorithm.
func (c checksum) of(body []byte) []byte {
	h := algorithms[c.algorithm].make()
	_, _ = h.Write(body) // never fails
	return h.Sum(nil)
}

// matches tells whether a body has the checksum.
func (c checksum) matches(body []byte) bool {
	sum, err := base64.StdEncoding.DecodeString(c.value)
	return err == nil && bytes.Equal(sum, c.of(body))
}

// sumBy gives an object its checksum by an algorithm, if there is one.
func (o *object) sumBy(algorithm string) {
	if algorithms[algorithm].make == nil {
		return
	}
	sum := checksum{algorithm: algorithm}
	o.describe(sum.header(), base64.StdEncoding.EncodeToString(sum.of(o.body)))
}

// verify compares a body with the checksum that a request's headers name, if they do.
func verify(h http.Header, body []byte) error {
	sum, err := checksumOf(h)
	if err == nil && sum.algorithm != "" && !sum.matches(body) {
		err = sum.wrong()
	}
	return err
}

func (c checksum) wrong() error {
	return gofakes3.ErrorMessage(gofakes3.ErrBadDigest, fmt.Sprintf("The %s you specified did not match the calculated checksum.", c.algorithm))
}

// ofParts is the checksum of an object of several parts: of its body, or of the
// checksums of its parts, with their number behind it.
func (c checksum) ofParts(kind string, body []byte, parts []*part) string {
	if kind == fullObject {
		return base64.StdEncoding.EncodeToString(c.of(body))
	}
	var sums []byte
	for _, p := range parts {
		sums = append(sums, c.of(p.body)...)
	}
	return base64.StdEncoding.EncodeToString(c.of(sums)) + "-" + strconv.Itoa(len(parts))
}

// kindOf tells a composite checksum by the number of parts behind it.
func kindOf(value string) string {
	if strings.Contains(value, "-") {
		return composite
	}
	return fullObject
}

// nameKind adds to an answer's checksum its type, which gofakes3 does not know.
func nameKind(h http.Header) {
	for name := range algorithms {
		if value := h.Get(checksumHeader + name); value != "" {
			h.Set(checksumHeader+"Type", kindOf(value))
		}
	}
}
