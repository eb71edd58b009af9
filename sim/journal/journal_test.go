package journal_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/journal"
)

func written(t testing.TB) string {
	var file bytes.Buffer
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	j := journal.New(&file)
	require.NoError(t, j.Begin(journal.Header{Scenario: []byte(`{"name":"x"}`), Seed: 7, Versions: map[string]string{"shakedown": "v1"}}, at))
	require.NoError(t, j.Enter(journal.FaultKind, "sensor-1", "connection-reset", at.Add(time.Second)))
	require.NoError(t, j.End("abc", at.Add(time.Minute)))
	return file.String()
}

func TestJournalIsReadBack(t *testing.T) {
	entries, err := journal.Read(strings.NewReader(written(t)))
	require.NoError(t, err)
	require.Len(t, entries, 3)
	require.Equal(t, uint64(7), entries[0].Header.Seed)
	require.Equal(t, "connection-reset", entries[1].Text)
	require.Equal(t, "abc", entries[2].Hash)
}

func TestJournalCutOffAnywhereKeepsTheLinesBefore(t *testing.T) {
	whole := written(t)
	for n := range len(whole) {
		entries, err := journal.Read(strings.NewReader(whole[:n]))
		if err != nil {
			require.ErrorIs(t, err, journal.ErrTruncated)
		}
		require.GreaterOrEqual(t, len(entries), strings.Count(whole[:n], "\n"))
	}
}

func TestJournalWithGarbageInside(t *testing.T) {
	lines := strings.SplitAfter(written(t), "\n")
	_, err := journal.Read(strings.NewReader(lines[0] + "garbage\n" + lines[1]))
	require.ErrorContains(t, err, "line 2")
}

func TestHashIsIndependentOfTheOrderOfEntitiesOnly(t *testing.T) {
	sum := func(facts ...[2]string) string {
		var h journal.Hash
		for _, f := range facts {
			h.Add(f[0], f[1])
		}
		return h.Sum()
	}
	a1, a2, b1 := [2]string{"a", "1"}, [2]string{"a", "2"}, [2]string{"b", "1"}
	require.Equal(t, sum(a1, a2, b1), sum(b1, a1, a2))
	require.NotEqual(t, sum(a1, a2, b1), sum(a2, a1, b1), "order within an entity")
	require.NotEqual(t, sum(a1, a2, b1), sum(a1, b1), "a dropped fact")
	require.NotEqual(t, sum(a1), sum([2]string{"b", "1"}), "another entity")
}

func FuzzRead(f *testing.F) {
	f.Add(written(f))
	f.Fuzz(func(t *testing.T, text string) { journal.Read(strings.NewReader(text)) })
}

// What nobody could read again is not written.
func TestJournalRefusesALineThatIsTooLong(t *testing.T) {
	var b bytes.Buffer
	j := journal.New(&b)
	require.NoError(t, j.Enter(journal.DecisionKind, "run", strings.Repeat("x", 12<<20), time.Unix(0, 0)))
	require.ErrorContains(t, j.Enter(journal.DecisionKind, "run", strings.Repeat("x", 16<<20), time.Unix(0, 0)), "longer than")
	entries, err := journal.Read(&b)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}
