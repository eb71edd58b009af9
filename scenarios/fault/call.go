package fault

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// call is what is called: a service as targets name it, and an operation, which
// is empty when it is none that the injector knows.
type call struct{ service, operation string }

// signedNames are services that schedules call otherwise than signatures do.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var signedNames = map[string]string{"iotdata": "iot-data", "iotdevicegateway": "iot-data"}

// serviceOf is the service that a request is signed for, as the cloud's router
// finds it; empty when it is not one that faults befall.
func serviceOf(r *http.Request) string {
	scope, ok := wire.ScopeOf(r)
	if !ok {
		return ""
	}
	if name, ok := signedNames[scope.Service]; ok {
		return name
	}
	if _, ok := services[scope.Service]; ok {
		return scope.Service
	}
	return ""
}

// operationOf names the operation of a request to a service.
func operationOf(service string, r *http.Request, body []byte) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:]
	}
	if wire.IsRPC(r) {
		return rpcOperation(r)
	}
	switch service {
	case "s3":
		return s3Operation(r)
	case "iot-data":
		return iotDataOperation(r)
	case "lambda":
		return lambdaOperation(r)
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Has("Action") {
		return form.Get("Action")
	}
	return r.URL.Query().Get("Action")
}

// befalls tells whether a fault is about the call.
func (a *active) befalls(c call) bool {
	return a.Kind.Place() == simfault.OnService && a.Target.Service == c.service &&
		(a.Target.Operation == "" || a.Target.Operation == c.operation)
}
