package sim_test

import (
	"context"
	"crypto/md5"
	"fmt"
	"net"
	"regexp"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/bubble"
	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/journal"
	"github.com/shakedown-iot/shakedown/sim/memnet"
	"github.com/shakedown-iot/shakedown/sim/mqtt/mqtttest"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestIdentitiesSuitAWS holds attributes to the API reference: the pattern and
// length of AttributeValue, and three of them for a thing without a type.
func TestIdentitiesSuitAWS(t *testing.T) {
	name, value := regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#-]{1,128}$`), regexp.MustCompile(`^[a-zA-Z0-9_.,@/:#-]{1,800}$`)
	groups := []sim.Group{{Name: "sensor", Count: 500}, {Name: "valve", Count: 500}}
	ids := sim.Identities(1, groups)
	require.Len(t, ids, 1000)
	require.Equal(t, "sensor-00001", ids[0].Thing)
	require.Equal(t, "valve-00500", ids[999].Thing)
	serials := map[string]bool{}
	for _, id := range ids {
		require.LessOrEqual(t, len(id.Attributes), 3)
		for k, v := range id.Attributes {
			require.Regexp(t, name, k)
			require.Regexp(t, value, v)
		}
		serials[id.Attributes["serial"]] = true
	}
	require.Len(t, serials, 1000)
	require.Equal(t, ids, sim.Identities(1, groups))
	require.NotEqual(t, ids, sim.Identities(2, groups))
	require.Equal(t, ids[:500], sim.Identities(1, groups[:1]), "another group does not change them")
}

func TestPacer(t *testing.T) {
	p := sim.Pacer{Devices: 1000, Over: 10 * time.Second}
	require.Equal(t, 10*time.Millisecond, p.Delay(1))
	require.Equal(t, 9990*time.Millisecond, p.Delay(999))
	require.Equal(t, 0, p.Started(-1))
	require.Equal(t, 1, p.Started(0))
	require.Equal(t, 501, p.Started(5*time.Second))
	require.Equal(t, 1000, p.Started(time.Hour))
	for i := range 1000 {
		require.Equal(t, i+1, p.Started(p.Delay(i)))
	}
	require.Equal(t, 7, sim.Pacer{Devices: 7}.Started(0))
	month := sim.Pacer{Devices: 100_000, Over: 31 * 24 * time.Hour}
	require.Less(t, month.Delay(99_999), month.Over)
	require.Greater(t, month.Delay(99_999), month.Over-time.Minute)
}

func TestPlanIsChecked(t *testing.T) {
	dial := func(context.Context, string) (net.Conn, error) { return nil, net.ErrClosed }
	good := sim.Group{Name: "s", Count: 2}
	for want, g := range map[string][]sim.Group{
		"0 devices":     {},
		"twice":         {good, good},
		"name has":      {{Name: "a b", Count: 1}},
		"count":         {{Name: "s"}},
		"100000":        {{Name: "s", Count: 100_001}},
		`"s-00003"`:     {{Name: "s", Count: 2, Only: map[string]map[string]sensor.Spec{"s-00003": nil}}},
		`"s-2"`:         {{Name: "s", Count: 2, Only: map[string]map[string]sensor.Spec{"s-2": nil}}},
		"signal x":      {{Name: "s", Count: 1, Signals: map[string]sensor.Spec{"x": {Noise: -1}}}},
		"interval -1ns": {{Name: "s", Count: 1, Interval: -1}},
	} {
		_, err := sim.New(sim.Plan{Groups: g, Dial: dial})
		require.ErrorContains(t, err, want)
	}
	_, err := sim.New(sim.Plan{Groups: []sim.Group{good}})
	require.ErrorContains(t, err, "dial")
}

// outcome is what a run of a fleet leaves.
type outcome struct {
	hash                            string
	sampled, acked, arrived, warned int
}

// cruise runs a fleet against a broker in virtual time, with cuts and a restore.
// The hash takes times in milliseconds: what happens at one instant settles for a
// few nanoseconds in an order that the scheduler chooses, and only chains of
// facts must be equal (DESIGN.md §3).
func cruise(t testing.TB, o bubble.Options, count int, duration time.Duration) (out outcome) {
	err := bubble.Run(o, func() {
		var network memnet.Network
		l, err := network.Listen("broker:8883")
		require.NoError(t, err)
		var hash journal.Hash
		var mu sync.Mutex
		broker := mqtttest.New(l, func(p mqtttest.Publish) {
			mu.Lock()
			defer mu.Unlock()
			out.arrived++
			hash.Add("broker/"+p.ClientID, fmt.Sprintf("%s %x", p.Topic, md5.Sum(p.Payload)))
		})
		serving, unplug := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		wait.Go(func() { _ = broker.Run(serving) })
		fleet, err := sim.New(sim.Plan{
			Seed: 42, Start: time.Now(),
			Groups: []sim.Group{{Name: "sensor", Count: count, Interval: time.Minute, Ramp: time.Minute,
				Only: map[string]map[string]sensor.Spec{"sensor-00002": {"temperature": {Base: 24,
					Spikes: []sensor.Spike{{At: 10 * time.Minute, For: 5 * time.Minute, Value: 43}}}}}}},
			Dial: func(ctx context.Context, thing string) (net.Conn, error) {
				return network.Dial(ctx, "tcp", "broker:8883")
			},
			Events: func(e device.Event) {
				mu.Lock()
				defer mu.Unlock()
				hash.Add(e.Thing, fmt.Sprintf("%d %s %s %d %d %x", e.At.UnixMilli(), e.Kind, e.Topic, e.Seq, e.Attempt, md5.Sum(e.Payload)))
				telemetry := e.Topic == "devices/"+e.Thing+"/telemetry"
				switch {
				case e.Kind == device.Sampled:
					out.sampled++
					if e.Thing == "sensor-00002" && regexp.MustCompile(`"temperature":43,`).Match(e.Payload) {
						out.warned++
					}
				case e.Kind == device.Acked && telemetry:
					out.acked++
				}
			},
		})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(context.Background())
		wait.Go(func() { require.NoError(t, fleet.Run(ctx)) })
		time.Sleep(duration / 2)
		for _, d := range fleet.Devices() {
			d.Cut(5 * time.Minute)
		}
		time.Sleep(duration / 2)
		cancel()
		synctest.Wait()
		time.Sleep(time.Minute)
		unplug()
		wait.Wait()
		out.hash = hash.Sum()
	})
	require.NoError(t, err)
	return out
}

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// TestFleetIsDeterministic runs 50 devices, all cut at once, at GOMAXPROCS 1 and 2.
func TestFleetIsDeterministic(t *testing.T) {
	run := func(procs int) outcome {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		return cruise(t, bubble.Options{Start: start}, 50, time.Hour)
	}
	first := run(1)
	require.Equal(t, 50*60, first.sampled)
	require.Equal(t, first.sampled, first.acked, "nothing is lost over a cut")
	require.Equal(t, 5, first.warned)
	require.Equal(t, first, run(2))
}

// BenchmarkFleet is 1,000 devices for four virtual hours.
func BenchmarkFleet(b *testing.B) {
	messages := 0
	for b.Loop() {
		messages += cruise(b, bubble.Options{Start: start}, 1000, 4*time.Hour).acked
	}
	b.ReportMetric(float64(messages)/b.Elapsed().Seconds(), "messages/s")
}
