package emulators

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/s3"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Router sends a request to the service it was signed for.
type Router struct {
	Identity wire.Identity
	// Services are the handlers by SigV4 service name, as in "kinesis".
	Services map[string]http.Handler
	// Execute serves API Gateway's invoke paths, which are not signed.
	Execute http.Handler
	// Packages serves functions' deployment packages below lambda.PackagesPrefix,
	// which are not signed either.
	Packages http.Handler
	// Devices serves MQTT over WebSocket, at iotcore.WebSocketPath.
	Devices http.Handler
}

// Paths that need no signature.
const (
	ExecutePrefix = "/_aws/execute-api/"
	HealthPath    = "/_localstack/health"
	InfoPath      = "/_localstack/info"
)

// ServeHTTP implements http.Handler.
func (rt Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, ExecutePrefix):
		rt.Execute.ServeHTTP(w, r)
		return
	case strings.HasPrefix(r.URL.Path, lambda.PackagesPrefix):
		rt.Packages.ServeHTTP(w, r)
		return
	case r.URL.Path == broker.WebSocketPath && strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		rt.Devices.ServeHTTP(w, r)
		return
	case r.URL.Path == HealthPath:
		rt.health(w)
		return
	case r.URL.Path == InfoPath:
		answer(w, map[string]any{"version": LocalStackVersion, "edition": edition, "is_license_activated": false})
		return
	}
	scope, ok := wire.ScopeOf(r)
	if !ok {
		scope.Region = rt.Identity.OrDefault().Region
		scope.Service, ok = unsigned(r)
	}
	if !ok {
		wire.Refuse(w, r, wire.Errorf("MissingAuthenticationToken", http.StatusForbidden,
			"the request is not signed; Shakedown routes by the service in the signature (any credentials do, such as test/test)"), "")
		return
	}
	if id := rt.Identity.OrDefault(); scope.Region != id.Region && scope.Service != "iam" { // IAM is in no region
		wire.Refuse(w, r, wire.Errorf("UnrecognizedClientException", http.StatusForbidden,
			"the request is signed for region %s; this cloud is in %s (set AWS_REGION=%s)", scope.Region, id.Region, id.Region), scope.Service)
		return
	}
	service, ok := rt.Services[calledAlso(scope.Service)]
	if !ok {
		wire.Refuse(w, r, wire.NotImplemented("UnknownOperationException", "service "+scope.Service), scope.Service)
		return
	}
	service.ServeHTTP(w, r)
}

// calledAlso is a service's name in Services. AWS documents another for the data plane of
// IoT Core than its SDKs sign for.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#delete-connection-syntax
func calledAlso(signed string) string {
	if signed == "iotdevicegateway" {
		return "iotdata"
	}
	return signed
}

// unsigned is the service of a request that needs no Signature Version 4: of a link that SNS
// or IoT Core has sent, of a client of STS that has no credentials yet, or with one of S3's own.
func unsigned(r *http.Request) (service string, ok bool) {
	switch {
	case isLink(r):
		return "sns", true
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, destination.ConfirmPrefix):
		return "iot", true
	case federates(r):
		return "sts", true
	case s3.OwnSignature(r):
		return "s3", true
	}
	return "", false
}

// maxFederation bounds what is read of a request to find out whether it is one of
// STS: an assertion has at most 100,000 characters.
const maxFederation = 1 << 20

// federates tells whether a request asks STS for credentials by those of another
// provider, and leaves it as it was.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func federates(r *http.Request) bool {
	if r.Method != http.MethodPost || r.URL.Path != "/" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return false
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxFederation))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	if err != nil {
		return false
	}
	form, err := url.ParseQuery(string(body))
	action := form.Get("Action")
	return err == nil && (action == "AssumeRoleWithSAML" || action == "AssumeRoleWithWebIdentity")
}

// isLink tells whether a request follows a link that SNS has sent to an endpoint:
// to confirm a subscription or to end it.
func isLink(r *http.Request) bool {
	action := r.URL.Query().Get("Action")
	return r.Method == http.MethodGet && r.URL.Path == "/" && (action == "ConfirmSubscription" || action == "Unsubscribe")
}

// health answers in LocalStack's shape, which tools wait for.
func (rt Router) health(w http.ResponseWriter) {
	names := make([]string, 0, len(rt.Services))
	for name := range rt.Services {
		names = append(names, name)
	}
	sort.Strings(names)
	services := map[string]string{}
	for _, name := range names {
		services[name] = "running"
	}
	answer(w, map[string]any{"services": services, "edition": edition, "version": LocalStackVersion})
}

// What tools are told that ask a LocalStack who it is: its version is that of the
// paths above.
// https://docs.localstack.cloud/aws/capabilities/config/internal-endpoints/
const (
	LocalStackVersion = "4.14.0"
	edition           = "shakedown"
)

func answer(w http.ResponseWriter, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	// Nobody is left to tell when the answer cannot be written.
	_ = json.NewEncoder(w).Encode(body)
}
