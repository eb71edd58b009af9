package main

import (
	"os"
	"runtime/debug"
)

// Heap settings of a run: what it allocates is mostly short-lived, so the
// collector may wait for four times the live heap, and for no more than this.
const (
	heapGrowth = 400        // percent, GOGC
	heapLimit  = 3900 << 20 // bytes, GOMEMLIMIT: a day of a thousand devices has 2.2 GiB live at its end
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
