package bubble_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/bubble"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestVirtualTimePasses(t *testing.T) {
	var clock atomic.Int64
	var begin, end time.Time
	real := time.Now()
	err := bubble.Run(bubble.Options{Start: start, Clock: &clock}, func() {
		begin = time.Now()
		time.Sleep(24*time.Hour + time.Nanosecond)
		end = time.Now()
	})
	require.NoError(t, err)
	require.True(t, begin.Equal(start), "got %s", begin)
	require.Equal(t, 24*time.Hour+time.Nanosecond, end.Sub(begin))
	require.Less(t, time.Since(real), time.Minute)
	require.Equal(t, start.Add(24*time.Hour).UnixNano(), clock.Load())
}

func TestStartBeforeEpoch(t *testing.T) {
	err := bubble.Run(bubble.Options{Start: bubble.Epoch.Add(-1)}, func() { t.Error("was called") })
	require.ErrorContains(t, err, "before")
}

func TestPanicsAreErrors(t *testing.T) {
	boom := errors.New("boom")
	err := bubble.Run(bubble.Options{}, func() { panic(boom) })
	var p *bubble.PanicError
	require.ErrorAs(t, err, &p)
	require.ErrorIs(t, err, boom)
	require.Contains(t, string(p.Stack), "TestPanicsAreErrors")

	err = bubble.Run(bubble.Options{}, runtime.Goexit)
	require.ErrorContains(t, err, "Goexit")
	require.NoError(t, bubble.Run(bubble.Options{}, func() {}), "the next bubble is not harmed")
}

func TestLeftoverGoroutineIsAnError(t *testing.T) {
	err := bubble.Run(bubble.Options{}, func() { go func() { <-make(chan int) }() })
	require.ErrorContains(t, err, "deadlock")
}

func TestWatchdogStall(t *testing.T) {
	var stop atomic.Bool
	defer stop.Store(true)
	err := bubble.Run(bubble.Options{Start: start, Stall: 50 * time.Millisecond}, func() {
		time.Sleep(10 * time.Second)
		for !stop.Load() {
			runtime.Gosched()
		}
	})
	var w *bubble.WatchdogError
	require.ErrorAs(t, err, &w)
	require.WithinDuration(t, start.Add(10*time.Second), w.Virtual, time.Second)
	require.GreaterOrEqual(t, w.Real, 50*time.Millisecond)
	require.Contains(t, string(w.Stacks[:2000]), "TestWatchdogStall", "the culprit comes first")
}

// TestBeatIsALife computes at one instant for several times the bound.
func TestBeatIsALife(t *testing.T) {
	var beat atomic.Int64
	var enough atomic.Bool
	time.AfterFunc(400*time.Millisecond, func() { enough.Store(true) })
	err := bubble.Run(bubble.Options{Start: start, Stall: 100 * time.Millisecond, Beat: beat.Load}, func() {
		for !enough.Load() {
			beat.Add(1)
			runtime.Gosched()
		}
	})
	require.NoError(t, err)
}

func TestWatchdogRunaway(t *testing.T) {
	err := bubble.Run(bubble.Options{Start: start, Limit: time.Hour}, func() { <-make(chan int) })
	require.Error(t, err)
	var stop atomic.Bool
	defer stop.Store(true)
	err = bubble.Run(bubble.Options{Start: start, Limit: time.Hour, Stall: 20 * time.Millisecond}, func() {
		for range time.NewTicker(time.Minute).C {
			if stop.Load() {
				return
			}
		}
	})
	var w *bubble.WatchdogError
	require.ErrorAs(t, err, &w)
	require.Zero(t, w.Real)
	require.ErrorContains(t, err, "limit")
}

func TestInsideATest(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) { require.True(t, time.Now().Equal(start)) })
}

// TestPlainBinary builds and runs a main package: a Go release that changes what
// synctest.Test asks of its T fails here first.
func TestPlainBinary(t *testing.T) {
	exe := filepath.Join(t.TempDir(), "smoke")
	out, err := exec.Command("go", "build", "-o", exe, "./testdata/smoke").CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.Command(exe).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, "2026-01-02T00:00:00Z\npanic in the bubble: boom\ntrue\n", string(out))
}
