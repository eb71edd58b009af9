package emulators

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
)

// scopeSigner writes the credential scope, by which the router finds the service,
// and no signature: nobody verifies it, and it is a tenth of what a call costs.
type scopeSigner struct{}

// SignHTTP implements the HTTPSignerV4 of every SDK client.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (scopeSigner) SignHTTP(_ context.Context, credentials aws.Credentials, r *http.Request, _, service, region string, at time.Time, _ ...func(*v4.SignerOptions)) error {
	at = at.UTC()
	r.Header.Set("X-Amz-Date", at.Format("20060102T150405Z"))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+credentials.AccessKeyID+at.Format("/20060102/")+
		region+"/"+service+"/aws4_request, SignedHeaders=host;x-amz-date, Signature="+noSignature)
	return nil
}

// noSignature stands where 64 hexadecimal digits do.
const noSignature = "0000000000000000000000000000000000000000000000000000000000000000"

// lighten spares the clients of the calls that every message makes what two ends
// in one process need not prove to each other. A server elsewhere may ask for proof.
func lighten(_ string, options any) {
	switch o := options.(type) {
	case *dynamodb.Options:
		o.HTTPSignerV4, o.DisableValidateResponseChecksum = scopeSigner{}, true
	case *timestreamwrite.Options:
		o.HTTPSignerV4 = scopeSigner{}
	case *timestreamquery.Options:
		o.HTTPSignerV4 = scopeSigner{}
	}
}
