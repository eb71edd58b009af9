// Package readback reads what a pipeline has stored, through the public AWS APIs alone:
// the evidence by which the ledger gives every message its fates. It works on any
// endpoint, and proves what no tap can, that a thing is there when all is over.
//
//	archive ─────── List, key and ETag ─────────┐
//	time series ─── Query, window by window ────┼─> Inventory, one by one
//	device states ─ Scan ──────────┐
//	alert queue ─── Receive all ───┼─> ledger.Evidence
//	dead letters ── Receive all ───┘     a batch that Lambda gave up: its records, from the stream
//
// Objects and points are too many to be kept twice. Reading a queue empties it: who
// reads several times keeps what was found before. What could not be read is nil in the
// evidence, unobserved, and never guessed.
package readback
