package cloudwatch

import (
	"net/http"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// State is the metrics of one account and region.
type State struct {
	mu      sync.Mutex
	metrics map[string]*metric // by their keys
	samples int                // of all metrics
	vended  map[string]Vended
}

// Bounds of what is kept.
const (
	maxMetrics = 100_000
	maxSamples = 2_000_000
)

// New makes an empty State. The services have each a namespace of its own, such as
// AWS/Kinesis.
func New(services map[string]Vended) *State {
	return &State{metrics: map[string]*metric{}, vended: services}
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// The errors of the API reference, by the names of their shapes; queryCodes are
// their codes.
const (
	invalidValue       = "InvalidParameterValueException"
	invalidCombination = "InvalidParameterCombinationException"
	missing            = "MissingRequiredParameterException"
	limitExceeded      = "LimitExceededFault"
	invalidToken       = "InvalidNextToken"
)

var queryCodes = map[string]string{
	invalidValue: "InvalidParameterValue", invalidCombination: "InvalidParameterCombination", missing: "MissingParameter",
	limitExceeded: "LimitExceeded", "InternalFailure": "InternalServiceError", "UnknownOperationException": "InvalidAction",
}

func invalid(format string, args ...any) error { return wire.Errorf(invalidValue, 0, format, args...) }

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	const service = "GraniteServiceVersion20100801"
	operations := map[string]wire.Operation{
		"GetMetricData":       wire.Op(s.GetMetricData),
		"GetMetricStatistics": wire.Op(s.GetMetricStatistics),
		"ListMetrics":         wire.Op(s.ListMetrics),
		"PutMetricData":       wire.Op(s.PutMetricData),
	}
	rpc := wire.RPC{Service: service, Operations: operations, UnknownMember: invalidValue, QueryCodes: queryCodes}
	json := wire.JSON{TargetPrefix: service, Version: "1.0", Operations: operations, UnknownMember: invalidValue, QueryCodes: queryCodes}
	query := wire.Query{Namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/", Version: "2010-08-01", Operations: operations, UnknownMember: invalidValue, Codes: queryCodes, Tagged: true}
	return wire.Gunzip(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case wire.IsRPC(r):
			rpc.ServeHTTP(w, r)
		case wire.IsQuery(r):
			query.ServeHTTP(w, r)
		default:
			json.ServeHTTP(w, r)
		}
	}))
}
