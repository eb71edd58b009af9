// Package fault makes AWS services, the stream and functions fail, as the kinds
// of sim/fault say (DESIGN.md §6).
//
// An Injector stands at four places and acts on those calls that the active
// faults befall:
//
//	pipeline ──> Wrap(HTTPClient) ──> services      throttle, server-error, lost-answer,
//	rules ─────> WrapTargets ───────> services      timeout, partial-batch-failure, slow-calls
//	stream ────> Gate ──────────────> mapping       slow-shard, stalled-mapping
//	mapping ───> WrapFunction ──────> function      function-error, -error-after, -panic, -timeout
//
// Faults overlap: each is a layer around the call, the one with the lowest id
// outermost. A layer that refuses a call hides it from the layers below.
//
// Which calls a rate hits follows from the seed, the fault, the operation and what
// the call carries, never from when it comes: two runs that make the same calls
// in another order hit the same calls. A call that is made again, as a retry is,
// is drawn anew.
//
// The errors are the services' own: code, HTTP status and body are those of the
// AWS API references, which services.go cites, so that an SDK client sees its
// typed exception and retries as it would on AWS.
package fault
