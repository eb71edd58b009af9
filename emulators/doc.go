// Package emulators is the embedded cloud: every AWS service of the pipeline in
// one process, behind one http.Handler.
//
// A [Cloud] owns the state of all services and routes each request by the
// service name in its Signature Version 4 credential scope, as LocalStack does
// on its one port. The pipeline reaches it with aws-sdk-go-v2 clients made from
// [Cloud.AWSConfig], whose HTTP client calls the handler directly; `shakedown
// up` serves the same handler on a listener for every other client.
//
// The services are in packages of their own, one each. They do not know each
// other: where one acts on another (a rule on a stream, a topic on a queue, a
// mapping on a shard) the adaptors of this package connect them.
package emulators
