package device_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
)

func TestCommands(t *testing.T) {
	for _, tc := range []struct {
		name, payload   string
		command, result string
		detail          string
		readings        int // in the minute after it
	}{
		{"update", `{"action":"update_interval","interval":2,"id":"c-1"}`, "update_interval", "done", "", 30},
		{"update without interval", `{"action":"update_interval"}`, "update_interval", "done", "", 1},
		{"update too short", `{"action":"update_interval","interval":0.5}`, "update_interval", "refused", "not between", 6},
		{"update too long", `{"action":"update_interval","interval":1e300}`, "update_interval", "refused", "not between", 6},
		{"update with text", `{"action":"update_interval","interval":"1s"}`, "", "refused", "malformed", 6},
		{"safe mode", `{"action":"enter_safe_mode","reason":"too hot"}`, "enter_safe_mode", "done", "", 1},
		{"reboot", `{"action":"reboot"}`, "reboot", "done", "", 6},
		{"unknown", `{"action":"dance"}`, "dance", "refused", "unknown command", 6},
		{"no action", `{}`, "", "refused", "no action", 6},
		{"not json", `reboot`, "", "refused", "malformed", 6},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.start("s1", nil)
				time.Sleep(5 * time.Second)
				before := len(w.telemetry("s1"))
				w.command("s1", tc.payload)
				time.Sleep(time.Minute + 500*time.Millisecond)
				require.Equal(t, before+tc.readings, len(w.telemetry("s1")))
				st := w.statuses("s1")
				require.Len(t, st, 2)
				answer := st[1]
				require.Equal(t, tc.result, answer["result"])
				if tc.command != "" {
					require.Equal(t, tc.command, answer["command"])
				}
				if tc.detail != "" {
					require.Contains(t, answer["detail"], tc.detail)
				}
				if tc.name == "update" {
					require.Equal(t, "c-1", answer["id"])
				}
				require.Len(t, w.of("s1", device.Command), 1)
				acted := w.of("s1", device.Acted)
				require.Len(t, acted, 1)
				require.Equal(t, tc.result == "refused", acted[0].Err != nil)
			})
		})
	}
}

func TestRebootIsClean(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start("s1", nil)
		time.Sleep(5 * time.Second)
		w.command("s1", `{"action":"enter_safe_mode"}`)
		time.Sleep(time.Second)
		w.command("s1", `{"action":"enter_safe_mode"}`)
		time.Sleep(time.Second)
		w.command("s1", `{"action":"reboot"}`)
		time.Sleep(2 * time.Minute)
		for _, s := range w.statuses("s1") {
			require.Equal(t, "online", s["status"], "no will")
		}
		down, up := w.of("s1", device.Disconnected)[0], w.of("s1", device.Connected)[1]
		require.NoError(t, down.Err)
		require.Equal(t, 5*time.Second, up.At.Sub(down.At))
		readings := w.of("s1", device.Sampled)
		require.Equal(t, up.At, readings[1].At, "the first reading after the reboot")
		require.Equal(t, 10*time.Second, readings[2].At.Sub(readings[1].At), "safe mode is over")
	})
}
