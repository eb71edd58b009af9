package hardware

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/memnet"
	"github.com/shakedown-iot/shakedown/sim/mqtt/mqtttest"
)

// played runs the firmware on a tape, with a reading a second, and returns what
// reached the broker.
func played(t *testing.T, tape string, limit time.Duration) (got []mqtttest.Publish, player *Player, err error) {
	t.Helper()
	var network memnet.Network
	l, err := network.Listen("broker:1883")
	require.NoError(t, err)
	broker := mqtttest.New(l, func(p mqtttest.Publish) { got = append(got, p) })
	serving, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- broker.Run(serving) }()
	player, err = NewPlayer("tape", strings.NewReader(tape))
	require.NoError(t, err)
	board := &Board{Bus: player}
	require.NoError(t, board.Open())
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err = board.Run(ctx, device.Config{
		Thing: "pi-001", Interval: time.Second, Seed: 1,
		Dial: func(ctx context.Context) (net.Conn, error) { return network.Dial(ctx, "tcp", "broker:1883") },
	})
	stop()
	<-done
	return got, player, err
}

// readFile is a file of testdata.
func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(text)
}

// expected are the readings of a tape by vectors.py.
func expected(t *testing.T, name string) (list []map[string]float64) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(readFile(t, name))).ReadAll()
	require.NoError(t, err)
	for _, fields := range lines[1:] {
		reading := map[string]float64{}
		for i, metric := range lines[0] {
			reading[metric], err = strconv.ParseFloat(fields[i], 64)
			require.NoError(t, err)
		}
		list = append(list, reading)
	}
	return list
}

// TestDesk plays a day on a desk: all readings and no other values arrive, what went
// wrong is told, and the tape is over.
func TestDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, player, err := played(t, readFile(t, "desk.i2c"), time.Hour)
		require.NoError(t, err)
		require.NoError(t, player.Close())
		want := expected(t, "desk.csv")
		var sensors, reasons []string
		n, last := 0, ""
		for _, p := range got {
			var body struct {
				Status, Sensor, Reason string
				Data                   map[string]float64
			}
			require.NoError(t, json.Unmarshal(p.Payload, &body))
			if p.Topic == "devices/pi-001/telemetry" {
				require.Len(t, body.Data, 3)
				for metric, value := range want[n] {
					require.InDelta(t, value, body.Data[metric], map[string]float64{"humidity": 0.1}[metric]+0.011, "reading %d: %s", n+1, metric)
				}
				n++
				continue
			}
			require.Equal(t, "devices/pi-001/status", p.Topic)
			require.False(t, p.Will)
			sensors, reasons, last = append(sensors, body.Sensor), append(reasons, body.Reason), body.Status
		}
		require.Equal(t, len(want), n)
		require.Equal(t, "offline", last)
		// Pulled out; too early for the next try; nothing is found; too early again;
		// found, and later the pressure that is none.
		require.Equal(t, []string{"", "failed", "failed", "failed", "failed", "ok", "failed", "ok", ""}, sensors)
		require.Contains(t, reasons[1], "no reading: bme280 at 0x76: read the settings: sysfs-i2c: remote I/O error")
		require.Contains(t, reasons[3], "no BME280 on tape: 0x76: sysfs-i2c: remote I/O error; 0x77:")
		require.Contains(t, reasons[6], "pressure of")
	})
}

func TestRunEndsAtAMismatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tape := strings.Replace(readFile(t, "short.i2c"), "76 > f201f425", "76 > f205f4b5", 1) // recorded with x16
		_, _, err := played(t, tape, time.Hour)
		require.ErrorContains(t, err, `tape: line 8: the tape has "76 > f205f4b5", but the bus was asked for "76 > f201f425"`)
	})
}

func TestRunTellsWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, player, err := played(t, readFile(t, "short.i2c"), 1500*time.Millisecond)
		require.NoError(t, err)
		require.ErrorContains(t, player.Close(), "tape: line 15: 8 transactions were not played")
		require.JSONEq(t, `"offline"`, string(field(t, got[len(got)-1].Payload, "status")))
	})
}

func field(t *testing.T, payload []byte, name string) json.RawMessage {
	t.Helper()
	var body map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(payload, &body))
	return body[name]
}
