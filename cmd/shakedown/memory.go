package main

import (
	"os"
	"runtime/debug"
)

// Heap settings of a run: what it allocates is mostly short-lived, so the
// collector may wait for four times the live heap, and for no more than this.
const (
	heapGrowth = 400     // percent, GOGC
	heapLimit  = 3 << 30 // bytes, GOMEMLIMIT
)

// tuneMemory trades memory for time, unless the user has decided.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapLimit)
	}
}
