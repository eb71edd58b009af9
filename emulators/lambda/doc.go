// Package lambda is AWS Lambda: functions that are Go handlers of this process,
// or deployment packages that run as processes of this machine.
//
// A function is the resource that CreateFunction makes, with timeout, memory, role
// and so on, and the code that runs:
//
//   - the package itself, where [Config].Processes is set and the package is a
//     program: a zip with an executable bootstrap (provided.al2023), or a Node or
//     Python handler. See package process.
//   - else the [GoHandler] that is bound to its name by [Config].Functions or
//     [State.Bind]: what lambda.NewHandler of github.com/aws/aws-lambda-go makes of
//     a Go function. The package's hash and size are kept and answered then, and
//     so is the Environment, which does not reach the handler: Go handlers here are
//     built from a Config.
//
// A function that has neither is refused with an InvalidParameterValueException
// that says what to do.
//
// # Operations
//
//	CreateFunction ListFunctions GetFunction DeleteFunction
//	GetFunctionConfiguration UpdateFunctionConfiguration UpdateFunctionCode
//
//	PublishVersion ListVersionsByFunction CreateAlias GetAlias UpdateAlias
//	DeleteAlias ListAliases
//
//	PutFunctionConcurrency GetFunctionConcurrency DeleteFunctionConcurrency
//
//	AddPermission GetPolicy RemovePermission
//
//	PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig
//	GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig
//	ListFunctionEventInvokeConfigs
//
//	CreateEventSourceMapping ListEventSourceMappings GetEventSourceMapping
//	UpdateEventSourceMapping DeleteEventSourceMapping
//
//	TagResource UntagResource ListTags GetAccountSettings
//	GetFunctionCodeSigningConfig
//
//	Invoke
//
// Refused by name:
//
//	AddLayerVersionPermission CheckpointDurableExecution CreateCapacityProvider
//	CreateCodeSigningConfig CreateFunctionUrlConfig DeleteCapacityProvider
//	DeleteCodeSigningConfig DeleteFunctionCodeSigningConfig
//	DeleteFunctionUrlConfig DeleteLayerVersion
//	DeleteProvisionedConcurrencyConfig DeleteResourcePolicy GetCapacityProvider
//	GetCodeSigningConfig GetDurableExecution GetDurableExecutionHistory
//	GetDurableExecutionState GetFunctionRecursionConfig GetFunctionScalingConfig
//	GetFunctionUrlConfig GetLayerVersion GetLayerVersionByArn
//	GetLayerVersionPolicy GetProvisionedConcurrencyConfig GetResourcePolicy
//	GetRuntimeManagementConfig InvokeAsync InvokeWithResponseStream
//	ListCapacityProviders ListCodeSigningConfigs ListDurableExecutionsByFunction
//	ListFunctionUrlConfigs ListFunctionVersionsByCapacityProvider
//	ListFunctionsByCodeSigningConfig ListLayerVersions ListLayers
//	ListProvisionedConcurrencyConfigs PublishLayerVersion
//	PutFunctionCodeSigningConfig PutFunctionRecursionConfig
//	PutFunctionScalingConfig PutProvisionedConcurrencyConfig PutResourcePolicy
//	PutRuntimeManagementConfig RemoveLayerVersionPermission
//	SendDurableExecutionCallbackFailure SendDurableExecutionCallbackHeartbeat
//	SendDurableExecutionCallbackSuccess StopDurableExecution
//	UpdateCapacityProvider UpdateCodeSigningConfig UpdateFunctionUrlConfig
//
// # Invocation
//
// A handler runs with the deadline of the function's timeout (3 s by default)
// and a lambdacontext with request id and function ARN. A panic and an error
// become a function error with errorType and errorMessage, as the Go runtime
// reports them. A handler that outlives its timeout is abandoned: the caller is
// told Sandbox.Timedout, the handler's context has ended, and [State.Run] waits
// for it before it returns. A process is killed then.
//
// An alias may divide its invocations between two versions. Each invocation draws, also
// one that tries again, from a generator of the alias that is seeded with [Config].Seed
// and the names of function and alias: the nth invocation that begins runs the same
// version in every run. What is refused or only asked for (DryRun) does not draw.
//
// Concurrency is bounded for the account and, where it is reserved, for a function;
// what is too much is a TooManyRequestsException with its Reason.
//
// # Logs
//
// What a function logs goes to [Config].Logs, into the group of its LoggingConfig and a
// stream for each execution environment: START, END and REPORT, errors and timeouts,
// what a process prints, and what a handler of this process logs through
// [NewLogHandler] with the context of its invocation. Where AWS writes Max Memory Used,
// the REPORT of such a handler has nothing: nobody measures it. The role of the
// version must allow logs:CreateLogGroup, where there is no group yet, logs:CreateLogStream
// and logs:PutLogEvents, as AWSLambdaBasicExecutionRole does; without them the function
// runs, nothing is kept, and [Config].Log has one warning for each group. LogType Tail answers the last 4 KB. LogFormat JSON
// has the events start, runtimeDone and report, and both levels; it is refused for
// processes of Node and Python.
//
// # Roles
//
// [Config].Roles is asked for the role of a function: whether Lambda may assume it, when
// it is named; whether it may read and send to what a mapping does, when that is made or
// changed and at each read, each deletion from a queue and each message; and for the dead-letter queue and the
// destinations of asynchronous invocation likewise. A role that may not read any more
// stops the mapping where it is, and LastProcessingResult says why.
//
// # Asynchronous invocation
//
// [State.InvokeAsync] queues. Every function has one lane; a lane settles for
// some nanoseconds of its own, sorts what is due by (due time, payload bytes)
// and invokes one event after the other. AWS promises no order here; one lane a
// function makes the order a function of the events, so that a run in virtual
// time repeats. Config.Lanes functions run at a time. A failing event is tried
// again after 1 and 2 minutes and dropped at the age of 6 h, then goes to the
// on-failure destination and the dead-letter queue, or is discarded (AWS.md §3); at once
// when the function's reserved concurrency is 0. Functions that are each other's
// destinations stop after 16 invocations of one event; other loops are not found.
//
// # Event source mappings
//
// A mapping reads each shard of a stream, of Kinesis or of a DynamoDB table, with one
// poller: filters, batch size, batching window, retries, record age, bisecting,
// partial batch responses and on-failure destination (SQS, SNS, S3) as in AWS.md §3.
// The pure part, what a batch's outcome means, is in batch.go; patterns are in
// package pattern.
// A mapping of an SQS queue has one receiver, and as many batches in process as its
// MaximumConcurrency, or five. What the function has done is deleted from the queue;
// the rest is the queue's again when its visibility timeout has passed: retries and
// dead letters are the queue's, and a batch that fails ends with Retried. It has the
// options of its page, and refuses those of streams.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
//
// With a ParallelizationFactor above 1 a shard has so many strands: the records whose
// partition key, or item of a table, hashes to the strand. Each strand has its own
// batches, one in process at a time, with a batching window, retries and bisecting of
// its own. The checkpoint is before the first record that is not done: what is done
// behind it is done once more when the mapping is disabled and enabled again. The
// shard is read at most 10,000 records, or a batch for each strand, past it.
//
// With TumblingWindowInSeconds the records of a shard are aggregated in windows by
// their arrival: an invocation gets the state that the last one returned, and the last
// invocation of a window has no records and isFinalInvokeForWindow. A window is over
// when a record behind it is read, when the shard ends, or two minutes after its end.
// AWS wants ParallelizationFactor 1 with that. Where its pages leave it open: windows
// begin at whole multiples of their length; a state over 1 MB is given to the function
// once, without records and with isWindowTerminatedEarly, before the window goes on
// with an empty one; the final invocation is bounded by MaximumRetryAttempts but not
// by the age of records.
//
// When a stream is resharded the mapping goes on with the children of a shard once
// that is read to its end. StartingPosition LATEST is the instant of creation; AWS
// says that it may miss events while the mapping is being created.
//
// # What is not here
//
// Layers, images, function URLs, response streams, provisioned concurrency,
// tracing, VPCs and SnapStart are refused by name. The statements of AddPermission are
// asked when a service invokes a function, not when the account does. Functions are
// Active at once.
package lambda
