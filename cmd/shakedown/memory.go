package main

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Heap settings of a run: what it allocates is mostly short-lived, so the
// collector may wait for four times the live heap, and for no more than the limit:
// the larger the heap, the more a collection has to mark.
const (
	heapGrowth = 400        // percent, GOGC
	heapLimit  = 3600 << 20 // bytes, GOMEMLIMIT: a day of a thousand devices has 1.9 GiB live at its end
	heapMost   = 8 << 30    // the same, on a large machine
)

// tuneMemory trades memory for time, unless the user has decided.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapLimitOf(memory()))
	}
}

// heapLimitOf is the limit where there is so much memory (0 is unknown): a quarter
// of it, between the two bounds, and never so much that the kernel would end the
// process.
func heapLimitOf(memory uint64) int64 {
	if memory == 0 {
		return heapLimit
	}
	return int64(min(max(heapLimit, memory/4), heapMost, memory/4*3))
}

// memory is what this process may use: the machine's, or less in a container; 0
// where the system does not tell.
func memory() uint64 {
	var least uint64
	for _, read := range []memlimit.Provider{memlimit.FromSystem, memlimit.FromCgroup} {
		if told, err := read(); err == nil && (least == 0 || told < least) {
			least = told
		}
	}
	return least
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
		debug.SetMemoryLimit(min(largeFleetLimit, debug.SetMemoryLimit(-1)))
	}
}
