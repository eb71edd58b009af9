// Package record is what a run leaves on disk, and what can be made of it later.
//
//	runs/<time>-<name>/   journal.jsonl   ledger.jsonl.gz   result.json   report.html …
//	                      └─ Open ─┐      └──── Comparison ─┴── with another run's
//	                               └─> Recording: run it again, or tell how far it came
//
// [Create] makes the folder and its journal before a run begins, so that one that is
// killed at any moment says what it was; [Folder.Write] adds the rest at the end. A
// [Recording] is the journal, read: the scenario as it ran, and with [Recording.Partial]
// the report of a run that has no result. A [Comparison] finds what two runs of one
// scenario made of the same messages, without holding either.
package record
