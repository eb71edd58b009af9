// Package bubble runs code in virtual time: time stands still while anything
// runs, and jumps to the next timer when everything waits, so that a day passes in
// seconds. The code inside only calls package time.
//
//	err := bubble.Run(bubble.Options{Start: start, Limit: 25 * time.Hour}, func() { … })
//
// It is testing/synctest, made usable from a plain binary as well as from a test,
// with a real-time watchdog outside. Everything f starts must have ended when f
// returns. Inside there must be no real sockets, no signal contexts and no channel
// or timer made outside (DESIGN.md §3). Atomics are fine: Options.Clock shows the
// virtual time to the outside.
//
// # When it goes wrong
//
// A panic in f becomes a *PanicError; a panic in a goroutine that f started ends
// the process, as everywhere in Go. A bubble in which everything waits for
// something that no timer brings is a *PanicError too (synctest's "deadlock"). If
// the virtual clock does not move for Options.Stall of real time, or passes
// Options.Limit, Run returns a *WatchdogError with the goroutines' stacks; Go cannot
// end a goroutine from outside, so the bubble's are left behind and the process
// should exit soon.
package bubble
