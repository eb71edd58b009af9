// Package traffic counts what goes through rules, streams and functions while it
// goes: what CloudWatch would chart, for the live view and the console. It is made
// of atomics and imports nothing of ours, so that it is fed inside a bubble and
// read outside.
//
//	t.Rule("ArchiveToS3").Matched.Add(1)
//	t.Stream(traffic.Shard{Stream: "iot-telemetry", ID: "shardId-000000000000"}).Add(1)
//	t.Snapshot().Rules
package traffic
