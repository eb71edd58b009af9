package wire

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Defaults of a cloud that was told nothing else.
const (
	DefaultAccount = "000000000000"
	DefaultRegion  = "us-east-1"
)

// Identity is the account and region that resources belong to. The zero value
// means DefaultAccount and DefaultRegion.
type Identity struct {
	Account string
	Region  string
}

// OrDefault fills in what is empty.
func (id Identity) OrDefault() Identity {
	if id.Account == "" {
		id.Account = DefaultAccount
	}
	if id.Region == "" {
		id.Region = DefaultRegion
	}
	return id
}

// ARN names a resource of this identity, as in
// arn:aws:kinesis:us-east-1:000000000000:stream/iot-telemetry.
func (id Identity) ARN(service, resource string) string {
	id = id.OrDefault()
	return ARN(service, id.Region, id.Account, resource)
}

// ARN names a resource: arn:aws:service:region:account:resource.
func ARN(service, region, account, resource string) string {
	return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource
}

// ResourceOf returns the resource part of an ARN of that service: what stands
// after the account, as in stream/iot-telemetry.
func ResourceOf(arn, service string) (string, bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != service {
		return "", false
	}
	return parts[5], true
}

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)

// IsRole tells whether an ARN is that of an IAM role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func IsRole(arn string) bool { return roleARN.MatchString(arn) }

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// IsAccount tells whether an id has the form of an account's.
func IsAccount(id string) bool { return accountID.MatchString(id) }

// Scope is the credential scope of a Signature Version 4 request. Shakedown
// routes by it and does not verify the signature: it listens on loopback and
// any credentials do.
type Scope struct {
	AccessKey string
	Region    string
	Service   string
}

// ScopeOf reads the credential scope from the Authorization header or, for a
// presigned request, from X-Amz-Credential.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func ScopeOf(r *http.Request) (Scope, bool) {
	var credential string
	if auth := r.Header.Get("Authorization"); auth != "" {
		_, rest, found := strings.Cut(auth, "Credential=")
		if !found {
			return Scope{}, false
		}
		credential, _, _ = strings.Cut(rest, ",")
	} else {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) < 5 {
		return Scope{}, false
	}
	parts = parts[len(parts)-5:]
	return Scope{AccessKey: parts[0], Region: parts[2], Service: parts[3]}, true
}

// NewRequestID returns a random UUID. It never enters a run hash.
func NewRequestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}
