package s3

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rclone/gofakes3"
)

// amz begins the headers that only AWS knows.
const amz = "X-Amz-"

// taken are the headers beginning with x-amz- that something here acts on, or that say
// how a request is sent or signed: a request with any other is refused. Each has the
// requests that may have it, * for all: r reads, w writes or d deletes, b a bucket or o
// an object; and, where not every value is acted on, those that are.
// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonRequestHeaders.html
var taken = takenHeaders(`
	Content-Sha256                   *
	Date                             *
	Region-Set                       *
	Security-Token                   *
	Te                               ro    append-md5
	Request-Payer                    ro,wo,do,rb,wb requester
	Sdk-Checksum-Algorithm           *     CRC32 CRC32C CRC64NVME SHA1 SHA256
	User-Agent                       *
	Expected-Bucket-Owner            *
	Decoded-Content-Length           wo,wb
	Trailer                          wo,wb
	Checksum-Crc32                   wo,wb
	Checksum-Crc32c                  wo,wb
	Checksum-Crc64nvme               wo,wb
	Checksum-Sha1                    wo,wb
	Checksum-Sha256                  wo,wb
	Checksum-Algorithm               wo    CRC32 CRC32C CRC64NVME SHA1 SHA256
	Checksum-Type                    wo    COMPOSITE FULL_OBJECT
	Checksum-Mode                    ro    ENABLED
	Object-Attributes                ro    ETag Checksum ObjectParts StorageClass ObjectSize
	Max-Parts                        ro
	Part-Number-Marker               ro
	If-Match-Size                    do
	If-Match-Last-Modified-Time      do
	Acl                              wo,wb private bucket-owner-full-control
	Copy-Source                      wo
	Copy-Source-If-Match             wo
	Copy-Source-If-Modified-Since    wo
	Copy-Source-If-None-Match        wo
	Copy-Source-If-Unmodified-Since  wo
	Copy-Source-Range                wo
	Source-Expected-Bucket-Owner     wo
	Metadata-Directive               wo    COPY REPLACE
	Tagging                          wo
	Tagging-Directive                wo    COPY REPLACE
	Server-Side-Encryption           wo    AES256
	Server-Side-Encryption-Bucket-Key-Enabled wo false
	Storage-Class                    wo    STANDARD
	Website-Redirect-Location        wo
	Mp-Object-Size                   wo
	Bypass-Governance-Retention      do,wb false
	Bucket-Namespace                 wb    global
	Bucket-Object-Lock-Enabled       wb    false
	Object-Ownership                 wb    BucketOwnerEnforced
	Confirm-Remove-Self-Bucket-Access wb   false
	Skip-Destination-Validation      wb    true false
`)

// takenHeader is what a header of the table may be in and say; nil values are any.
type takenHeader struct {
	requests string
	values   []string
}

func takenHeaders(lines string) map[string]takenHeader {
	headers := map[string]takenHeader{}
	for line := range strings.Lines(lines) {
		if f := strings.Fields(line); len(f) > 1 {
			headers[amz+f[0]] = takenHeader{f[1], f[2:]}
		}
	}
	return headers
}

// members are the names that SDKs have for headers, where those are others.
var members = strings.NewReplacer(
	"copy-source-server-side-encryption-customer-", "CopySourceSSECustomer-",
	"server-side-encryption-customer-", "SSECustomer-",
	"server-side-encryption-aws-kms-key-id", "SSEKMSKeyId",
	"server-side-encryption-context", "SSEKMSEncryptionContext",
	"bucket-object-lock-enabled", "ObjectLockEnabledForBucket",
	"object-lock-legal-hold", "ObjectLockLegalHoldStatus",
	"source-expected-bucket-owner", "ExpectedSourceBucketOwner",
	"key-md5", "KeyMD5",
)

// described is a header as it is written, and with the name that SDKs have for it.
func described(name string) string {
	written := strings.ToLower(name)
	bare := written[len(amz):]
	if member := members.Replace(bare); member != bare {
		return written + " (" + strings.ReplaceAll(member, "-", "") + ")"
	}
	return written
}

// refuseHeaders refuses the first header, by name, that nothing here acts on.
func (s *State) refuseHeaders(r *http.Request, key string) error {
	var wrong string
	for name, values := range r.Header {
		if len(name) <= len(amz) || !strings.HasPrefix(name, amz) || wrong != "" && name > wrong {
			continue
		}
		if !s.takes(r.Method, key, name, values) {
			wrong = name
		}
	}
	switch {
	case wrong == "":
		return nil
	case strings.HasSuffix(wrong, "Expected-Bucket-Owner"):
		return gofakes3.ErrorMessage("AccessDenied", "Access Denied: all buckets are of the account "+s.config.Identity.Account+": "+described(wrong))
	case strings.HasSuffix(wrong, "Customer-Key"): // which does not get into the answer
		return refusal("the header " + described(wrong))
	}
	return refusal("the header " + described(wrong) + ": " + strings.Join(r.Header[wrong], ", "))
}

// takes tells whether something acts on a header of a request.
func (s *State) takes(method, key, name string, values []string) bool {
	if strings.HasPrefix(name, "X-Amz-Meta-") {
		return true
	}
	is, ok := taken[name]
	list := name == "X-Amz-Object-Attributes" // the only one
	if !ok || len(values) != 1 && !list || is.requests != "*" && !strings.Contains(is.requests, kindOfRequest(method, key)) {
		return false
	}
	if strings.HasSuffix(name, "Expected-Bucket-Owner") {
		return values[0] == s.config.Identity.Account
	}
	if list {
		values = strings.FieldsFunc(strings.Join(values, ","), func(c rune) bool { return c == ',' || c == ' ' })
	}
	if name == "X-Amz-Sdk-Checksum-Algorithm" { // in whatever case
		values = []string{strings.ToUpper(values[0])}
	}
	return len(is.values) == 0 || !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(is.values, v) })
}

// kindOfRequest is one of a table's: what it does, and of what.
func kindOfRequest(method, key string) string {
	of := "b"
	if key != "" {
		of = "o"
	}
	switch method {
	case http.MethodPut, http.MethodPost:
		return "w" + of
	case http.MethodDelete:
		return "d" + of
	}
	return "r" + of
}
