package sensor_test

import (
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// suite makes a suite from YAML, as it stands in a scenario file.
func suite(t *testing.T, text string) (map[string]sensor.Model, error) {
	t.Helper()
	var specs map[string]sensor.Spec
	require.NoError(t, yaml.UnmarshalWithOptions([]byte(text), &specs, yaml.Strict()))
	s, err := sensor.NewSuite(specs, 7, start)
	models := map[string]sensor.Model{}
	for _, one := range s {
		models[one.Name] = one.Model
	}
	return models, err
}

func TestFollow(t *testing.T) {
	s, err := suite(t, `
temperature: {base: 20, drift: 6, decimals: 0, max: 50, spikes: [{at: 1h, for: 1m, value: 40}], stuck: [{at: 2h, for: 1h}]}
humidity: {base: 55, follows: {metric: temperature, factor: -0.5, lag: 10m}}
a: {base: 1, follows: {metric: humidity, factor: 2}}
`)
	require.NoError(t, err)
	for _, c := range []struct {
		at                       time.Duration
		temperature, humidity, a float64
	}{
		{10 * time.Minute, 21, 55, 1},
		{20 * time.Minute, 22, 54.5, 0},
		{time.Hour, 40, 52.5, -4},
		{70 * time.Minute, 27, 45, -19},              // ten minutes after the spike
		{3*time.Hour - 1, 32, 46.5, -16},             // 20 + 6·2 since two o'clock, followed as if it moved
		{10*time.Hour + 10*time.Minute, 50, 40, -29}, // clamped
	} {
		at := start.Add(c.at)
		require.Equal(t, []float64{c.temperature, c.humidity, c.a}, []float64{s["temperature"].At(at), s["humidity"].At(at), s["a"].At(at)}, "at %s", c.at)
	}
}

func TestFollowNeedsSomebody(t *testing.T) {
	for want, text := range map[string]string{
		`signal a: follows.metric: the device has no "b"`: `a: {follows: {metric: b, factor: 1}}`,
		`follows: a → a is a circle`:                      `a: {follows: {metric: a, factor: 1}}`,
		`follows: b → c → b is a circle`:                  `{z: {follows: {metric: b, factor: 1}}, b: {follows: {metric: c, factor: 1}}, c: {follows: {metric: b, factor: 1}}}`,
		`follows.factor: 0 is not`:                        `{a: {}, b: {follows: {metric: a}}}`,
		`follows.lag: -1s is negative`:                    `{a: {}, b: {follows: {metric: a, factor: 1, lag: -1s}}}`,
	} {
		_, err := suite(t, text)
		require.ErrorContains(t, err, want)
	}
	_, err := sensor.Spec{Follows: &sensor.Follow{Metric: "b", Factor: 1}}.Model(1, start)
	require.ErrorContains(t, err, `there is no "b" here`)
	require.ErrorContains(t, sensor.Spec{Follows: &sensor.Follow{}}.Validate(), "follows.metric: is missing")
}
