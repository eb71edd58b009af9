package bench_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/bench"
)

func sample() bench.Result {
	return bench.Result{
		At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Version: "v1", Transport: "memory", For: time.Second,
		Devices: 10, Connects: 1000, DeviceBytes: 50_000, Messages: 5000, Bare: 30_000, Whole: 6000, P50: time.Millisecond, P99: 9 * time.Millisecond,
	}
}

func TestHistoryComparesWithTheLastOfItsKind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "bench.jsonl")
	r := sample()
	before, err := bench.Before(path, r)
	require.NoError(t, err)
	require.Nil(t, before)
	other := r
	other.Transport = "tcp"
	second := r
	second.Whole, second.P99 = 4500, 20*time.Millisecond
	for _, one := range []bench.Result{r, second, other} {
		require.NoError(t, bench.Append(path, one))
	}
	before, err = bench.Before(path, r)
	require.NoError(t, err)
	require.Equal(t, second, *before)
	var out strings.Builder
	worse, err := bench.Text(&out, r, before)
	require.NoError(t, err)
	require.Zero(t, worse, out.String())
	worse, err = bench.Text(&out, second, &r)
	require.NoError(t, err)
	require.Equal(t, 3, worse, "rate, ratio and p99\n%s", out.String())
	require.Contains(t, out.String(), "-25 % WORSE")
	require.Contains(t, out.String(), "ratio                                              0.200")
}

func TestHistoryNamesTheLineThatIsBroken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench.jsonl")
	require.NoError(t, bench.Append(path, sample()))
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString("{\n")
	require.NoError(t, err)
	require.NoError(t, file.Close())
	_, err = bench.Before(path, sample())
	require.ErrorContains(t, err, "bench.jsonl:2")
}

// TestRun measures for a second and pins what must hold on any machine.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for seconds")
	}
	r, err := bench.Run(t.Context(), bench.Options{For: time.Second, Devices: 20, Publishers: 5})
	require.NoError(t, err)
	require.Positive(t, r.Messages)
	require.Greater(t, r.Bare, r.Whole, "rules cost something")
	require.Positive(t, r.Connects)
	require.Greater(t, r.DeviceBytes, 1000)
	require.Positive(t, r.P50)
	require.GreaterOrEqual(t, r.P99, r.P50)
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []bench.Options{{}, {For: time.Second}, {For: 2 * time.Hour, Devices: 1, Publishers: 1}} {
		_, err := bench.Run(t.Context(), o)
		require.Error(t, err)
	}
}
