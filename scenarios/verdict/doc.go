// Package verdict turns what a run knows at its end into its result.
//
//	audited ledger ─┬─> Describe ───> counts, sinks, examples, latencies, rates, series
//	                ├─> Unacknowledged, for the quotas, of which Breaches words what AWS refuses
//	evidence ───────┼─> Alerts ─────> each alert that was due or sent, and whether it was right
//	                └─> Broken, Failures: why the run does not pass
//
// All are functions of their arguments: a run gives the same verdict whenever it is asked.
// What a scenario itself asks of the result is package expect's.
package verdict
