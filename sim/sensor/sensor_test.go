package sensor_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestSpecFromScenarioYAML(t *testing.T) {
	var spec sensor.Spec
	text := `{base: 24, drift: 1, spikes: [{at: 7s, for: 5s, value: 43}], stuck: [{at: 1h, for: 1h}], decimals: 1}`
	require.NoError(t, yaml.UnmarshalWithOptions([]byte(text), &spec, yaml.Strict()))
	m, err := spec.Model(1, start)
	require.NoError(t, err)
	for at, want := range map[time.Duration]float64{
		0:                               24,
		7*time.Second - 1:               24,
		7 * time.Second:                 43,
		12*time.Second - 1:              43,
		12 * time.Second:                24,
		time.Hour:                       25,
		2*time.Hour - time.Second:       25, // stuck, in spite of the drift
		2 * time.Hour:                   26,
		150*time.Minute + 1:             26.5,
		3*time.Hour + 1*time.Nanosecond: 27,
	} {
		require.Equal(t, want, m.At(start.Add(at)), "at %s", at)
	}
	require.Error(t, yaml.UnmarshalWithOptions([]byte(`{bse: 24}`), &spec, yaml.Strict()))
	require.Error(t, yaml.UnmarshalWithOptions([]byte(`{period: soon}`), &spec, yaml.Strict()))
}

func TestModelsArePure(t *testing.T) {
	spec := sensor.Spec{Base: 20, Amplitude: 5, Noise: 1, Walk: 3, Drift: 0.1}
	a, err := spec.Model(7, start)
	require.NoError(t, err)
	b, err := spec.Model(7, start)
	require.NoError(t, err)
	other, err := spec.Model(8, start)
	require.NoError(t, err)
	var forward []float64
	differ := 0
	for i := range 500 {
		at := start.Add(time.Duration(i) * 17 * time.Second)
		forward = append(forward, a.At(at))
		if a.At(at) != other.At(at) {
			differ++
		}
	}
	for i := 499; i >= 0; i-- {
		require.Equal(t, forward[i], b.At(start.Add(time.Duration(i)*17*time.Second)))
	}
	require.Greater(t, differ, 400, "another seed is another sensor")
}

func TestShapes(t *testing.T) {
	day := model(t, sensor.Spec{Amplitude: 5, Decimals: new(9)})
	require.InDelta(t, 5, day.At(start.Add(14*time.Hour)), 1e-9)
	require.InDelta(t, -5, day.At(start.Add(2*time.Hour)), 1e-9)
	require.InDelta(t, 0, day.At(start.Add(8*time.Hour)), 1e-9)

	noise, walk := model(t, sensor.Spec{Noise: 2, Decimals: new(9)}), model(t, sensor.Spec{Walk: 2, Decimals: new(9)})
	var sum, low, high, far, step float64
	const n = 20000
	for i := range n {
		at := start.Add(time.Duration(i) * time.Second)
		v := noise.At(at)
		require.LessOrEqual(t, math.Abs(v), 2.0)
		sum, low, high = sum+v, min(low, v), max(high, v)
		w := walk.At(at)
		require.LessOrEqual(t, math.Abs(w), 2.0)
		far = max(far, math.Abs(w))
		step = max(step, math.Abs(walk.At(at.Add(time.Second))-w))
	}
	require.InDelta(t, 0, sum/n, 0.05)
	require.Less(t, low, -1.9)
	require.Greater(t, high, 1.9)
	require.Greater(t, far, 0.5, "a walk gets somewhere")
	require.Less(t, step, 0.05, "a walk does not jump")

	require.Equal(t, 3.0, model(t, sensor.Spec{Base: 9, Min: new(1.0), Max: new(3.0)}).At(start))
	require.Equal(t, 1.0, model(t, sensor.Spec{Base: -9, Min: new(1.0), Max: new(3.0)}).At(start))
	require.Equal(t, "0", fmt.Sprint(model(t, sensor.Spec{Base: -0.001}).At(start)))
	require.Equal(t, 20.13, model(t, sensor.Spec{Base: 20.1251}).At(start))
}

func model(t *testing.T, spec sensor.Spec) sensor.Model {
	t.Helper()
	m, err := spec.Model(1, start)
	require.NoError(t, err)
	return m
}

// TestFirmwareRanges holds the default sensors to the ranges of the source's
// read_sensor_data, below every alert threshold.
func TestFirmwareRanges(t *testing.T) {
	suite, err := sensor.NewSuite(sensor.Firmware(), 3, start)
	require.NoError(t, err)
	ranges := []struct {
		name              string
		low, high, digits float64
	}{{"temperature", 15, 30, 100}, {"humidity", 30, 80, 100}, {"pressure", 1003, 1023, 100}, {"battery_pct", 20, 100, 10}}
	require.Len(t, suite, len(ranges))
	for i, r := range ranges {
		require.Equal(t, r.name, suite[i].Name)
		seen := map[float64]bool{}
		for minute := range 7 * 24 * 60 {
			v := suite[i].Model.At(start.Add(time.Duration(minute) * time.Minute))
			require.GreaterOrEqual(t, v, r.low, r.name)
			require.LessOrEqual(t, v, r.high, r.name)
			require.InDelta(t, math.Round(v*r.digits), v*r.digits, 1e-6)
			seen[v] = true
		}
		require.Greater(t, len(seen), 20, "%s hardly moves", r.name)
	}
}

func TestSuiteOrder(t *testing.T) {
	suite, err := sensor.NewSuite(map[string]sensor.Spec{"zinc": {}, "co2": {}, "battery_pct": {}, "temperature": {}}, 1, start)
	require.NoError(t, err)
	var names []string
	for _, s := range suite {
		names = append(names, s.Name)
	}
	require.Equal(t, []string{"temperature", "battery_pct", "co2", "zinc"}, names)
	_, err = sensor.NewSuite(map[string]sensor.Spec{"co2": {Noise: -1}}, 1, start)
	require.ErrorContains(t, err, "co2")
}

func TestValidate(t *testing.T) {
	for want, s := range map[string]sensor.Spec{
		"base: NaN":             {Base: math.NaN()},
		"noise: -1":             {Noise: -1},
		"period":                {Period: -1},
		"walk_period":           {WalkPeriod: -1},
		"min: 2 is above":       {Min: new(2.0), Max: new(1.0)},
		"decimals: 10":          {Decimals: new(10)},
		"spikes[0].for":         {Spikes: []sensor.Spike{{At: 1}}},
		"spikes[0].at":          {Spikes: []sensor.Spike{{At: -1, For: 1}}},
		"spikes[0].value":       {Spikes: []sensor.Spike{{For: 1, Value: math.Inf(1)}}},
		"stuck[0] and stuck[1]": {Stuck: []sensor.Window{{At: 1, For: 3}, {At: 2, For: 1}}},
	} {
		require.ErrorContains(t, s.Validate(), want)
	}
	require.NoError(t, sensor.Spec{Spikes: []sensor.Spike{{At: 1, For: 1}, {At: 2, For: 1}}}.Validate())
}
