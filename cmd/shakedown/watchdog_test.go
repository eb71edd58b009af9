package main

import (
	"bytes"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/record"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// stuck is an AWS client that never lists the archive: the read-back waits for it.
type stuck struct {
	next scenarios.HTTPClient
	wait func()
}

func (s stuck) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Query().Has("list-type") {
		s.wait()
	}
	return s.next.Do(r)
}

// TestWatchdog: a run whose clock stands still or runs away ends with exit code 3
// and the goroutines' stacks, and its journal says how far it came.
func TestWatchdog(t *testing.T) {
	var stop atomic.Bool
	t.Cleanup(func() { stop.Store(true) })
	for name, wait := range map[string]func(){
		"virtual clock stands still at": func() {
			for !stop.Load() {
				runtime.Gosched()
			}
		},
		"virtual clock ran past the limit": func() {
			for !stop.Load() {
				time.Sleep(time.Minute) // of the bubble, whose clock runs away
			}
		},
	} {
		scenario, err := scenarios.Parse([]byte("name: stuck\nclock: virtual\nduration: 5m\nfleet: [{name: s, count: 2, interval: 1m}]\n"))
		require.NoError(t, err)
		folder, err := record.Create(t.TempDir(), scenario.Name, time.Now())
		require.NoError(t, err)
		start, err := scenario.StartTime()
		require.NoError(t, err)
		_, err = runInBubble(bubble.Options{Start: start, Limit: 2 * time.Hour, Stall: time.Second}, scenarios.RunOptions{
			Scenario: scenario, Version: "dev", Journal: folder.Journal,
			Wrap: func(next scenarios.HTTPClient) scenarios.HTTPClient { return stuck{next, wait} },
		})
		var stderr bytes.Buffer
		require.Equal(t, exitEnvironment, exitCode(err, &stderr))
		require.Contains(t, stderr.String(), name)
		require.Contains(t, stderr.String(), "stuck.Do(", "the stacks")
		require.Contains(t, stderr.String(), "hint: this is a bug in Shakedown")
		recording, err := record.Open(folder.Path)
		require.NoError(t, err)
		require.False(t, recording.Ended())
		require.False(t, recording.Started.IsZero())
		var report bytes.Buffer
		require.Equal(t, exitFailed, execute([]string{"report", folder.Path}, &report, &stderr))
		require.Contains(t, report.String(), "KILLED  stuck")
		require.Contains(t, report.String(), "5m0s of 5m0s, auditing")
	}
}
