package device_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// script is a board's readings, one a call; an error stands for one that failed.
type script []any

func (s *script) read(time.Time) ([]float64, error) {
	if len(*s) == 0 {
		return nil, io.EOF
	}
	next := (*s)[0]
	*s = (*s)[1:]
	if err, failed := next.(error); failed {
		return nil, err
	}
	return next.([]float64), nil
}

// withBoard makes a device read a board with two sensors.
func withBoard(s *script) func(*device.Config) {
	return func(c *device.Config) {
		c.Signals = sensor.Suite{{Name: "temperature"}, {Name: "humidity"}}
		c.Read, c.Goodbye = s.read, true
	}
}

func sensors(statuses []map[string]any) (list []any) {
	for _, s := range statuses {
		list = append(list, s["sensor"])
	}
	return list
}

func TestRealSensors(t *testing.T) {
	unplugged := errors.New("no answer")
	inWorld(t, func(t *testing.T, w *world) {
		w.start("s1", withBoard(&script{
			[]float64{20, 50}, unplugged, unplugged, []float64{21, 51}, []float64{math.NaN(), 1}, []float64{22}, []float64{22, 52},
		}))
		time.Sleep(2 * time.Minute)
		var data []map[string]float64
		for _, p := range w.telemetry("s1") {
			var body struct{ Data map[string]float64 }
			require.NoError(t, json.Unmarshal(p.Payload, &body))
			data = append(data, body.Data)
		}
		require.Equal(t, []map[string]float64{
			{"temperature": 20, "humidity": 50}, {"temperature": 21, "humidity": 51}, {"temperature": 22, "humidity": 52},
		}, data, "what was not read is not sent")
		require.Equal(t, []uint64{1, 2, 3}, seqs(w.of("s1", device.Sampled)), "and has no number")

		st := w.statuses("s1")
		require.Equal(t, []any{nil, "failed", "failed", "ok", "failed", "failed", "ok"}, sensors(st))
		require.Equal(t, "no answer", st[1]["reason"])
		require.Equal(t, "temperature is not a finite number", st[4]["reason"])
		require.Equal(t, "the sensors read 1 values, not 2", st[5]["reason"])

		failed := w.of("s1", device.Unread)
		require.Len(t, failed, 5)
		require.ErrorIs(t, failed[4].Err, io.EOF, "the last, once")

		w.stop()
		w.wait.Wait()
		st = w.statuses("s1")
		require.Equal(t, "offline", st[len(st)-1]["status"])
		last := w.on("devices/s1/status")
		require.False(t, last[len(last)-1].Will)
		require.NoError(t, w.of("s1", device.Disconnected)[0].Err)
	})
}

// TestSensorsFailDuringAnOutage: a device that cannot tell does not fill its queue
// with it, but tells on the next connection.
func TestSensorsFailDuringAnOutage(t *testing.T) {
	unplugged := errors.New("no answer")
	inWorld(t, func(t *testing.T, w *world) {
		s := script{[]float64{20, 50}}
		for range 50 {
			s = append(s, unplugged)
		}
		d := w.start("s1", func(c *device.Config) {
			withBoard(&s)(c)
			c.QueueLimit = 3
		})
		time.Sleep(5 * time.Second)
		d.Cut(5 * time.Minute)
		time.Sleep(6 * time.Minute)
		require.Empty(t, w.of("s1", device.Dropped))
		st := w.statuses("s1")
		require.Equal(t, "offline", st[1]["status"], "the will")
		require.Equal(t, "failed", st[2]["sensor"])
		require.Equal(t, "no answer", st[2]["reason"])
	})
}

// TestGoodbyeInAnOutage ends although nobody hears it.
func TestGoodbyeInAnOutage(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", withBoard(&script{[]float64{20, 50}}))
		time.Sleep(5 * time.Second)
		d.Cut(device.Forever)
		time.Sleep(time.Second)
		begin := time.Now()
		w.stop()
		w.wait.Wait()
		require.LessOrEqual(t, time.Since(begin), 6*time.Second)
	})
}

// TestBoardUnderFaults: what befalls virtual sensors befalls real ones.
func TestBoardUnderFaults(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", withBoard(&script{[]float64{20, 50}, []float64{21, 51}, []float64{22, 52}}))
		time.Sleep(5 * time.Second)
		d.SetSense(func(metric string, _ time.Time, value, last float64) float64 {
			if metric == "temperature" {
				return last // stuck
			}
			return value
		})
		time.Sleep(30 * time.Second)
		got := w.telemetry("s1")
		require.Contains(t, string(got[2].Payload), `"data":{"temperature":20,"humidity":52}`)
	})
}
