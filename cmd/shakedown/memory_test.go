package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeapLimit(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct{ memory, limit uint64 }{
		{2 * gib, 3 * gib / 2}, // a small container: three quarters
		{4 * gib, 3 * gib},
		{8 * gib, heapLimit},
		{14 * gib, heapLimit},
		{24 * gib, 6 * gib},
		{256 * gib, heapMost},
		{0, heapLimit},
	} {
		require.Equal(t, int64(c.limit), heapLimitOf(c.memory), "%d bytes", c.memory)
	}
	require.NotZero(t, memory())
}
