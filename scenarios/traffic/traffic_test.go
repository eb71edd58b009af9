package traffic_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

func TestCountsOfManyGoroutines(t *testing.T) {
	var counted traffic.Traffic
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			for i := range 1000 {
				counted.Rule(fmt.Sprint("rule-", i%3)).Matched.Add(1)
				counted.Stream(traffic.Shard{Stream: "s", ID: "0"}).Add(1)
			}
		})
	}
	working.Wait()
	now := counted.Snapshot()
	require.Len(t, now.Rules, 3)
	require.Equal(t, int64(8*334), now.Rules[0].Matched)
	require.Equal(t, int64(8000), now.Shards[0].Put)
}

func TestBehind(t *testing.T) {
	var counted traffic.Traffic
	reader := traffic.Reader{Function: "f", Mapping: "m", Shard: "0"}
	counted.Stream(traffic.Shard{Stream: "s", ID: "0"}).Add(10)
	counted.Stream(traffic.Shard{Stream: "s", ID: "1"}).Add(99)
	behind := func(stream string) (int64, bool) { return counted.Snapshot().Behind(stream, reader) }
	n, known := behind("s")
	require.True(t, known)
	require.Equal(t, int64(10), n)
	counted.Read(reader).Add(7)
	n, _ = behind("s")
	require.Equal(t, int64(3), n)
	counted.Read(reader).Add(7)
	n, _ = behind("s")
	require.Zero(t, n, "never less than nothing")
	_, known = behind("another")
	require.False(t, known)
	require.Empty(t, (*traffic.Traffic)(nil).Snapshot())
}

// TestBound: a client that makes up names does not fill the memory.
func TestBound(t *testing.T) {
	var counted traffic.Traffic
	for i := range 1_050 {
		counted.Function(fmt.Sprint(i)).Invoked.Add(1)
	}
	now := counted.Snapshot()
	require.LessOrEqual(t, len(now.Functions), 1_001)
	require.Equal(t, traffic.FunctionCount{Invoked: 50}, now.Functions[0], "the rest, together")
}
