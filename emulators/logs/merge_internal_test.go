package logs

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Events of batches that come in any order stand in a stream by time and then by arrival,
// and those of several streams are merged so, from either end.
func TestEventsStandInOrderHoweverTheyCome(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var arrivals int64
	var all []found
	ahead, back := merge{ahead: true}, merge{}
	for _, name := range []string{"a", "b", "c"} {
		st := &stream{}
		for range 20 {
			batch := make([]event, random.IntN(5))
			for i := range batch {
				batch[i].Timestamp = random.Int64N(30)
			}
			slices.SortStableFunc(batch, func(a, b event) int { return a.compare(b.key) })
			for i := range batch {
				arrivals++
				batch[i].Arrival = arrivals
				all = append(all, found{batch[i], name})
			}
			st.add(batch)
		}
		require.True(t, slices.IsSortedFunc(st.events, func(a, b event) int { return a.compare(b.key) }))
		ahead.runs, back.runs = append(ahead.runs, run{name, st.events}), append(back.runs, run{name, st.events})
	}
	slices.SortFunc(all, func(a, b found) int { return a.compare(b.key) })
	require.Equal(t, all[:50], ahead.first(50))
	require.Equal(t, all[50:], ahead.first(1000), "the rest")
	slices.Reverse(all)
	require.Equal(t, all, back.first(1000))
}
