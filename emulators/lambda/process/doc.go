// Package process runs the deployment package of a function as processes of
// this machine, over the Lambda Runtime API: the bootstrap that would run on
// AWS, or a Node or Python handler.
//
//	           GET  /2018-06-01/runtime/invocation/next
//	process ──────────────────────────────────────────────> Runtime API, one
//	           POST …/invocation/<id>/response | …/error      listener a process
//
// A [Pool] bounds the processes. Each runs one invocation at a time, in a process
// group of its own, and is kept for the next invocation while the pool keeps
// processes. A timeout kills the group. What a process prints is kept line by
// line, between the START, END and REPORT lines of its invocations.
//
// # What a process gets
//
// The environment of AWS: _HANDLER, LAMBDA_TASK_ROOT, AWS_LAMBDA_RUNTIME_API and
// so on, the function's own variables, and AWS_ENDPOINT_URL, which leads every
// SDK to the embedded cloud. The working directory is the unpacked package and
// TMPDIR a directory of its own; both are removed when the last process ends.
//
// # What is not like AWS
//
// A process is not a sandbox: it can do what the user who runs Shakedown can. The
// memory size is told to it but not enforced. There is no frozen time between
// invocations, and no extensions API. Processes need Unix; on Linux a process
// ends with Shakedown even when that is killed, its own children may not.
package process
