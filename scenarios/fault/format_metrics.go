package fault

import (
	"net/http"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// metricsFormat is CloudWatch's, which answers in the protocol of the request: RPC v2
// in CBOR, as SDKs speak first, AWS JSON 1.0, or the query protocol of older ones. The
// first two also say in a header what the error is called in the last, and SDKs report
// that.
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
type metricsFormat struct{}

func (metricsFormat) refuse(m message, f failure) *http.Response {
	shape := "com.amazonaws.cloudwatch#" + f.code
	sender, named := ";Sender", f.code
	if f.status >= 500 {
		sender, named = ";Receiver", "InternalServiceError" // the model's name of InternalServiceFault
	}
	if wire.IsQuery(m.Request) {
		return queryFormat{namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/"}.refuse(m, failure{named, f.status, f.message})
	}
	if !wire.IsRPC(m.Request) {
		answer := jsonFormat{version: "1.0", prefix: "com.amazonaws.cloudwatch#"}.refuse(m, f)
		answer.Header.Set("X-Amzn-Query-Error", named+sender)
		return answer
	}
	body, err := cbor.Marshal(map[string]string{"__type": shape, "message": f.message})
	if err != nil {
		panic("fault: encode an answer: " + err.Error()) // texts always encode
	}
	return respond(m.Request, f.status, http.Header{
		"Content-Type": {"application/cbor"}, "Smithy-Protocol": {"rpc-v2-cbor"}, "X-Amzn-Requestid": {wire.NewRequestID()},
		"X-Amzn-Query-Error": {named + sender},
	}, body)
}

// rpcOperation is the operation in the path of RPC v2.
func rpcOperation(r *http.Request) string {
	return r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
}
