// Package ledger accounts for every message of a run.
//
// A message is known by thing and seq from the moment its device sampled it.
// Three kinds of evidence are entered:
//
//   - the device's own log: sampled, sent, acknowledged, given up;
//   - taps on the way: accepted or refused by the broker, rule actions, calls
//     of the pipeline to its stores;
//   - the read-back at the end through the public AWS APIs ([Evidence]).
//
// [Ledger.Audit] then gives each message exactly one [Fate] in each [Sink], with
// a reason. Only the read-back makes a message [Stored]: a tap that saw a call
// succeed proves nothing about what is in the store. A message that was
// acknowledged to its device, is in no store, and has no explanation is [Lost],
// and a lost message fails the run.
//
//	device ── sampled ─> sent ─> acked
//	                      │
//	broker             accepted ─> streamed ─> written, state set, alerted
//	                          └──> archived
//	read-back                       archive   time series  state  alert   ─> fates
//
// The package is pure: no clock, no I/O beyond the io.Writer and io.Reader it
// is handed.
package ledger
