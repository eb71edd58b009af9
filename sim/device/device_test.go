package device_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

func seqs(events []device.Event) (list []uint64) {
	for _, e := range events {
		list = append(list, e.Seq)
	}
	return list
}

func TestQuietMinute(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start("s1", func(c *device.Config) { c.Signals = append(c.Signals, c.Signals[0]); c.Signals[1].Name = `odd"name` })
		time.Sleep(time.Minute)
		w.stop()
		w.wait.Wait()

		got := w.telemetry("s1")
		require.Len(t, got, 6)
		var body struct {
			DeviceID  string             `json:"deviceId"`
			Timestamp int64              `json:"timestamp"`
			Seq       uint64             `json:"seq"`
			Data      map[string]float64 `json:"data"`
		}
		require.NoError(t, json.Unmarshal(got[1].Payload, &body))
		require.Equal(t, "s1", body.DeviceID)
		require.Equal(t, uint64(2), body.Seq)
		require.Equal(t, got[1].At.UnixMilli(), body.Timestamp)
		require.Equal(t, map[string]float64{"temperature": 20, `odd"name`: 20}, body.Data)
		require.Equal(t, byte(1), got[1].QoS)

		st := w.statuses("s1")
		require.Len(t, st, 1, "a clean disconnect sends no will")
		require.Equal(t, "online", st[0]["status"])
		require.Equal(t, 1.0, st[0]["seq"])
		require.NotContains(t, st[0], "command")

		var kinds []device.EventKind
		for _, e := range w.events["s1"] {
			kinds = append(kinds, e.Kind)
		}
		require.Equal(t, []device.EventKind{device.Connecting, device.Sampled, device.Connected, device.Sent, device.Sent,
			device.Acked, device.Acked, device.Sampled, device.Sent, device.Acked}, kinds[:10])
		require.Equal(t, []device.EventKind{device.Disconnected, device.Stopped}, kinds[len(kinds)-2:])
		require.Len(t, w.of("s1", device.Acked), 7)
	})
}

func TestOutageLosesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", nil)
		time.Sleep(25 * time.Second) // 3 readings are through
		d.Cut(35 * time.Second)
		time.Sleep(20 * time.Second)
		require.Equal(t, 3, len(w.telemetry("s1")))
		require.Equal(t, "offline", w.statuses("s1")[1]["status"], "a reset sends the will")
		require.True(t, w.on("devices/s1/status")[1].Will)
		require.Len(t, w.of("s1", device.Sampled), 5, "readings go on")
		time.Sleep(40 * time.Second)
		require.Equal(t, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9}, seqs(w.of("s1", device.Sampled)))
		require.Equal(t, 9, len(w.telemetry("s1")))
		require.Empty(t, w.of("s1", device.Resent))
		cut, again := w.of("s1", device.Disconnected)[0], w.of("s1", device.Connected)[1]
		require.Error(t, cut.Err)
		require.GreaterOrEqual(t, again.At.Sub(cut.At), 35*time.Second)
		require.Less(t, again.At.Sub(cut.At), 36*time.Second)
	})
}

func TestHeldForEverAndRestored(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", func(c *device.Config) { c.QueueLimit = 4 })
		time.Sleep(15 * time.Second)
		d.Cut(device.Forever)
		time.Sleep(time.Hour)
		require.Len(t, w.of("s1", device.Connecting), 1)
		dropped := w.of("s1", device.Dropped)
		require.Len(t, dropped, len(w.of("s1", device.Sampled))-2-4)
		require.Equal(t, uint64(3), dropped[0].Seq, "the oldest goes first")
		d.Restore()
		time.Sleep(time.Second)
		require.Equal(t, 6, len(w.telemetry("s1")))

		d.Cut(device.Forever)
		time.Sleep(25 * time.Second)
		w.stop()
		begin := time.Now()
		w.wait.Wait()
		require.Less(t, time.Since(begin), time.Second, "there is nothing to wait for")
		last := w.of("s1", device.Dropped)
		require.ErrorContains(t, last[len(last)-1].Err, "stopped")
		sampled := len(w.of("s1", device.Sampled))
		require.Equal(t, sampled, len(w.of("s1", device.Dropped))+len(w.telemetry("s1")), "each reading has an end")
	})
}

func TestUnacknowledgedIsResent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", nil)
		time.Sleep(5 * time.Second)
		w.broker.Mute.Store(true)
		time.Sleep(20 * time.Second) // readings 2 and 3 get no PUBACK
		require.Equal(t, []uint64{1, 1, 2, 3}, seqs(w.of("s1", device.Sent)))
		w.broker.Mute.Store(false)
		d.Cut(0)
		time.Sleep(3 * time.Second)
		require.Equal(t, []uint64{2, 3}, seqs(w.of("s1", device.Resent)))
		got := w.telemetry("s1")
		require.Len(t, got, 3)
		require.False(t, got[0].Dup)
		require.True(t, got[1].Dup && got[2].Dup)
		require.Equal(t, w.of("s1", device.Sampled)[1].Payload, got[1].Payload)
	})
}

func TestBrokerOutage(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start("s1", nil)
		time.Sleep(5 * time.Second)
		w.unplug()
		w.brokers.Wait()
		time.Sleep(10 * time.Minute)
		failed := w.of("s1", device.ConnectFailed)
		require.Greater(t, len(failed), 5)
		require.Less(t, len(failed), 40, "the pauses grow")
		require.ErrorContains(t, failed[0].Err, "refused")
		w.plug()
		time.Sleep(3 * time.Minute)
		require.Equal(t, len(w.of("s1", device.Sampled)), len(w.telemetry("s1")))
	})
}

