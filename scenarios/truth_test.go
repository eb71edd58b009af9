package scenarios

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
		do   func(tr *truth)
		want string
	}{
		{"never connected", func(tr *truth) { tr.begin(1, me, second(5)) }, "[]"},
		{"a reboot", func(tr *truth) { tr.disconnected("s1", second(10), true); tr.connected("s1", second(15)) },
			"[0 up 10 reconnecting reboot 15 up]"},
		{"half-open until the device finds out", func(tr *truth) {
			tr.begin(0, me, second(10))
			tr.end(0, me, second(20))
			tr.disconnected("s1", second(70), false)
			tr.connected("s1", second(72))
		}, "[0 up 10 out half-open 70 reconnecting half-open 72 up]"},
		{"a partition that TCP survives", func(tr *truth) { tr.begin(1, me, second(10)); tr.end(1, me, second(20)) },
			"[0 up 10 out partition 20 up]"},
		{"and one that the device has noticed", func(tr *truth) {
			tr.begin(1, me, second(10))
			tr.disconnected("s1", second(60), false)
			tr.end(1, me, second(80))
			tr.connected("s1", second(85))
		}, "[0 up 10 out partition 80 reconnecting partition 85 up]"},
		{"power-loss", func(tr *truth) {
			tr.begin(2, me, second(10))
			tr.end(2, me, second(20))
			tr.connected("s1", second(21))
		},
			"[0 up 10 out power-loss 20 reconnecting power-loss 21 up]"},
		{"the broker's restart", func(tr *truth) {
			tr.begin(3, nil, second(10))
			tr.disconnected("s1", second(10), false)
			tr.end(3, nil, second(20))
			tr.connected("s1", second(90))
		}, "[0 up 10 reconnecting broker-restart 90 up]"},
		{"power-loss within it", func(tr *truth) {
			tr.begin(3, nil, second(10))
			tr.disconnected("s1", second(10), false)
			tr.begin(2, me, second(15))
			tr.end(3, nil, second(20))
			tr.end(2, me, second(30))
			tr.connected("s1", second(31))
		}, "[0 up 10 reconnecting broker-restart 15 out power-loss 30 reconnecting power-loss 31 up]"},
		{"two at once, the worse is the cause", func(tr *truth) {
			tr.begin(1, me, second(10))
			tr.begin(2, me, second(20))
			tr.end(2, me, second(30))
			tr.end(1, me, second(40))
			tr.connected("s1", second(41))
		}, "[0 up 10 out partition 20 out power-loss 30 out partition 40 reconnecting partition 41 up]"},
		{"revoked, told in any order of one instant", func(tr *truth) {
			tr.disconnected("s1", second(10), false)
			tr.begin(4, me, second(10))
			tr.end(4, me, second(30))
			tr.connected("s1", second(33))
		}, "[0 up 10 out certificate-revoked 30 reconnecting certificate-revoked 33 up]"},
		{"a storm", func(tr *truth) {
			tr.begin(5, me, second(10))
			tr.disconnected("s1", second(11), false)
			tr.connected("s1", second(12))
			tr.disconnected("s1", second(600), false)
		}, "[0 up 11 reconnecting connect-storm 12 up 600 reconnecting lost connection]"},
		{"slow, and up", func(tr *truth) { tr.begin(6, me, second(10)) }, "[0 up]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := newTruth(faults)
			if c.name != "never connected" {
				tr.connected("s1", second(0))
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
