package scenarios_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/record"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// TestRecordingHoldsTheScenario: what is read from a journal is what ran, for every
// kind of fault and every scenario that is shipped.
func TestRecordingHoldsTheScenario(t *testing.T) {
	list := []*scenarios.Scenario{tiny(t, fault.Kinds()...)}
	require.NoError(t, list[0].Faults[0].Target.Share.UnmarshalText([]byte("33.3333333%")))
	files, err := filepath.Glob("*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		s, err := scenarios.Load(file)
		require.NoError(t, err)
		list = append(list, s)
	}
	for _, s := range list {
		folder := t.TempDir()
		f, err := os.Create(filepath.Join(folder, record.JournalFile))
		require.NoError(t, err)
		plain, err := json.Marshal(s)
		require.NoError(t, err)
		require.NoError(t, journal.New(f).Begin(journal.Header{Scenario: plain, Seed: s.Seed}, time.Now()))
		require.NoError(t, f.Close())
		r, err := record.Open(folder)
		require.NoError(t, err, s.Name)
		require.Equal(t, s, r.Scenario)
		require.False(t, r.Ended())
	}
}
