// Package wire speaks the AWS wire protocols for the emulators: AWS JSON 1.0
// and 1.1, in CBOR too and with streams of events, Smithy RPC v2 in CBOR, the query
// protocol with XML answers, and REST-JSON.
//
// A service is a table of operations over its own request and response
// structs; wire does the rest:
//
//	wire.JSON{
//		TargetPrefix: "Kinesis_20131202",
//		Version:      "1.1",
//		Operations: map[string]wire.Operation{
//			"PutRecord": wire.Op(state.PutRecord),
//		},
//	}
//
// Decoding is strict. A member that the request struct does not declare is
// refused with an error that names it, so a service declares exactly what it
// acts on and nothing is accepted and then ignored. An operation that is not in
// the table is refused the same way. A panic in an operation becomes an
// InternalFailure (HTTP 500) and a log line, not the end of the process.
//
// Errors are values: an operation returns an *Error whose code is the AWS
// error code, and wire renders it in the protocol of the request.
package wire
