// Package lambda is AWS Lambda for Go handlers that live in this process.
//
// A function has two halves, and both are needed before it can be invoked:
//
//   - the code: a [GoHandler] bound to a function name by [Config].Functions or
//     [State.Bind]. It is what `github.com/aws/aws-lambda-go` makes of a Go
//     function: lambda.NewHandler(f).
//   - the resource: CreateFunction over the wire, which fixes timeout, memory,
//     role and so on. A name that nothing is bound to is refused with an
//     InvalidParameterValueException that says how to bind one.
//
// The deployment package of CreateFunction is not run: its hash and size are
// kept and answered, and the bound handler runs in its place. Likewise the
// Environment is kept and answered but does not reach a bound handler, because
// Go handlers here are built from a Config; only the bootstrap binaries that
// run on AWS read it.
//
// # Invocation
//
// A handler runs with the deadline of the function's timeout (3 s by default)
// and a lambdacontext with request id and function ARN. A panic and an error
// become a function error with errorType and errorMessage, as the Go runtime
// reports them. A handler that outlives its timeout is abandoned: the caller is
// told Sandbox.Timedout, the handler's context has ended, and [State.Run] waits
// for it before it returns.
//
// # Asynchronous invocation
//
// [State.InvokeAsync] queues. Every function has one lane; a lane settles for
// some nanoseconds of its own, sorts what is due by (due time, payload bytes)
// and invokes one event after the other. AWS promises no order here; one lane a
// function makes the order a function of the events, so that a run in virtual
// time repeats. Config.Lanes functions run at a time. A failing event is tried
// again after 1 and 2 minutes and dropped at the age of 6 h, then goes to the
// on-failure queue or is discarded (AWS.md §3).
//
// # Event source mappings
//
// A mapping reads each shard of a Kinesis stream with one poller: batch size,
// batching window, retries, record age, bisecting, partial batch responses and
// on-failure destination as in AWS.md §3. The pure part, what a batch's outcome
// means, is in batch.go. ParallelizationFactor is 1. Shards are read once, when
// the mapping starts: a stream that is resharded later needs the mapping to be
// disabled and enabled. StartingPosition LATEST is the instant of creation; AWS
// says that it may miss events while the mapping is being created.
//
// # What is not here
//
// Versions, aliases, layers, images, function URLs, response streams, provisioned
// and reserved concurrency, log tails, filters and tumbling windows are refused
// by name. AddPermission keeps statements for GetPolicy; like all of IAM here,
// they are not enforced.
package lambda
