package device_test

import (
	"context"
	"encoding/json"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// startFaulty is a device behind a link, and the faults of both.
func (w *world) startFaulty(name string, change func(*device.Config)) (*fault.Device, *fault.Link) {
	link := &fault.Link{Thing: name, Seed: 1}
	d := w.start(name, func(c *device.Config) {
		dial := c.Dial
		c.Dial = func(ctx context.Context) (net.Conn, error) { return link.Dial(ctx, dial) }
		if change != nil {
			change(c)
		}
	})
	return &fault.Device{Machine: d, Thing: name, Seed: 1}, link
}

// all are all events of a thing.
func (w *world) all(thing string) []device.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events[thing])
}

func begin(d *fault.Device, k fault.Kind, with fault.Parameters) {
	d.Begin(1, fault.Fault{Kind: k, Parameters: with})
}

func TestPowerLoss(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d, _ := w.startFaulty("s1", func(c *device.Config) { c.KeepAlive = 4 * time.Minute })
		time.Sleep(5 * time.Second)
		w.command("s1", `{"action":"update_interval","interval":2}`)
		time.Sleep(time.Second)
		w.broker.Mute.Store(true)
		time.Sleep(5 * time.Second) // some readings get no PUBACK
		began := time.Now()
		begin(d, fault.PowerLoss, fault.Parameters{})
		time.Sleep(3 * time.Minute)
		w.broker.Mute.Store(false)

		sampled, acked := len(w.of("s1", device.Sampled)), 0
		for _, e := range w.of("s1", device.Acked) {
			if e.Topic == "devices/s1/telemetry" {
				acked++
			}
		}
		dropped := w.of("s1", device.Dropped)
		require.NotEmpty(t, dropped)
		require.Equal(t, sampled, acked+len(dropped), "each reading has an end")
		for _, e := range dropped {
			require.ErrorIs(t, e.Err, device.ErrPowerLoss)
			require.ErrorContains(t, e.Err, "power loss")
			require.WithinDuration(t, began, e.At, time.Millisecond)
		}
		gone := w.of("s1", device.Disconnected)
		require.Len(t, gone, 1)
		require.ErrorIs(t, gone[0].Err, device.ErrPowerLoss)
		require.Len(t, w.statuses("s1"), 2, "the broker does not know: no will")
		w.command("s1", `{"action":"reboot"}`)
		time.Sleep(time.Minute)
		require.Len(t, w.of("s1", device.Command), 1, "it does not hear")

		booted := time.Now()
		d.End(1)
		time.Sleep(time.Second)
		up := w.of("s1", device.Connected)
		require.Len(t, up, 2)
		require.WithinDuration(t, booted, up[1].At, time.Millisecond)
		again := w.of("s1", device.Sampled)[sampled:]
		require.Len(t, again, 1)
		require.WithinDuration(t, booted, again[0].At, time.Millisecond)
		require.Equal(t, uint64(sampled+1), again[0].Seq)
		time.Sleep(time.Minute)
		require.Len(t, w.of("s1", device.Sampled)[sampled:], 7, "the configured interval again")
	})
}

// TestPowerLossAtAnyTime takes the power away in each state: before the start, while
// it dials, while it backs off, in a reboot, while it drains.
func TestPowerLossAtAnyTime(t *testing.T) {
	for name, at := range map[string]time.Duration{"before the start": 0, "dialing": 12 * time.Second, "back-off": 25 * time.Second, "reboot": 92 * time.Second} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				d, link := w.startFaulty("s1", func(c *device.Config) { c.Delay = 10 * time.Second })
				link.Begin(1, fault.Fault{Kind: fault.Partition})
				time.AfterFunc(time.Minute, func() { link.End(1) })
				time.AfterFunc(90*time.Second, func() { w.command("s1", `{"action":"reboot"}`) })
				time.Sleep(at)
				begin(d, fault.PowerLoss, fault.Parameters{})
				time.Sleep(2 * time.Millisecond)
				before := len(w.all("s1"))
				time.Sleep(2 * time.Minute)
				for _, e := range w.all("s1")[before:] {
					require.Contains(t, []device.EventKind{device.ConnectFailed, device.Disconnected}, e.Kind)
				}
				d.End(1)
				time.Sleep(time.Minute)
				require.GreaterOrEqual(t, len(w.telemetry("s1")), 6)
				begin(d, fault.PowerLoss, fault.Parameters{})
				time.Sleep(time.Second)
				w.stop()
				began := time.Now()
				w.wait.Wait()
				require.Less(t, time.Since(began), time.Second)
			})
		})
	}
}

