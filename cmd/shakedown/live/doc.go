// Package live shows a run in a terminal: what phase it is in and for how long
// still, connected devices, rates, delays, what went amiss, faults now and next,
// and how far behind functions are, shard by shard.
//
//	quickstart                                      100 devices  20s  real clock
//	✓ deploy  ✓ ramp  ▶ run  · drain  · audit
//	██████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░   8.4s of 20s   12s left
//
// [Model] is pure: it is given looks at the run (scenarios.Snapshot) and the
// window's size, and its frame is a function of them. It reads atomics only and
// lives outside the bubble of a run in virtual time (DESIGN.md §3). Package tea
// draws the frames, and takes the colours away where NO_COLOR is set; nothing is
// told by colour alone.
package live
