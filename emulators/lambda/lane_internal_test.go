package lambda

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A lane gives what is due by due time, then payload, then in the order it came in, and
// keeps the rest.
func TestALaneGivesWhatIsDueInOrder(t *testing.T) {
	l, now := &lane{}, time.Unix(1000, 0)
	for _, e := range []asyncEvent{
		{id: "4", payload: []byte("b")}, {id: "2", payload: []byte("a")}, {id: "later", payload: []byte("a"), due: now.Add(time.Nanosecond)},
		{id: "3", payload: []byte("a")}, {id: "1", payload: []byte("z"), due: now.Add(-time.Second)}, {id: "5", payload: []byte("b")},
	} {
		if e.due.IsZero() {
			e.due = now
		}
		l.add(&e)
	}
	var got []string
	for _, e := range l.due(now) {
		got = append(got, e.id)
	}
	require.Equal(t, []string{"1", "2", "3", "4", "5"}, got)
	require.Len(t, l.waiting, 1)
	require.Empty(t, l.due(now))
	require.Equal(t, "later", l.due(now.Add(time.Nanosecond))[0].id)
}
