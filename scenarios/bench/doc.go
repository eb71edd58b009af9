// Package bench measures what a machine makes of Shakedown, in one run:
//
//	connects   devices with their firmware, all at once: mTLS connects a second, bytes a device
//	calls      PutRecord, UpdateItem, PutObject and Publish by AWS's SDK, one at a time over a socket
//	bare       publishers as fast as QoS 1 allows, at a broker without rules
//	whole      the same publishers, broker and mTLS, with the pipeline and every sink
//	half       half that rate on a schedule: the latency from the scheduled instant to stored
//
// [Fleets] measures another thing: what a message costs in fleets of several sizes.
//
// The ratio of whole and bare is what the pipeline costs; it compares between
// machines, where messages a second do not. The real clock is used: in virtual
// time the processor is free.
package bench
