package record_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/record"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// at is when the runs of these tests begin.
var at = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestTwoRunsOfOneSecondHaveTwoFolders(t *testing.T) {
	runs := filepath.Join(t.TempDir(), "runs")
	for _, name := range []string{"20260102-030405-a", "20260102-030405-a-2"} {
		folder, err := record.Create(runs, "a", at)
		require.NoError(t, err)
		require.NoError(t, folder.Close())
		require.Equal(t, filepath.Join(runs, name), folder.Path)
		latest, err := filepath.EvalSymlinks(filepath.Join(runs, "latest"))
		require.NoError(t, err)
		require.Equal(t, name, filepath.Base(latest))
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ journal, want string }{
		"nothing":            {"", "the journal is empty: the run was killed before it began, or the disk was full"},
		"no header":          {`{"kind":"end","at":"2026-01-02T03:04:05Z"}` + "\n", "the journal does not begin with a header"},
		"no journal":         {"hello\nthere\n", "the file was changed after the run"},
		"a later scenario's": {`{"kind":"header","at":"2026-01-02T03:04:05Z","header":{"scenario":{"later":1},"seed":1,"versions":{"shakedown":"9"}}}` + "\n", "of Shakedown 9"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, record.JournalFile), []byte(c.journal), 0o600))
			_, err := record.Open(folder)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := record.Open(t.TempDir())
	require.ErrorContains(t, err, "is not the folder of a run")
}

// TestPartialSaysHowARunEnded: by its error, or by nobody's word.
func TestPartialSaysHowARunEnded(t *testing.T) {
	s, err := scenarios.Parse([]byte("name: a\nduration: 1m\nfleet: [{name: s, count: 1, interval: 10s}]\n"))
	require.NoError(t, err)
	plain, err := json.Marshal(s)
	require.NoError(t, err)
	for name, c := range map[string]struct{ last, want string }{
		"killed":  {"", "this run was killed; its fates are unknown"},
		"gave up": {journal.GaveUp + "no table", "this run ended with an error (no table); its fates are unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			folder, err := record.Create(t.TempDir(), "a", at)
			require.NoError(t, err)
			book := journal.New(folder.Journal)
			require.NoError(t, book.Begin(journal.Header{Scenario: plain, Seed: 1}, at))
			require.NoError(t, book.Enter(journal.ProgressKind, "fleet", "started", at.Add(time.Second)))
			require.NoError(t, book.Enter(journal.ProgressKind, "run", "connected 1", at.Add(3*time.Second)))
			if c.last != "" {
				require.NoError(t, book.Enter(journal.DecisionKind, "run", c.last, at.Add(4*time.Second)))
			}
			require.NoError(t, folder.Close())
			r, err := record.Open(folder.Path)
			require.NoError(t, err)
			require.False(t, r.Ended())
			p := r.Partial()
			require.Equal(t, c.want, p.Notice)
			require.Equal(t, 2*time.Second, p.Progress.At)
			require.Equal(t, r.Reached(), p.Reached)
		})
	}
}
