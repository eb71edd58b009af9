package scenarios_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// silent is twenty devices of which four are half-open, five cut off, three
// without power and all once without a broker, under presence events that come
// late and twice.
func silent(t *testing.T, silence string) *scenarios.Scenario {
	t.Helper()
	s := parse(t, fmt.Sprintf(`
name: silent
clock: virtual
seed: 5
duration: 2h
drain: 10m
pipeline: {silence: %s}
fleet:
  - {name: a, count: 10, interval: 60s, ramp: 60s}
  - {name: b, count: 10, interval: 30s, ramp: 30s}
faults:
  - {at: 5m, for: 100m, kind: presence-disorder, delay: 90s, jitter: 60s, rate: 60%%}
  - {at: 15m, for: 15m, kind: half-open, target: {group: a, share: 40%%}}
  - {at: 40m, for: 20m, kind: partition, target: {group: b, share: 50%%}}
  - {at: 65m, for: 12m, kind: power-loss, target: {thing: "a-0000[1-3]"}}
  - {at: 90m, for: 3m, kind: broker-restart}
  - {at: 110m, kind: power-loss, target: {thing: b-00010}}
`, silence))
	return s
}

// TestOfflineTruth holds the detector to what the devices were, and the table of
// thresholds to what the detector does with them.
func TestOfflineTruth(t *testing.T) {
	first := runInBubble(t, scenarios.RunOptions{Scenario: silent(t, "5m")})
	truth := first.Result.OfflineTruth
	require.Empty(t, first.Result.Failures)
	require.Empty(t, truth.Disagree)
	require.Positive(t, first.Result.Faults[0].Hits, "presence events were late")
	require.Equal(t, []int{13, 13, 0, 0, 0}, []int{truth.Outages, truth.Found, truth.Missed, truth.Brief, truth.False})
	found := map[string]int{}
	for _, c := range truth.Causes {
		found[c.Cause] = c.Found
		require.GreaterOrEqual(t, c.FromOutage.P50, 4*time.Minute, c.Cause)
		require.LessOrEqual(t, c.FromOutage.Max, 6*time.Minute, c.Cause)
		require.GreaterOrEqual(t, c.FromSign.P50, 5*time.Minute, c.Cause)
		require.LessOrEqual(t, c.FromSign.Max, 6*time.Minute, "the threshold and a sweep")
	}
	require.Equal(t, map[string]int{"half-open": 4, "partition": 5, "power-loss": 4}, found)
	require.Equal(t, 6*time.Minute, truth.Recommended)
	require.Contains(t, truth.Advice(), "recommended silence 6m (this run has 5m); longest silence of a device that was up: 4m59s (a-00004 at 01:29:18, reconnecting after broker-restart)")

	others := []string{"6m", "3m", "15m"}
	if testing.Short() {
		others = others[:1]
	}
	for _, silence := range others {
		t.Run(silence, func(t *testing.T) {
			got := runInBubble(t, scenarios.RunOptions{Scenario: silent(t, silence)}).Result.OfflineTruth
			row := rowOf(t, truth, got.Silence)
			require.Equal(t, []int{row.Found, row.Missed, row.Brief, row.False}, []int{got.Found, got.Missed, got.Brief, got.False})
			require.Equal(t, truth.Recommended, got.Recommended, "it does not depend on the run's own")
			require.Equal(t, got.Silence >= truth.Recommended, got.False == 0)
			require.Empty(t, got.Disagree)
		})
	}
}

func rowOf(t *testing.T, truth *reports.OfflineTruth, silence time.Duration) reports.OfflineThreshold {
	t.Helper()
	for _, row := range truth.Thresholds {
		if row.Silence == silence {
			return row
		}
	}
	require.Fail(t, "there is no row", "%s", silence)
	return reports.OfflineThreshold{}
}

func TestOfflineTruthIsTheSameOnOneProcessorAndTwo(t *testing.T) {
	if testing.Short() {
		t.Skip("TestOfflineTruth runs the same once; whether two runs are equal is for the tests without -short")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := runInBubble(t, scenarios.RunOptions{Scenario: silent(t, "5m")}).Result
	runtime.GOMAXPROCS(2)
	two := runInBubble(t, scenarios.RunOptions{Scenario: silent(t, "5m")}).Result
	require.Equal(t, one.Hash, two.Hash)
	require.Equal(t, one.OfflineTruth, two.OfflineTruth)
}

// TestPresenceDisorderLeavesTheRightState: at the end all have said good-bye, and
// their state says so, however late and often they were announced.
func TestPresenceDisorderLeavesTheRightState(t *testing.T) {
	s := silent(t, "5m")
	s.Duration = 12 * time.Minute
	s.Faults = s.Faults[:1]
	s.Faults[0].At, s.Faults[0].For, s.Faults[0].Rate = 0, 0, 0
	s.Faults = append(s.Faults, fault.Fault{At: 6 * time.Minute, Kind: fault.ConnectStorm, Target: fault.Target{Share: 1}},
		fault.Fault{At: 10 * time.Minute, For: time.Minute, Kind: fault.ConnectionReset, Target: fault.Target{Group: "b"}})
	require.NoError(t, s.Validate())
	start, err := s.StartTime()
	require.NoError(t, err)
	var failed error
	ended := map[string]string{}
	err = bubble.Run(bubble.Options{Start: start, Limit: 5 * time.Hour}, func() {
		failed = func() error {
			ctx := context.Background()
			w, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{Seed: s.Seed, Pipeline: s.Pipeline})
			if err != nil {
				return err
			}
			defer w.Close()
			fleet, err := w.StartFleet(ctx, scenarios.FleetPlan{Seed: s.Seed, Duration: s.Duration, Grace: s.Drain, Groups: s.Fleet, Faults: s.Faults, Poll: time.Minute})
			if err != nil {
				return err
			}
			fleet.Wait()
			if err := w.Drain(ctx, s.Drain); err != nil {
				return err
			}
			items := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(w.AWS), &dynamodb.ScanInput{TableName: &w.Stores.Table})
			for items.HasMorePages() {
				page, err := items.NextPage(ctx)
				if err != nil {
					return err
				}
				for _, item := range page.Items {
					if connected, ok := item["connected"].(*types.AttributeValueMemberBOOL); ok {
						thing := item["PK"].(*types.AttributeValueMemberS).Value
						ended[thing] = fmt.Sprint(connected.Value, " ", item["status"].(*types.AttributeValueMemberS).Value)
					}
				}
			}
			return nil
		}()
	})
	require.NoError(t, failed)
	require.NoError(t, err)
	require.Len(t, ended, 20)
	for thing, state := range ended {
		require.Equal(t, "false online", state, thing)
	}
}
