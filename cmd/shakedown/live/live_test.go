package live_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/live"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

var rewrite = flag.Bool("rewrite", false, "write the golden frames anew")

var began = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

const plan = `
name: night
clock: %s
duration: 10m
seed: 7
fleet:
  - {name: a, count: 900, interval: 10s, ramp: 30s}
  - {name: b, count: 100, interval: 10s, attributes: {site: berlin}}
faults:
  - {at: 2m, for: 3m, kind: partition, target: {attribute: {site: berlin}}}
  - {at: 4m, for: 1m, kind: throttle, target: {service: kinesis}, rate: 50%%}
  - {at: 9m, kind: connection-reset, target: {share: 10%%}}
`

// story is a run as its looks tell it, at 1,000 devices and 100 messages a second.
type story struct {
	*live.Model
	ledger *ledger.Ledger
	pace   float64 // of the run's clock
	stuck  bool    // at the end some devices wait for PUBACKs
}

func tell(t *testing.T, clock string) *story {
	t.Helper()
	s, err := scenarios.Parse(fmt.Appendf(nil, plan, clock))
	require.NoError(t, err)
	st := &story{ledger: ledger.New(), pace: 1}
	if clock == "virtual" {
		st.pace = 60
	}
	st.Model = live.New(live.Options{
		Scenario: s, Began: began, Interrupt: func() { t.Error("nobody pressed Ctrl-C") }, Notes: []string{"http://127.0.0.1:4580/"}})
	return st
}

// look is the run after so much real time since its fleet began; deploying took 5 s.
func (st *story) look(phase scenarios.Phase, real time.Duration) {
	s := scenarios.Snapshot{Phase: phase, Provisioned: int(1000 * min(1, (real+5*time.Second).Seconds()/5))}
	if phase != scenarios.Deploying {
		s.Elapsed = min(time.Duration(float64(real)*st.pace), 10*time.Minute)
		seconds := s.Elapsed.Seconds()
		s.Connected = int(min(1000, 100+900*seconds/30))
		s.Sampled = int(100 * seconds)
		s.Sent, s.Acked, s.Archived = s.Sampled, s.Sampled-1, s.Sampled-1
		if seconds > 120 && seconds < 300 {
			s.Connected, s.Sent = 900, s.Sampled-int(10*(seconds-120))
			s.Acked, s.Archived = s.Sent, s.Sent
		}
		s.Written, s.StateSet = max(0, s.Archived-250), max(0, s.Archived-300)
		s.Alerted, s.GivenUp = int(seconds/60), int(seconds/200)
		s.Traffic = counted(int64(s.Archived), int64(s.Written))
	}
	if phase == scenarios.Draining && st.stuck {
		s.Connected, s.Acked = 35, s.Acked-156
	} else if phase == scenarios.Draining || phase == scenarios.Auditing {
		s.Connected = 0
	}
	if phase == scenarios.Auditing {
		s.Found = 75_000
	}
	for i := range 100 {
		id := ledger.ID{Thing: "x", Seq: uint64(real) + uint64(i) + 1}
		st.ledger.Sample(id, "devices/x/telemetry", fmt.Appendf(nil, "%d", id.Seq), began)
		st.ledger.Acked(id, began.Add(time.Duration(i+1)*10*time.Microsecond))
	}
	s.AckDelays = st.ledger.Delays(ledger.Acked)
	st.Update(live.Look{At: began.Add(5*time.Second + real), Now: s})
}

func counted(put, done int64) traffic.Snapshot {
	var t traffic.Traffic
	for i := range 2 {
		shard := traffic.Shard{Stream: "iot-telemetry", ID: fmt.Sprintf("shardId-%012d", i)}
		t.Stream(shard).Add(put / 2)
		t.Read(traffic.Reader{Function: "iot-stream-processor", Mapping: "m1", Shard: shard.ID}).Add(done/2 + int64(i)*20)
		t.Read(traffic.Reader{Function: "iot-alert-handler", Mapping: "m2", Shard: shard.ID}).Add(put / 2)
	}
	t.Function("iot-stream-processor").Invoked.Add(put / 50)
	t.Function("iot-stream-processor").Succeeded.Add(put/50 - 1)
	t.Function("iot-alert-handler").Failed.Add(3)
	t.Function("iot-alert-handler").Retried.Add(3)
	for _, name := range []string{"iot-device-status", "iot-device-presence", "iot-offline-sweep"} {
		t.Function(name).Invoked.Add(10)
		t.Function(name).Succeeded.Add(10)
	}
	return t.Snapshot()
}

