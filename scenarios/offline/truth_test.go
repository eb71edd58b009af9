package offline

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// epoch is when the hand-made runs of these tests begin.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func second(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }

func TestTruthOfADevice(t *testing.T) {
	kinds := []fault.Kind{fault.HalfOpen, fault.Partition, fault.PowerLoss, fault.BrokerRestart, fault.CertificateRevoked, fault.ConnectStorm, fault.Latency}
	var faults []fault.Fault
	for _, k := range kinds {
		faults = append(faults, fault.Fault{Kind: k})
	}
	me := []string{"s1"}
	for _, c := range []struct {
		name string
		do   func(tr *Truth)
		want string
	}{
		{"never connected", func(tr *Truth) { tr.Begin(1, me, second(5)) }, "[]"},
		{"a reboot", func(tr *Truth) { tr.Disconnected("s1", second(10), true); tr.Connected("s1", second(15)) },
			"[0 up 10 reconnecting reboot 15 up]"},
		{"half-open until the device finds out", func(tr *Truth) {
			tr.Begin(0, me, second(10))
			tr.End(0, me, second(20))
			tr.Disconnected("s1", second(70), false)
			tr.Connected("s1", second(72))
		}, "[0 up 10 out half-open 70 reconnecting half-open 72 up]"},
		{"a partition that TCP survives", func(tr *Truth) { tr.Begin(1, me, second(10)); tr.End(1, me, second(20)) },
			"[0 up 10 out partition 20 up]"},
		{"and one that the device has noticed", func(tr *Truth) {
			tr.Begin(1, me, second(10))
			tr.Disconnected("s1", second(60), false)
			tr.End(1, me, second(80))
			tr.Connected("s1", second(85))
		}, "[0 up 10 out partition 80 reconnecting partition 85 up]"},
		{"power-loss", func(tr *Truth) {
			tr.Begin(2, me, second(10))
			tr.End(2, me, second(20))
			tr.Connected("s1", second(21))
		},
			"[0 up 10 out power-loss 20 reconnecting power-loss 21 up]"},
		{"the broker's restart", func(tr *Truth) {
			tr.Begin(3, nil, second(10))
			tr.Disconnected("s1", second(10), false)
			tr.End(3, nil, second(20))
			tr.Connected("s1", second(90))
		}, "[0 up 10 reconnecting broker-restart 90 up]"},
		{"power-loss within it", func(tr *Truth) {
			tr.Begin(3, nil, second(10))
			tr.Disconnected("s1", second(10), false)
			tr.Begin(2, me, second(15))
			tr.End(3, nil, second(20))
			tr.End(2, me, second(30))
			tr.Connected("s1", second(31))
		}, "[0 up 10 reconnecting broker-restart 15 out power-loss 30 reconnecting power-loss 31 up]"},
		{"two at once, the worse is the cause", func(tr *Truth) {
			tr.Begin(1, me, second(10))
			tr.Begin(2, me, second(20))
			tr.End(2, me, second(30))
			tr.End(1, me, second(40))
			tr.Connected("s1", second(41))
		}, "[0 up 10 out partition 20 out power-loss 30 out partition 40 reconnecting partition 41 up]"},
		{"revoked, told in any order of one instant", func(tr *Truth) {
			tr.Disconnected("s1", second(10), false)
			tr.Begin(4, me, second(10))
			tr.End(4, me, second(30))
			tr.Connected("s1", second(33))
		}, "[0 up 10 out certificate-revoked 30 reconnecting certificate-revoked 33 up]"},
		{"a storm", func(tr *Truth) {
			tr.Begin(5, me, second(10))
			tr.Disconnected("s1", second(11), false)
			tr.Connected("s1", second(12))
			tr.Disconnected("s1", second(600), false)
		}, "[0 up 11 reconnecting connect-storm 12 up 600 reconnecting lost connection]"},
		{"slow, and up", func(tr *Truth) { tr.Begin(6, me, second(10)) }, "[0 up]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := NewTruth(faults)
			if c.name != "never connected" {
				tr.Connected("s1", second(0))
			}
			c.do(tr)
			require.Equal(t, c.want, fmt.Sprint(worded(tr.spans("s1", second(1000)))))
		})
	}
}

func worded(spans []span) []string {
	list := []string{}
	for _, s := range spans {
		text := fmt.Sprint((s.from-epoch.UnixNano())/int64(time.Second), " ", [...]string{"up", "reconnecting", "out"}[s.state])
		if s.cause != "" {
			text += " " + s.cause
		}
		list = append(list, text)
	}
	return list
}

func TestAbsencesJoinWhatIsNotUp(t *testing.T) {
	list := absences([]span{{0, up, ""}, {10, reconnecting, "broker-restart"}, {15, out, "power-loss"}, {30, reconnecting, "power-loss"}, {31, up, ""},
		{40, reconnecting, "reboot"}, {45, up, ""}, {90, out, "partition"}}, 100)
	require.Equal(t, []absence{
		{from: 10, to: 31, out: true, outFrom: 15, cause: "power-loss"},
		{from: 40, to: 45, cause: "reboot"},
		{from: 90, to: 100, out: true, outFrom: 90, cause: "partition"},
	}, list)
}
