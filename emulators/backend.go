package emulators

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Backend says where the stores are: Kinesis, DynamoDB, S3, SNS and SQS. The zero
// value is embedded: in this process. All other services are in this process always.
//
//	             embedded          endpoint
//	SDK client ─ route ─ handler   route ─┬─ handler     iot, timestream, lambda, …
//	                                      └─ network ─>  kinesis, dynamodb, s3, sns, sqs
type Backend struct {
	// Endpoint is the base URL of a server that speaks the AWS API, as in
	// http://127.0.0.1:4566.
	Endpoint string
}

// storeServices are what a Backend may have elsewhere, by SigV4 service name.
var storeServices = map[string]bool{"kinesis": true, "dynamodb": true, "s3": true, "sns": true, "sqs": true}

// Remote tells whether the stores are outside this process.
func (b Backend) Remote() bool { return b.Endpoint != "" }

// Validate says what is wrong with the endpoint.
func (b Backend) Validate() error {
	if !b.Remote() {
		return nil
	}
	u, err := url.Parse(b.Endpoint)
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return fmt.Errorf("endpoint %q is not a URL such as http://127.0.0.1:4566", b.Endpoint)
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("endpoint %q has more than scheme, host and port", b.Endpoint)
	}
	return nil
}

// Bounds of a connection to a server of stores.
const (
	callTimeout = 30 * time.Second
	maxIdle     = 64
	maxOpen     = 256
)

// errRedirect keeps a signed request from following where it was not signed for.
var errRedirect = errors.New("the endpoint redirects; give the address it redirects to")

func newNetwork() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost, transport.MaxConnsPerHost = maxIdle, maxIdle, maxOpen
	return &http.Client{
		Transport: transport, Timeout: callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
}

// route sends a request to the service it is signed for: over the network to a
// store that is elsewhere, else to the handler in this process. The SDK signs for
// the host of the remote endpoint, which handlers in process do not look at.
type route struct {
	local  aws.HTTPClient
	remote *http.Client
	puts   *puts
}

// Do implements aws.HTTPClient.
func (r route) Do(request *http.Request) (*http.Response, error) {
	scope, ok := wire.ScopeOf(request)
	if !ok || !storeServices[scope.Service] {
		return r.local.Do(request)
	}
	answer, err := r.remote.Do(request)
	if scope.Service == "kinesis" && strings.Contains(request.Header.Get("X-Amz-Target"), ".PutRecord") {
		r.puts.note(time.Now())
	}
	return answer, err
}

// elsewhere answers for a store that this cloud does not have.
type elsewhere struct{ service, endpoint string }

func (e elsewhere) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	// Nobody is left to tell when the answer cannot be written.
	_ = json.NewEncoder(w).Encode(map[string]string{
		"__type": "UnknownOperationException", "message": e.service + " of this cloud is at " + e.endpoint + ": call it there",
	})
}
