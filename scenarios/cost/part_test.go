package cost

import (
	"testing"
	"time"

	"github.com/google/pprof/profile"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// stack is a sample whose innermost function comes first.
func stack(names ...string) *profile.Sample {
	s := &profile.Sample{Value: []int64{1, 10}}
	for _, name := range names {
		s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: &profile.Function{Name: name}}}})
	}
	return s
}

func TestSamplesAreOfTheNearestPart(t *testing.T) {
	const (
		sdk     = "github.com/aws/smithy-go/middleware.decoratedHandler.Handle"
		mochi   = "github.com/mochi-mqtt/server/v2.(*Client).Read"
		tls     = "crypto/tls.(*Conn).Read"
		device  = module + "sim/device.(*Device).Run"
		broker  = module + "emulators/iotcore.(*broker).handle"
		process = module + "pipeline/streamprocessor.(*Processor).Handle"
		tap     = module + "scenarios/tap.client.Do"
	)
	for _, c := range []struct {
		want Part
		of   *profile.Sample
	}{
		{Simulator, stack(tls, device)},
		{Emulators, stack("runtime.mallocgc", tls, mochi, broker)},
		{Emulators, stack(mochi, "runtime.goexit")},
		{Pipeline, stack(sdk, process)},
		{Pipeline, stack(sdk, sdk)}, // too deep: nobody of ours is left
		{Ledger, stack("crypto/md5.block", tap, sdk, process)},
		{Emulators, stack("encoding/json.Unmarshal", module+"emulators/wire.decodeJSON", tap, sdk, process)},
		{Ledger, stack("main.main", module+"cmd/shakedown.main")},
		{Collector, stack("runtime.scanobject", "runtime.gcBgMarkWorker.func2")},
		{Collector, stack("runtime.gcDrainN", "runtime.gcAssistAlloc1", "runtime.mallocgc", process)},
		{Other, stack("runtime.mcall")},
	} {
		require.Equal(t, c.want, partOf(c.of), c.of)
	}
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples"}, {Type: "cpu"}}, Sample: []*profile.Sample{stack(tls, device), stack(device), stack(broker)}}
	require.Equal(t, map[Part]int64{Simulator: 20, Emulators: 10}, split(p, "cpu"))
}

// TestMeterSeesWork lets a real profile of the simulator's code be attributed to it.
func TestMeterSeesWork(t *testing.T) {
	m, err := Start(nil)
	if err != nil {
		t.Skip(err) // the test binary is being profiled
	}
	model, err := sensor.Spec{Walk: 1, Amplitude: 1, Noise: 1}.Model(1, time.Unix(0, 0))
	require.NoError(t, err)
	for began := time.Now(); time.Since(began) < 300*time.Millisecond; {
		for range 10_000 {
			model.At(time.Unix(1, 0))
		}
	}
	m.Rest()
	costs, err := m.Stop()
	require.NoError(t, err)
	require.Len(t, costs, len(Parts()))
	require.Equal(t, string(Simulator), costs[0].Part)
	require.Positive(t, costs[0].CPU, costs)
	require.Zero(t, costs[1].CPU, "no emulator ran")
}