func TestConnectStorm(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d, link := w.startFaulty("s1", nil)
		time.Sleep(5 * time.Second)
		for range 20 { // a back-off would be seconds at the end
			began := time.Now()
			begin(d, fault.ConnectStorm, fault.Parameters{})
			time.Sleep(3 * time.Millisecond)
			up := w.of("s1", device.Connected)
			require.WithinDuration(t, began, up[len(up)-1].At, 2*time.Millisecond)
			d.End(1)
		}
		require.Len(t, w.of("s1", device.Connected), 21)
		link.Cut()
		time.Sleep(10 * time.Minute)
		link.Heal()
		began := time.Now()
		begin(d, fault.ConnectStorm, fault.Parameters{})
		time.Sleep(3 * time.Millisecond)
		up := w.of("s1", device.Connected)
		require.WithinDuration(t, began, up[len(up)-1].At, 2*time.Millisecond, "it does not wait for the back-off either")
	})
}

func TestDuplicateDelivery(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d, link := w.startFaulty("s1", func(c *device.Config) { c.QueueLimit = 3 })
		time.Sleep(5 * time.Second)
		begin(d, fault.DuplicateDelivery, fault.Parameters{Times: 2})
		time.Sleep(20 * time.Second)
		d.End(1)
		time.Sleep(10 * time.Second)
		var got []string
		for _, p := range w.telemetry("s1") {
			got = append(got, string(p.Payload))
		}
		s := w.of("s1", device.Sampled)
		require.Len(t, s, 4)
		p := func(i int) string { return string(s[i].Payload) }
		require.Equal(t, []string{p(0), p(1), p(1), p(1), p(2), p(2), p(2), p(3)}, got)
		require.Len(t, w.statuses("s1"), 1, "only telemetry")

		begin(d, fault.DuplicateDelivery, fault.Parameters{Times: 2})
		link.Cut()
		time.Sleep(time.Minute)
		link.Heal()
		time.Sleep(3 * time.Minute)
		given := map[uint64]bool{}
		for _, e := range w.of("s1", device.Dropped) {
			given[e.Seq] = true
		}
		require.NotEmpty(t, given)
		for _, m := range w.telemetry("s1") {
			var body struct{ Seq uint64 }
			require.NoError(t, json.Unmarshal(m.Payload, &body))
			require.False(t, given[body.Seq], "what was dropped does not go out as a copy")
		}
	})
}

func TestSensorsAndClock(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d, _ := w.startFaulty("s1", func(c *device.Config) { c.Skew = time.Hour })
		values := func() (list []float64, clocks []time.Duration) {
			for _, e := range w.of("s1", device.Sampled) {
				var body struct {
					Timestamp int64
					Data      map[string]float64
				}
				require.NoError(t, json.Unmarshal(e.Payload, &body))
				list = append(list, body.Data["temperature"])
				clocks = append(clocks, time.UnixMilli(body.Timestamp).Sub(e.At.Truncate(time.Millisecond)))
			}
			return list, clocks
		}
		time.Sleep(5 * time.Second)
		begin(d, fault.DriftingSensor, fault.Parameters{Metric: "temperature", Drift: 360})
		time.Sleep(10 * time.Second)
		d.Begin(2, fault.Fault{Kind: fault.StuckSensor, Parameters: fault.Parameters{Metric: "temperature"}})
		d.Begin(3, fault.Fault{Kind: fault.ClockSkew, Parameters: fault.Parameters{Skew: -2 * time.Hour}})
		time.Sleep(10 * time.Second)
		d.Heal()
		time.Sleep(10 * time.Second)
		got, clocks := values()
		require.Equal(t, []float64{20, 20.5, 20.5, 20}, []float64{got[0], float64(int(got[1]*100)) / 100, float64(int(got[2]*100)) / 100, got[3]})
		require.Equal(t, got[1], got[2])
		require.Equal(t, []time.Duration{time.Hour, time.Hour, -time.Hour, time.Hour}, clocks)
	})
}
