// Package logging is the V2 logging of IoT Core: the options and levels that the control
// plane sets, and the entries that go to CloudWatch Logs by them.
//
//	broker, rules, shadows ─ Entry ─> level of its client, else of its event type, else the default ─> role ─> log group
//
// The event types that are logged are those of [EventTypes]. Not logged, and refused as
// an event configuration: Ping, Connection.AuthNError, FunctionExecution, RuleEvaluation,
// RuleExecutionThrottled (rules are not throttled here), and those of jobs, provisioning,
// OCSP, dynamic groups and fleet indexing. Of a rule's actions republish and http tell
// their resources: AWS does not document the names of the others'.
// A connection refused before its client id is known has no entry.
//
// Entries go to the group AWSIotLogsV2, or to the one of the event's configuration, in
// the stream <account>_0: AWS does not document the names of its streams. The role is
// asked for each entry, and for the group and the stream when they are not there; an entry
// that it may not write is dropped with a warning. Of the
// levels of several targets that a client is, the one that logs most counts: AWS does
// not say which. Requests over HTTP have no sourceIp and sourcePort.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html
// https://docs.aws.amazon.com/iot/latest/developerguide/configure-logging.html
package logging
