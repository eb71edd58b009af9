package scenarios_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim/bubble"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// hotDevice reports ten times; its seventh reading crosses the first threshold.
func hotDevice() *scenarios.Scenario {
	s, err := scenarios.Parse([]byte(`
name: swallow
clock: virtual
duration: 10m
fleet:
  - {name: sensor, count: 1, interval: 1m}
`))
	if err != nil {
		panic(err)
	}
	s.Fleet[0].Only = map[string]map[string]sensor.Spec{"sensor-00001": {
		"temperature": {Base: 20, Spikes: []sensor.Spike{{At: 6 * time.Minute, For: 10 * time.Minute, Value: 45}}},
	}}
	return s
}

func runInBubble(t *testing.T, o scenarios.RunOptions) *scenarios.Outcome {
	t.Helper()
	start, err := o.Scenario.StartTime()
	require.NoError(t, err)
	if o.Progress == nil {
		o.Progress = &scenarios.Progress{}
	}
	var outcome *scenarios.Outcome
	var failed error
	// A day's messages are judged at one instant, for a minute and more on a busy machine.
	err = bubble.Run(bubble.Options{Start: start, Limit: 48 * time.Hour, Stall: 5 * time.Minute, Beat: o.Progress.Beat}, func() {
		outcome, failed = scenarios.Run(context.Background(), o)
	})
	require.NoError(t, failed)
	require.NoError(t, err)
	return outcome
}

// swallowCall answers one call that matches as if it had been done, and does not
// do it.
type swallowCall struct {
	next   scenarios.HTTPClient
	match  func(r *http.Request, body string) bool
	answer string
	done   *atomic.Int32
	nth    int32
}

func (s swallowCall) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return s.next.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !s.match(r, string(body)) || s.done.Add(1) != s.nth {
		return s.next.Do(r)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(s.answer)), ContentLength: int64(len(s.answer)), Request: r}, nil
}

// swallowObject does the same to one object of the archive.
type swallowObject struct {
	action.S3Target
	done *atomic.Int32
}

func (s swallowObject) PutObject(ctx context.Context, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	if s.done.Add(1) == 3 {
		return &s3.PutObjectOutput{}, nil
	}
	return s.S3Target.PutObject(ctx, in, o...)
}

// TestOneSwallowedCallIsOneLostMessage proves that the ledger is not vacuous:
// for each sink one call is swallowed, and exactly that message is lost there.
func TestOneSwallowedCallIsOneLostMessage(t *testing.T) {
	target := func(name string) func(*http.Request, string) bool {
		return func(r *http.Request, _ string) bool { return r.Header.Get("X-Amz-Target") == name }
	}
	for _, c := range []struct {
		name  string
		sink  ledger.Sink
		calls func(done *atomic.Int32) func(scenarios.HTTPClient) scenarios.HTTPClient
		seq   uint64
	}{
		{"archive", ledger.Archive, nil, 3},
		{"time series", ledger.TimeSeries, func(done *atomic.Int32) func(scenarios.HTTPClient) scenarios.HTTPClient {
			return func(next scenarios.HTTPClient) scenarios.HTTPClient {
				return swallowCall{next, target("Timestream_20181101.WriteRecords"), `{"RecordsIngested":{"Total":4}}`, done, 5}
			}
		}, 5},
		{"device state", ledger.State, func(done *atomic.Int32) func(scenarios.HTTPClient) scenarios.HTTPClient {
			return func(next scenarios.HTTPClient) scenarios.HTTPClient {
				return swallowCall{next, func(r *http.Request, body string) bool {
					return r.Header.Get("X-Amz-Target") == "DynamoDB_20120810.UpdateItem" && strings.Contains(body, ":timestamp")
				}, `{}`, done, 10}
			}
		}, 10},
		{"alert", ledger.Alert, func(done *atomic.Int32) func(scenarios.HTTPClient) scenarios.HTTPClient {
			return func(next scenarios.HTTPClient) scenarios.HTTPClient {
				return swallowCall{next, func(_ *http.Request, body string) bool {
					return strings.Contains(body, "Action=Publish") && strings.Contains(body, "iot-alerts")
				}, `<PublishResponse><PublishResult><MessageId>x</MessageId></PublishResult></PublishResponse>`, done, 1}
			}
		}, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			var done atomic.Int32
			o := scenarios.RunOptions{Scenario: hotDevice()}
			if c.calls != nil {
				o.Wrap = c.calls(&done)
			} else {
				o.WrapTargets = func(targets action.Targets) action.Targets {
					targets.S3 = swallowObject{targets.S3, &done}
					return targets
				}
			}
			outcome := runInBubble(t, o)
			require.False(t, outcome.Result.Passed(), "exit code 1")
			for _, sink := range ledger.Sinks() {
				lost := outcome.Ledger.Tally(sink)[ledger.Lost]
				if sink != c.sink {
					require.Zero(t, lost, "lost in the %s", sink)
					continue
				}
				require.Equal(t, 1, lost, "lost in the %s: %v", sink, outcome.Ledger.Tally(sink))
			}
			for _, m := range outcome.Ledger.Messages() {
				if m.Fate(c.sink).Fate == ledger.Lost {
					require.Equal(t, c.seq, m.ID.Seq)
				}
			}
		})
	}
}

func TestNothingSwallowedNothingLost(t *testing.T) {
	outcome := runInBubble(t, scenarios.RunOptions{Scenario: hotDevice()})
	require.True(t, outcome.Result.Passed(), "%v", outcome.Result.Failures)
	require.Equal(t, 10, outcome.Ledger.Tally(ledger.Archive)[ledger.Stored])
	require.Equal(t, 1, outcome.Result.Alerts.Sent)
}

func TestTheHashIsTheRunsAndChangesWithADroppedMessage(t *testing.T) {
	hash := func(s *scenarios.Scenario) string {
		return runInBubble(t, scenarios.RunOptions{Scenario: s}).Result.Hash
	}
	first := hash(hotDevice())
	require.Equal(t, first, hash(hotDevice()))
	shorter := hotDevice()
	shorter.Duration -= time.Minute
	require.NotEqual(t, first, hash(shorter))
}

func TestAsPublishedLosesWhatTheTrapsSay(t *testing.T) {
	if testing.Short() {
		t.Skip("a day of retries is for the run without the race detector")
	}
	s, err := scenarios.FromLibrary("as-published")
	require.NoError(t, err)
	outcome := runInBubble(t, scenarios.RunOptions{Scenario: s})
	require.False(t, outcome.Result.Passed())
	all := len(outcome.Ledger.Messages())
	require.Equal(t, all, outcome.Ledger.Tally(ledger.State)[ledger.Lost], "docClient is never created")
	require.NotZero(t, outcome.Ledger.Tally(ledger.TimeSeries)[ledger.Lost], "a failing batch blocks its shard")
	require.NotEmpty(t, outcome.Result.Findings, "each sample alerts again")
	s.Pipeline.Variant = scenarios.DefaultPipeline
	s.Drain = time.Hour
	fixed := runInBubble(t, scenarios.RunOptions{Scenario: s})
	require.True(t, fixed.Result.Passed(), "%v", fixed.Result.Failures)
}