// TestFrames holds the frames of a run to those in testdata: `go test -rewrite`
// writes them, and their reader judges them.
func TestFrames(t *testing.T) {
	real := tell(t, "real")
	virtual := tell(t, "virtual")
	for _, step := range []struct {
		name          string
		story         *story
		phase         scenarios.Phase
		from, to      time.Duration
		width, height int
		said          live.Said
	}{
		{"deploy", real, scenarios.Deploying, -3 * time.Second, -2 * time.Second, 80, 24, ""},
		{"ramp", real, scenarios.Running, 0, 12 * time.Second, 80, 24, ""},
		{"faults", real, scenarios.Running, 13 * time.Second, 250 * time.Second, 80, 24, ""},
		{"wide", real, scenarios.Running, 251 * time.Second, 280 * time.Second, 120, 34, ""},
		{"small", real, scenarios.Running, 281 * time.Second, 290 * time.Second, 50, 12, ""},
		{"leave", real, scenarios.Draining, 595 * time.Second, 599 * time.Second, 80, 24, ""},
		{"drain", real, scenarios.Draining, 600 * time.Second, 603 * time.Second, 80, 24, "stopping: the fleet ends, the pipeline drains"},
		{"audit", real, scenarios.Auditing, 604 * time.Second, 607 * time.Second, 80, 24, ""},
		{"virtual", virtual, scenarios.Running, 0, 5 * time.Second, 80, 24, ""},
	} {
		step.story.Update(tea.WindowSizeMsg{Width: step.width, Height: step.height})
		step.story.Update(step.said)
		step.story.stuck = step.name == "leave"
		for at := step.from; at <= step.to; at += 250 * time.Millisecond {
			step.story.look(step.phase, at)
		}
		frame := step.story.Frame()
		lines := strings.Split(frame, "\n")
		require.Len(t, lines, step.height, step.name)
		for _, line := range lines {
			require.LessOrEqual(t, ansi.StringWidth(line), step.width, "%s: %q", step.name, line)
		}
		golden(t, step.name, ansi.Strip(frame))
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	var trimmed strings.Builder
	for line := range strings.Lines(got + "\n") {
		trimmed.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	path := filepath.Join("testdata", name+".frame")
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(trimmed.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "write it with go test -rewrite")
	require.Equal(t, string(want), trimmed.String(), name)
}

// TestAnySize: no window is too small or too large, at any time of a run.
func TestAnySize(t *testing.T) {
	st := tell(t, "real")
	for _, phase := range []scenarios.Phase{scenarios.Deploying, scenarios.Running, scenarios.Draining, scenarios.Auditing} {
		st.look(phase, time.Minute)
		for _, size := range [][2]int{{0, 0}, {1, 1}, {2, 3}, {10, 5}, {79, 19}, {80, 24}, {300, 100}} {
			st.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			for line := range strings.Lines(st.Frame()) {
				require.LessOrEqual(t, ansi.StringWidth(strings.TrimSuffix(line, "\n")), size[0])
			}
			require.LessOrEqual(t, strings.Count(st.Frame(), "\n"), max(0, size[1]-1))
		}
	}
}

// TestCtrlC: raw terminals send a key for it, which goes the way of the signal.
func TestCtrlC(t *testing.T) {
	pressed := 0
	s, err := scenarios.Parse(fmt.Appendf(nil, plan, "real"))
	require.NoError(t, err)
	m := live.New(live.Options{Scenario: s, Began: began, Interrupt: func() { pressed++ }})
	_, next := m.Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl})
	require.Nil(t, next, "the view goes on: the run does")
	m.Update(tea.KeyPressMsg{Code: 'c'})
	require.Equal(t, 1, pressed)
}

// TestLongRun: a day of looks takes no more room than an hour.
func TestLongRun(t *testing.T) {
	st := tell(t, "real")
	for i := range 5_000 {
		st.Update(live.Look{At: began.Add(time.Duration(i) * time.Second), Now: scenarios.Snapshot{
			Phase: scenarios.Running, Elapsed: time.Duration(i) * time.Second, Sampled: i * 3, Connected: 1000}})
	}
	require.Contains(t, ansi.Strip(st.Frame()), "3.0/s")
}
