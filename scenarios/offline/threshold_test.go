package offline

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sec is seconds in ns.
const sec = int64(time.Second)

// every are signs of life each step seconds from a to b, known a moment later.
func every(step, a, b int64) (list []sign) {
	for s := a; s <= b; s += step {
		list = append(list, sign{s * sec, s*sec + sec/2})
	}
	return list
}

// sweeping are sweeps every ten seconds.
func sweeping(end int64) (list []int64) {
	for s := int64(10); s <= end; s += 10 {
		list = append(list, s*sec)
	}
	return list
}

func TestDetectIsTheDetector(t *testing.T) {
	for _, c := range []struct {
		name    string
		signs   []sign
		silence int64
		want    []verdict
	}{
		{"reports often enough", every(20, 0, 100), 30, nil},
		{"one sweep after the threshold", every(20, 0, 40), 30, []verdict{{80 * sec, 100 * sec}}},
		{"comes back", append(every(20, 0, 20), sign{75 * sec, 76 * sec}), 30, []verdict{{60 * sec, 76 * sec}}},
		{"on the threshold is not over it", []sign{{0, 0}, {35 * sec, 35 * sec}, {69 * sec, 69 * sec}, {95 * sec, 95 * sec}}, 30, nil},
		{"never heard", nil, 30, nil},
		{"a sign that comes after the sweep", []sign{{0, 0}, {25 * sec, 45 * sec}}, 30, []verdict{{40 * sec, 45 * sec}, {60 * sec, 100 * sec}}},
		{"a sign from before the verdict's cutoff", []sign{{0, 0}, {5 * sec, 45 * sec}, {90 * sec, 91 * sec}}, 30, []verdict{{40 * sec, 91 * sec}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, detect(c.signs, sweeping(100), c.silence*sec, 100*sec))
		})
	}
}

func TestJudgeByTheTruth(t *testing.T) {
	r := rules{silence: 30 * sec, sweep: 10 * sec, settle: 2 * sec, end: 1000 * sec}
	away := []span{{0, up, ""}, {100 * sec, out, "half-open"}, {200 * sec, reconnecting, "half-open"}, {210 * sec, up, ""}}
	late := []span{{0, up, ""}, {100 * sec, reconnecting, "broker-restart"}, {200 * sec, up, ""}}
	for _, c := range []struct {
		name     string
		spans    []span
		verdicts []verdict
		want     []judgement
		cause    string
	}{
		{"found", away, []verdict{{140 * sec, 211 * sec}}, []judgement{outageFound}, "half-open"},
		{"found on the way back", away, []verdict{{205 * sec, 211 * sec}}, []judgement{outageFound}, "half-open"},
		{"found as it came back", away, []verdict{{211 * sec, 212 * sec}}, []judgement{outageFound}, "half-open"},
		{"missed", away, nil, []judgement{outageMissed}, "half-open"},
		{"too early", away, []verdict{{90 * sec, 211 * sec}}, []judgement{falseAlarm, outageFound}, "up"},
		{"false long after", away, []verdict{{140 * sec, 211 * sec}, {400 * sec, 410 * sec}}, []judgement{outageFound, falseAlarm}, "half-open"},
		{"too short to be missed", []span{{0, up, ""}, {100 * sec, out, "partition"}, {145 * sec, up, ""}}, nil, []judgement{tooBrief}, "partition"},
		{"only reconnecting", late, []verdict{{140 * sec, 201 * sec}}, []judgement{falseAlarm}, "reconnecting after broker-restart"},
		{"and not called", late, nil, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := judge(subject{"s1", c.spans, every(20, 0, 95), c.verdicts}, r)
			var got []judgement
			for _, o := range list {
				got = append(got, o.verdict)
			}
			require.Equal(t, c.want, got)
			if len(list) > 0 {
				require.Equal(t, c.cause, list[0].cause)
			}
		})
	}
}

