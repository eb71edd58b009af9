package reports

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAxesHaveRoundTicksThatRise(t *testing.T) {
	for _, length := range []time.Duration{time.Second, 59500 * time.Millisecond, time.Hour - time.Millisecond, 25 * time.Hour, 90 * 24 * time.Hour} {
		list := elapsed(length)
		require.GreaterOrEqual(t, len(list), 2, length)
		require.LessOrEqual(t, len(list), 11, length)
		rise(t, list)
	}
	require.Equal(t, "1h", elapsed(time.Hour - time.Millisecond)[6].label, "the end has a tick though the run was a moment shorter")
	for _, c := range [][2]float64{{0, 0}, {0.000001, 0.000001}, {1, 2}, {0.5, 3e7}, {1e-6, 2.6e8}} {
		a := delays(c[0], c[1])
		require.GreaterOrEqual(t, len(a.ticks), 2, c)
		rise(t, a.ticks)
		require.LessOrEqual(t, a.share(c[1]), 1.0)
	}
	for v, top := range map[float64]string{0: "1", 0.9: "1", 108: "120", 1000: "1000", 1001: "1200", 2.1e6: "3M"} {
		require.Equal(t, top, linear(v).ticks[4].label)
	}
}

// There is no half of a device.
func TestCountsHaveWholeTicks(t *testing.T) {
	for v, want := range map[float64]string{0: "0 1", 1: "0 1", 3: "0 1 2 3", 22: "0 5 10 15 20 25", 100: "0 20 40 60 80 100", 50_000: "0 10k 20k 30k 40k 50k"} {
		var labels []string
		a := counts(v)
		rise(t, a.ticks)
		for _, mark := range a.ticks {
			labels = append(labels, mark.label)
		}
		require.Equal(t, want, strings.Join(labels, " "))
		require.LessOrEqual(t, a.share(v), 1.0)
	}
}

func rise(t *testing.T, list []tickMark) {
	t.Helper()
	for i, mark := range list {
		require.True(t, mark.at >= 0 && mark.at <= 1, "%v", list)
		require.True(t, i == 0 || mark.at > list[i-1].at, "%v", list)
	}
}

func TestLanesKeepNamesApart(t *testing.T) {
	var bands []band
	for i := range 40 {
		bands = append(bands, band{float64(i) / 40, float64(i+1) / 40, strings.Repeat("x", 20)})
	}
	out := lanes(bands)
	require.Equal(t, maxLanes, strings.Count(out, `class="lane"`))
	rows := []lane{}
	for _, b := range bands {
		rows = place(rows, chip{from: b.from, to: b.from + 0.16})
	}
	for _, row := range rows {
		for i := 1; i < len(row); i++ {
			require.LessOrEqual(t, row[i-1].to, row[i].from)
		}
	}
}

func TestTheLastPieceOfARunHasNoRate(t *testing.T) {
	r := &Result{Duration: 20*time.Second + 100*time.Millisecond, Series: Series{Step: time.Second}}
	values := make([]float64, 22)
	require.Len(t, timeChart{result: r}.points(values, linear(1)), 20)
	r.Duration += 500 * time.Millisecond
	require.Len(t, timeChart{result: r}.points(values, linear(1)), 21)
}

func TestShellLinesAreSafeToPaste(t *testing.T) {
	require.Equal(t, "shakedown explain runs/x s-1/2", shellLine("shakedown", "explain", "runs/x", "s-1/2"))
	require.Equal(t, `shakedown explain <run> '$(rm -rf ~)'\''; x/1'`, shellLine("shakedown", "explain", "<run>", "$(rm -rf ~)'; x/1"))
}
