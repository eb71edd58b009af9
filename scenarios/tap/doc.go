// Package tap watches a cloud at work and enters what it sees into the ledger, the
// quotas' counter and the watch on offline detection. It changes nothing.
//
//	broker and rules, what they decide ─────────> Broker ──┐
//	rules ──> faults ───────────────────────────> Stream ──┼──> stream
//	functions, what becomes of an invocation ───> Function ┤
//	pipeline ──> AWS's SDK ──> faults ──────────> Client ──┼──> stores
//	                                                       └─> Ledger, Quotas, Offline
//
// A tap stands behind the faults: it sees what a service did, whatever the caller was
// told. Nor does it prove that something is stored, which the read-back does; it tells
// when, for latencies and for explain.
//
// Every message makes calls, so the body of a call is taken apart once for all that look
// at it, and calls that nobody looks at are not read.
package tap