// TestBacklogKeepsTheRate holds the device to the 100 publishes a second that AWS
// takes of a connection (AWS.md §1).
func TestBacklogKeepsTheRate(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", func(c *device.Config) { c.Interval = 100 * time.Millisecond })
		time.Sleep(time.Second)
		d.Cut(50 * time.Second)
		time.Sleep(90 * time.Second)
		got := w.telemetry("s1")
		require.Len(t, got, len(w.of("s1", device.Sampled)))
		require.Greater(t, len(got), 850)
		for i := range got {
			n := 0
			for _, p := range got[i:] {
				if p.At.Sub(got[i].At) >= time.Second {
					break
				}
				n++
			}
			require.LessOrEqual(t, n, 100)
		}
	})
}

func TestWorldChangesTheDevice(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		d := w.start("s1", nil)
		time.Sleep(5 * time.Second)
		d.SetSkew(-time.Hour)
		time.Sleep(10 * time.Second)
		d.SetSkew(0)
		d.SetMutate(func(seq uint64, p []byte) []byte { return fmt.Appendf(nil, "broken %d", seq) })
		d.Duplicate(1)
		time.Sleep(10 * time.Second)
		d.SetMutate(nil)
		d.Duplicate(0)
		time.Sleep(10 * time.Second)
		got := w.telemetry("s1")
		require.Len(t, got, 5)
		var body struct{ Timestamp int64 }
		require.NoError(t, json.Unmarshal(got[1].Payload, &body))
		require.Equal(t, got[1].At.Add(-time.Hour).UnixMilli(), body.Timestamp)
		require.Equal(t, "broken 3", string(got[2].Payload))
		require.Equal(t, "broken 3", string(got[3].Payload))
		require.Equal(t, "broken 3", string(w.of("s1", device.Sampled)[2].Payload))
		require.NoError(t, json.Unmarshal(got[4].Payload, &body))
	})
}

// TestSilentBroker connects to somebody who accepts and never answers: readings go
// on while the connect runs into its timeout.
func TestSilentBroker(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		l, err := w.net.Listen("silent:1883")
		require.NoError(t, err)
		w.start("s1", func(c *device.Config) {
			c.Dial = func(ctx context.Context) (net.Conn, error) { return w.net.Dial(ctx, "tcp", "silent:1883") }
		})
		time.Sleep(35 * time.Second)
		require.Len(t, w.of("s1", device.Sampled), 4)
		failed := w.of("s1", device.ConnectFailed)
		require.NotEmpty(t, failed)
		require.Equal(t, 10*time.Second, failed[0].At.Sub(w.of("s1", device.Connecting)[0].At))
		require.NoError(t, l.Close())
	})
}

// TestSameEachRun runs twenty devices through cuts, commands and a broker restart,
// and wants every event of every device at the same nanosecond again.
func TestSameEachRun(t *testing.T) {
	run := func(procs int, patient bool) (hash string) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			var all []*device.Device
			for i := range 20 {
				all = append(all, w.start(fmt.Sprintf("s%02d", i), func(c *device.Config) {
					c.Index = i
					dial := c.Dial
					c.Dial = func(ctx context.Context) (net.Conn, error) {
						conn, err := dial(ctx)
						if err == nil && patient {
							conn = memnet.NewPatient(conn)
						}
						return conn, err
					}
				}))
			}
			time.Sleep(30 * time.Second)
			for _, d := range all {
				d.Cut(time.Duration(len(d.Thing())) * time.Second)
			}
			time.Sleep(time.Minute)
			w.command("s03", `{"action":"reboot"}`)
			for i := range 20 {
				w.command(fmt.Sprintf("s%02d", i), `{"action":"update_interval","interval":7}`)
			}
			time.Sleep(time.Minute)
			w.unplug()
			w.brokers.Wait()
			time.Sleep(time.Minute)
			w.plug()
			time.Sleep(5 * time.Minute)
			w.end()
			hash = w.hash()
		})
		return hash
	}
	first := run(1, false)
	require.Equal(t, first, run(2, false), "GOMAXPROCS 2")
	require.Equal(t, first, run(1, false), "again")
	require.Equal(t, first, run(1, true), "none waits in a read")
	require.Equal(t, first, run(2, true), "none waits in a read, GOMAXPROCS 2")
}

func TestConfigIsChecked(t *testing.T) {
	require.ErrorContains(t, device.New(device.Config{}).Run(t.Context()), "no name")
	good := device.Config{Thing: "a", Dial: func(context.Context) (net.Conn, error) { return nil, errors.New("no") }}
	for want, change := range map[string]func(*device.Config){
		"signals":            func(*device.Config) {},
		"whole milliseconds": func(c *device.Config) { c.Interval = 1500 * time.Microsecond },
		"lane":               func(c *device.Config) { c.Lane = time.Second },
		"grace":              func(c *device.Config) { c.Grace = -1 },
		"cap":                func(c *device.Config) { c.Backoff = device.Backoff{Base: time.Hour} },
	} {
		c := good
		change(&c)
		require.ErrorContains(t, c.Validate(), want)
	}
}
