// Package scenarios runs a fleet against a cloud and proves what happened to
// every message.
//
// A [Scenario] is data, read from strict YAML: the fleet, the pipeline, the
// faults and commands, the clock. [Run] builds a [World] of it, in this order:
//
//	cloud ─> pipeline.Deploy ─> fleet ─> faults and commands ─> heal ─> drain ─> read-back ─> audit
//
// and returns a reports.Result with the ledger. Package scenarios is the only
// place where sim, emulators, pipeline and reports meet: it fills their taps
// and turns what they tell into ledger entries.
//
// # Parts
//
// This package puts the parts together; each part has a folder:
//
//	ledger    every message, its way and its fates
//	shape     what topics, records, alerts and items look like
//	tap       what is seen of the cloud while it works, on its way to ledger, quota and offline
//	readback  what is stored at the end, by the public AWS APIs
//	fault     what befalls services, stream and functions
//	offline   whether the pipeline's offline detector was right
//	quota     what AWS would have said, and what a month would cost
//	verdict   what ledger and evidence say in numbers, and why a run does not pass
//	expect    what a scenario asks of a result
//	traffic   what goes through rules, streams and functions, to look at while it does
//
// and these stand on it or beside it: record keeps a run on disk, to look at, compare and
// run again; explore looks for a seed that fails, bench for what this machine bears; console
// shows a cloud in a browser, metrics to Prometheus; cost is what a run took of this machine.
//
// # Faults
//
// A schedule of sim/fault is carried out at four places: links (fault.Link, one a
// device), devices (fault.Device), the world (broker, certificates, second clients)
// and services, stream and functions (scenarios/fault.Injector). What is scheduled
// happens 0.6 ms after its instant, where nothing else does, so that a run repeats.
// At the end what has a `for` heals, what services and functions suffer ends, and
// devices get time to send what waits.
//
//	client ─> faults ─> taps ─> cloud        rule ─> faults ─> taps ─> stream, bucket, function, topic
//
// Taps stand behind the faults: they see what a service did, whatever the caller
// was told.
//
// # Quotas and expectations
//
// The taps also feed a quota.Counter, from which the report says what AWS would
// have said to the run and what a month would cost. With `limits: enforce` the
// emulators apply the quotas of rates: what they discard is refused, with the
// reason. Last, the expectations (package expect) are compared with the result;
// one that is not met is a failure.
//
// # Clocks
//
// With `clock: real` a run takes as long as it says; with `clock: virtual` the
// caller runs it in a sim/bubble and a day passes in seconds.
package scenarios