func TestRecommendation(t *testing.T) {
	r := rules{silence: 30 * sec, sweep: 10 * sec, settle: 2 * sec, end: 1000 * sec}
	reports := every(60, 0, 960)
	whole := []span{{0, up, ""}}
	for _, c := range []struct {
		name    string
		all     []subject
		want    time.Duration
		because time.Duration
		state   string
	}{
		{"a minute's rhythm", []subject{{thing: "a", spans: whole, signs: reports}}, 90 * time.Second, 60500 * time.Millisecond, "connected all the while"},
		{"an outage is no reason", []subject{{thing: "a", spans: []span{{0, up, ""}, {300 * sec, out, "partition"}, {600 * sec, up, ""}},
			signs: append(every(60, 0, 240), every(60, 600, 960)...)}}, 90 * time.Second, 60500 * time.Millisecond, "connected all the while"},
		{"a reconnect is one", []subject{{thing: "b", spans: []span{{0, up, ""}, {300 * sec, reconnecting, "broker-restart"}, {480 * sec, up, ""}},
			signs: append(every(60, 0, 240), every(60, 480, 960)...)}, {thing: "a", spans: whole, signs: reports}},
			5 * time.Minute, 240500 * time.Millisecond, "reconnecting after broker-restart"},
		{"nothing heard after the return: no verdict may fall there", []subject{{thing: "a", spans: []span{{0, up, ""}, {70 * sec, out, "partition"}, {170 * sec, up, ""}},
			signs: []sign{{60 * sec, 60 * sec}, {270 * sec, 270 * sec}, {280 * sec, 280 * sec}, {1000 * sec, 1000 * sec}}}}, 15 * time.Minute, 720 * time.Second, "connected all the while"},
		{"between outage and return", []subject{{thing: "a", spans: []span{{0, up, ""}, {70 * sec, out, "partition"}, {400 * sec, up, ""}},
			signs: append([]sign{{60 * sec, 60 * sec}}, every(15, 500, 1000)...)}}, 20 * time.Second, 15500 * time.Millisecond, "connected all the while"},
		{"nothing heard", nil, time.Second, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all []silence
			for _, s := range c.all {
				all = append(all, falsifiable(s, r)...)
			}
			got := recommend(all)
			require.Equal(t, c.want, got.silence)
			require.Equal(t, c.because, time.Duration(got.because.high))
			require.Equal(t, c.state, got.because.state)
			for _, s := range c.all {
				s.verdicts = detect(s.signs, sweeping(1000), int64(got.silence), r.end)
				safe := r
				safe.silence = int64(got.silence)
				for _, o := range judge(s, safe) {
					require.NotEqual(t, falseAlarm, o.verdict)
				}
			}
		})
	}
}

func TestThresholdsOfTheTable(t *testing.T) {
	list := thresholds(10*time.Minute, 6*time.Minute, 2*time.Hour)
	require.Equal(t, 30*time.Second, list[0])
	require.Equal(t, time.Hour, list[len(list)-1])
	require.IsIncreasing(t, list)
	require.Subset(t, list, []time.Duration{3 * time.Minute, 6 * time.Minute, 10 * time.Minute})
	short := thresholds(5*time.Second, 0, time.Minute)
	require.Equal(t, 2*time.Second, short[0])
	require.Equal(t, time.Minute, short[len(short)-1])
}

func TestStatusAndTruthAgree(t *testing.T) {
	r := rules{silence: 30 * sec, sweep: 10 * sec, settle: 2 * sec, end: 1000 * sec}
	gone := []span{{0, up, ""}, {900 * sec, out, "power-loss"}}
	lasting := []verdict{{940 * sec, 1000 * sec}}
	for _, c := range []struct {
		name string
		s    subject
		want int
	}{
		{"up and online", subject{"a", []span{{0, up, ""}}, every(20, 0, 980), nil}, 0},
		{"up and offline", subject{"a", []span{{0, up, ""}}, every(20, 0, 980), lasting}, 1},
		{"up and rarely heard", subject{"a", []span{{0, up, ""}}, every(200, 0, 900), lasting}, 0},
		{"out and offline", subject{"a", gone, every(20, 0, 880), lasting}, 0},
		{"out and online", subject{"a", gone, every(20, 0, 880), nil}, 1},
		{"out not for long", subject{"a", []span{{0, up, ""}, {960 * sec, out, "power-loss"}}, every(20, 0, 940), nil}, 0},
		{"never connected", subject{"a", nil, nil, nil}, 0},
	} {
		t.Run(c.name, func(t *testing.T) { require.Len(t, disagreements([]subject{c.s}, r), c.want) })
	}
}
