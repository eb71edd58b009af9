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
// With `clock: real` a run takes as long as it says; with `clock: virtual` the
// caller runs it in a sim/bubble and a day passes in seconds.
package scenarios
