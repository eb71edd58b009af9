package broker

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// signingNames are the services that a URL may be signed for.
var signingNames = []string{"iotdevicegateway", "iotdata"}

// signed tells what is missing from a signed URL, or that it is signed for elsewhere or has
// expired. The signature itself is not checked.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func signed(r *http.Request, region string, now time.Time) (wire.Scope, error) {
	query := r.URL.Query()
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"} {
		if query.Get(name) == "" {
			return wire.Scope{}, fmt.Errorf("the URL is not signed: it has no %s", name)
		}
	}
	if a := query.Get("X-Amz-Algorithm"); a != "AWS4-HMAC-SHA256" {
		return wire.Scope{}, fmt.Errorf("X-Amz-Algorithm is AWS4-HMAC-SHA256, not %s", a)
	}
	scope, ok := wire.ScopeOf(r)
	if !ok || !slices.Contains(signingNames, scope.Service) {
		return wire.Scope{}, fmt.Errorf("X-Amz-Credential %s is not for one of the services %s", query.Get("X-Amz-Credential"), strings.Join(signingNames, ", "))
	}
	if scope.Region != region {
		return wire.Scope{}, fmt.Errorf("the URL is signed for region %s; this cloud is in %s", scope.Region, region)
	}
	return scope, unexpired(query.Get("X-Amz-Date"), query.Get("X-Amz-Expires"), now)
}

// maxExpires is the longest that a signed URL is valid, in seconds.
const maxExpires = 7 * 24 * 60 * 60

// unexpired checks how long a URL is valid: X-Amz-Expires seconds from X-Amz-Date. Without
// X-Amz-Expires, as the device SDKs sign, nothing is said about that.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
func unexpired(date, expires string, now time.Time) error {
	at, err := time.Parse("20060102T150405Z", date)
	if err != nil {
		return fmt.Errorf("X-Amz-Date %s is not of the form 20060102T150405Z", date)
	}
	if expires == "" {
		return nil
	}
	seconds, err := strconv.Atoi(expires)
	if err != nil || seconds < 1 || seconds > maxExpires {
		return fmt.Errorf("X-Amz-Expires %s is not a number of seconds from 1 to %d", expires, maxExpires)
	}
	if end := at.Add(time.Duration(seconds) * time.Second); now.After(end) {
		return fmt.Errorf("the URL expired at %s", end.Format(time.RFC3339))
	}
	return nil
}
