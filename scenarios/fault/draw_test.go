package fault_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// TestDrawsDoNotDependOnOrder: two runs that make the same calls, each twice, in
// another order hit the same calls, though SDKs write maps in any order.
func TestDrawsDoNotDependOnOrder(t *testing.T) {
	const calls = 60
	run := func(service string, order []int) map[string]bool {
		w := start(t)
		w.begin(simfault.Throttle, service, "", simfault.Parameters{Rate: 0.3})
		hit, made := map[string]bool{}, map[int]int{}
		for _, n := range order {
			made[n]++
			hit[fmt.Sprint(n, " try ", made[n])] = w.storeAt(service, n) != nil
		}
		return hit
	}
	for service := range operations {
		t.Run(service, func(t *testing.T) {
			var order []int
			for n := range calls {
				order = append(order, n, n)
			}
			first := run(service, order)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
			require.Equal(t, first, run(service, order))
			n, again := 0, 0
			for what, hit := range first {
				if hit {
					n++
				}
				if hit != first[what[:len(what)-1]+"1"] {
					again++
				}
			}
			require.InDelta(t, 0.3*2*calls, n, 20)
			require.NotZero(t, again, "another try is another draw")
		})
	}
}

// storeAt stores something that is the same at any time.
func (w *world) storeAt(service string, n int) error {
	if service == "timestream" {
		return w.storePoint(n)
	}
	return w.store(w.t.Context(), service, n)
}

// TestSeedsAndFaultsDiffer: two seeds, and two faults of one schedule, hit other
// calls.
func TestSeedsAndFaultsDiffer(t *testing.T) {
	hits := func(seed uint64, id int) (hit []bool) {
		i := fault.New(seed)
		i.Begin(id, simfault.Fault{Kind: simfault.FunctionError, Target: simfault.Target{Function: "processor"}, Parameters: simfault.Parameters{Rate: 0.5}})
		runs := 0
		f := function(i, &runs)
		for range 64 {
			hit = append(hit, try(t.Context(), f) != nil)
		}
		return hit
	}
	require.Equal(t, hits(1, 0), hits(1, 0))
	require.NotEqual(t, hits(1, 0), hits(2, 0))
	require.NotEqual(t, hits(1, 0), hits(1, 1))
}

// TestEndForgets: a fault that begins again starts anew.
func TestEndForgets(t *testing.T) {
	i, runs := fault.New(seed), 0
	f := function(i, &runs)
	begin := func() (hit []bool) {
		i.Begin(0, simfault.Fault{Kind: simfault.FunctionError, Target: simfault.Target{Function: "processor"}, Parameters: simfault.Parameters{Rate: 0.5}})
		defer i.End(0)
		for range 64 {
			hit = append(hit, try(t.Context(), f) != nil)
		}
		return hit
	}
	first := begin()
	n := i.Hits(0)
	require.Equal(t, first, begin())
	require.Equal(t, 2*n, i.Hits(0), "hits stay counted")
}

// TestConcurrently is for the race detector: calls meet faults that come and go.
func TestConcurrently(t *testing.T) {
	w := start(t)
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for n := range 50 {
				_ = w.store(t.Context(), []string{"kinesis", "sqs", "dynamodb", "s3"}[g], n)
				_ = w.injector.Gate(t.Context(), "f", shard)
			}
		})
	}
	kinds := []simfault.Kind{simfault.Throttle, simfault.LostAnswer, simfault.PartialBatchFailure, simfault.Timeout}
	for n := range 200 {
		id := n % 3
		w.injector.Begin(id, simfault.Fault{Kind: kinds[n%4], Target: simfault.Target{Service: "kinesis"}, Parameters: simfault.Parameters{Delay: time.Microsecond}})
		w.injector.Begin(3, simfault.Fault{Kind: simfault.StalledMapping, Target: simfault.Target{Function: "f"}})
		w.injector.End((n + 1) % 4)
		w.injector.End(3)
	}
	group.Wait()
}

// BenchmarkWithoutFaults is the cost of an idle injector: one atomic load.
func BenchmarkWithoutFaults(b *testing.B) {
	i, runs := fault.New(seed), 0
	f, ctx, payload := function(i, &runs), b.Context(), []byte("{}")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = f.Invoke(ctx, payload)
	}
}
