// Package quota is the oracle of a run: what AWS would have said to it, the
// smallest settings that would hold, and an estimate of the bill.
//
// A [Counter] is fed by the taps of a world while a run goes on. It keeps a bucket
// for the current second of each connection, shard and table, folded as soon as
// the next begins: memory follows the number of those, not of messages. When the
// fleet says good-bye, which is the run's end and no load, [Counter.Part] ends the
// judging of rates.
// [Counter.Usage] is what it has counted; [Judge] compares that with AWS's quotas
// ([Quotas]) and [Estimate] prices it ([Prices]). Both are functions of their
// arguments.
//
//	taps ──> Counter ──> Usage ──┬─> Judge ────> checks, settings
//	                             └─> Estimate ─> bill
//
// What the emulators do about a quota is not decided here: see the scenario's
// limits.
package quota
