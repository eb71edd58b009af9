package sensor_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

func TestReplay(t *testing.T) {
	s, err := suite(t, `
pressure:
  replay:
    every: 2h
    csv: |
      # from the roof
      offset,value
      0,1013.25
      90s, 1012
      1h30m,1e3
late: {base: 100, replay: {csv: "0,1\n60,2\n90.5,3"}}
one: {replay: {csv: "0,7"}}
`)
	require.NoError(t, err)
	for at, want := range map[time.Duration]float64{
		0: 1013.25, 90*time.Second - 1: 1013.25, 90 * time.Second: 1012, time.Hour: 1012,
		90 * time.Minute: 1000, 2*time.Hour - 1: 1000, 2 * time.Hour: 1013.25,
		25 * time.Hour: 1012, -1: 1000, -2 * time.Hour: 1013.25,
	} {
		require.Equal(t, want, s["pressure"].At(start.Add(at)), "at %s", at)
	}
	for at, want := range map[time.Duration]float64{59 * time.Second: 101, time.Minute: 102, 120 * time.Second: 103, 121 * time.Second: 101} {
		require.Equal(t, want, s["late"].At(start.Add(at)), "the last value holds 30.5 s; at %s", at)
	}
	require.Equal(t, 7.0, s["one"].At(start.Add(time.Hour)))
}

func TestReplayIsReadStrictly(t *testing.T) {
	for want, text := range map[string]string{
		"there are no values":                             "offset,value\n",
		"line 2: 3 columns, not offset and value":         "0,1\n1,2,3\n",
		"line 1: 1 columns":                               "0\n",
		`line 2: value "x" is not a finite number`:        "0,1\n1,x\n",
		`line 1: value "NaN"`:                             "0,NaN\n",
		`line 3: offset "soon" is neither`:                "0,1\n\nsoon,2\n",
		`line 1: offset "offset" is neither`:              "offset,wert\n",
		"line 1: the first offset is 1s, not 0":           "1,1\n",
		"line 4: offset 2s does not come after 2s":        "0,1\n# x\n2,1\n2s,2\n",
		"line 2: offset -1 is not between":                "0,1\n-1,2\n",
		"line 2: offset 1e300 is not between":             "0,1\n1e300,2\n",
		"it is larger than 1048576 bytes":                 strings.Repeat("#", 1<<20+1),
		`parse error on line 1, column 3: bare " in non-`: "0,\"",
	} {
		err := sensor.Spec{Replay: &sensor.Replay{CSV: text}}.Validate()
		if strings.HasPrefix(want, "parse") {
			want = "parse error on line 1"
		}
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "replay: ")
	}
	require.ErrorContains(t, sensor.Spec{Replay: &sensor.Replay{CSV: "0,1\n9,1", Every: 9 * time.Second}}.Validate(), "every: 9s is not after the last offset 9s")
	require.ErrorContains(t, sensor.Spec{Replay: &sensor.Replay{CSV: "0,1", Every: -1}}.Validate(), "every")
	require.ErrorContains(t, sensor.Spec{Replay: &sensor.Replay{CSV: "0,1", File: "x"}}.Validate(), "not both")
}

func TestReplayFromFile(t *testing.T) {
	files := fstest.MapFS{"roof.csv": {Data: []byte("0,5\r\n1,6\r\n")}, "bad.csv": {Data: []byte("0,x")}, "big.csv": {Data: make([]byte, 2<<20)}}
	r := &sensor.Replay{File: "roof.csv"}
	require.ErrorContains(t, sensor.Spec{Replay: r}.Validate(), "roof.csv was not loaded")
	require.NoError(t, r.Load(files))
	m, err := sensor.Spec{Replay: r}.Model(1, start)
	require.NoError(t, err)
	require.Equal(t, 6.0, m.At(start.Add(time.Second)))
	text, err := json.Marshal(sensor.Spec{Replay: r})
	require.NoError(t, err)
	require.JSONEq(t, `{"base":0,"replay":{"csv":"0,5\r\n1,6\r\n"}}`, strings.Replace(string(text), "{", `{"base":0,`, 1), "complete without the file")
	require.NoError(t, r.Load(files), "nothing is left to load")
	require.ErrorContains(t, (&sensor.Replay{File: "bad.csv"}).Load(files), "bad.csv: line 1: value")
	require.ErrorContains(t, (&sensor.Replay{File: "big.csv"}).Load(files), "larger than")
	require.ErrorContains(t, (&sensor.Replay{File: "none.csv"}).Load(files), "none.csv")
}

// FuzzReplay reads any text: what is accepted gives a finite value at any time.
func FuzzReplay(f *testing.F) {
	for _, seed := range []string{"0,1\n2s,3\n", "offset,value\n0,1", "0,1\n\"1\",2", "", "0,1e400", "0,1\n0.0000000001,2", "0,1e308"} {
		f.Add(seed, int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		m, err := sensor.Spec{Replay: &sensor.Replay{CSV: text}}.Model(1, start)
		if err != nil {
			return
		}
		for _, d := range []int64{0, 1, -1, at} {
			if v := m.At(start.Add(time.Duration(d))); math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%v at %d", v, d)
			}
		}
	})
}
