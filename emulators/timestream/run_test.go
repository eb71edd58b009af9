package timestream

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// A run ends with an error when it has looked at too many rows or keeps too much,
// and when its caller is gone; nothing it has so far is a result.
func TestARunEnds(t *testing.T) {
	s := New(Config{})
	const sql = `SELECT a.n, count(*) OVER () FROM UNNEST(sequence(1, 3000)) AS a(n) CROSS JOIN (VALUES 1, 2, 3) AS b(m)`
	ended := func(change func(*run)) error {
		rel, err := s.statement(sql, 0)
		require.NoError(t, err)
		r := newRun(t.Context(), 0)
		change(r)
		rel.in(r, nil)
		return r.err
	}
	require.NoError(t, ended(func(*run) {}))
	require.ErrorContains(t, ended(func(r *run) { r.work = maxWork - 100 }), "looks at more than")
	require.ErrorContains(t, ended(func(r *run) { r.bytes = maxBytes - 1000 }), "keeps more than")
	rel, err := s.statement(`SELECT array_agg(n) FROM UNNEST(sequence(1, 3000)) AS a(n)`, 0)
	require.NoError(t, err)
	r := newRun(t.Context(), 0)
	r.bytes = maxBytes - 1000
	rel.in(r, nil)
	require.ErrorContains(t, r.err, "keeps more than", "what an aggregate collects is kept")
	rel, err = s.statement(`SELECT a = a FROM (SELECT sequence(1, 3000) AS a)`, 0)
	require.NoError(t, err)
	r = newRun(t.Context(), 0)
	r.work = maxWork - 5000
	rel.in(r, nil)
	require.ErrorContains(t, r.err, "looks at more than", "what is in a list that is made, or compared, is work")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, ended(func(r *run) { r.ctx = gone }), context.Canceled)
	rel, err = s.statement(`SELECT ARRAY[n, n] FROM UNNEST(sequence(1, 300000)) AS a(n)`, 0)
	require.NoError(t, err)
	gone, cancel = context.WithCancel(t.Context())
	r = newRun(gone, 0)
	r.step()
	cancel()
	rel.in(r, nil)
	require.ErrorIs(t, r.err, context.Canceled, "in whatever steps work is counted")
	require.Less(t, r.work, 700_000)
}
