// Package explore looks for a scenario on which the pipeline breaks a promise,
// and shrinks it to the smallest that still does.
//
//	seed ── Draw ─> scenario ── Try ─> failures ── Shrink ─> Write ─> <name>.yaml, <name>.feature
//	                               └─> none: the next seed
//
// # What is drawn
//
// One to three groups of devices, five to twenty virtual minutes, readings that
// cross thresholds, commands, and up to five faults of any kind, all of which heal
// while the fleet still reports. Everything follows from the seed: the same seed is
// the same scenario and, in virtual time, the same run.
//
// What AWS would lose as well is not drawn, see [Legitimate]: two faults at one
// time of which one breaks a target and the other the dead-letter queue behind it.
//
// # What must hold
//
// [Try] runs a scenario in a bubble of its own and holds the outcome to the
// promises of DESIGN.md §4, see [Promise]. A message that ended in the dead-letter
// queue is accounted for: six retries (about a minute and a half) and then setting
// aside is what the pipeline promises. What the offline detector said is no
// promise under faults.
//
// # Shrinking
//
// [Shrink] leaves out faults, commands, spikes, groups and devices, shortens what
// is left, and keeps each step after which the same promise is still broken: greedy,
// bounded in runs and in time.
package explore
