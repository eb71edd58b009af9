package main

import (
	"os"
	"runtime/debug"
)

// Heap settings of a run: what it allocates is mostly short-lived, so the
// collector may wait for four times the live heap, and for no more than this.
const (
	heapGrowth = 400        // percent, GOGC
	heapLimit  = 3600 << 20 // bytes, GOMEMLIMIT: a day of a thousand devices has 1.9 GiB live at its end
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

// A fleet so large lives in less: devices that wait make no garbage, and most of
// what there is stays.
const (
	largeFleet      = 20_000
	largeFleetLimit = 2740 << 20 // bytes; with what Go does not count, below 3 GiB
)

// tuneMemoryFor holds a large fleet to its limit, unless the user has decided.
func tuneMemoryFor(devices int) {
	if devices > largeFleet && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(largeFleetLimit)
	}
}
