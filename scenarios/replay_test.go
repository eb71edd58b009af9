package scenarios_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/record"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// kindLines are one fault of every kind, as a scenario has it.
var kindLines = map[fault.Kind]string{
	fault.ConnectionReset:     `target: {share: 60%}`,
	fault.HalfOpen:            `target: {share: 60%}`,
	fault.Partition:           `target: {share: 60%}`,
	fault.Latency:             `target: {share: 60%}, delay: 300ms, jitter: 200ms`,
	fault.Bandwidth:           `target: {share: 60%}, bandwidth: 200`,
	fault.Drop:                `target: {share: 60%}, rate: 30%`,
	fault.BrokerRestart:       ``,
	fault.ConnectStorm:        `target: {thing: "*"}`,
	fault.PresenceDisorder:    `delay: 20s, jitter: 10s, rate: 60%`,
	fault.DuplicateDelivery:   `target: {share: 60%}, times: 2`,
	fault.PayloadCorruption:   `target: {share: 60%}, rate: 50%`,
	fault.Oversized:           `target: {share: 60%}, rate: 50%`,
	fault.Malformed:           `target: {share: 60%}, rate: 50%`,
	fault.NonNumeric:          `target: {share: 60%}, metric: temperature, rate: 50%`,
	fault.OutOfRange:          `target: {share: 60%}, rate: 50%`,
	fault.ClockSkew:           `target: {share: 60%}, skew: 90s`,
	fault.StuckSensor:         `target: {share: 60%}, metric: temperature`,
	fault.DriftingSensor:      `target: {share: 60%}, metric: temperature, drift: 50`,
	fault.PowerLoss:           `target: {share: 60%}`,
	fault.DuplicateClient:     `target: {share: 60%}`,
	fault.CertificateRevoked:  `target: {share: 60%}`,
	fault.CertificateExpired:  `target: {share: 60%}`,
	fault.Throttle:            `target: {service: kinesis}, rate: 60%`,
	fault.ServerError:         `target: {service: dynamodb}, rate: 60%`,
	fault.LostAnswer:          `target: {service: s3}, rate: 60%`,
	fault.Timeout:             `target: {service: timestream}, rate: 40%, delay: 5s`,
	fault.PartialBatchFailure: `target: {service: timestream}, rate: 50%`,
	fault.SlowCalls:           `target: {service: dynamodb}, delay: 300ms, jitter: 200ms`,
	fault.SlowShard:           `delay: 2s, jitter: 1s`,
	fault.StalledMapping:      `target: {function: iot-stream-processor}`,
	fault.FunctionError:       `target: {function: iot-stream-processor}, rate: 50%`,
	fault.FunctionErrorAfter:  `target: {function: iot-stream-processor}, rate: 50%`,
	fault.FunctionPanic:       `target: {function: iot-stream-processor}, rate: 50%`,
	fault.FunctionTimeout:     `target: {function: iot-stream-processor}, rate: 50%`,
}

// tiny is five devices for ten minutes with these kinds, each for two minutes.
func tiny(t *testing.T, kinds ...fault.Kind) *scenarios.Scenario {
	t.Helper()
	text := "name: tiny\nclock: virtual\nseed: 9\nduration: 10m\ndrain: 2h\nfleet: [{name: s, count: 5, interval: 20s}]\nfaults:\n"
	for i, k := range kinds {
		line := kindLines[k]
		if line != "" {
			line = ", " + line
		}
		text += fmt.Sprintf("  - {at: %dm, for: 2m, kind: %s%s}\n", 2+i%5, k, line)
	}
	s := parse(t, text)
	return s
}

// TestReplayOfEveryKind: a run with any kind of fault has the same hash again, on
// one processor and on two.
func TestReplayOfEveryKind(t *testing.T) {
	for _, k := range fault.Kinds() {
		t.Run(string(k), func(t *testing.T) {
			require.Contains(t, kindLines, k)
			o := again(t, tiny(t, k), pick(4))
			f := o.Result.Faults[0]
			require.True(t, f.Hits > 0 || f.Things > 0 || k.Place() == fault.OnBroker, "a fault that hits nothing proves nothing")
		})
	}
}

// TestReplayOfManyKinds: all of them together, ten times of ten.
func TestReplayOfManyKinds(t *testing.T) {
	mixes := [][]fault.Kind{
		{fault.ConnectionReset, fault.Latency, fault.Throttle, fault.FunctionError, fault.PowerLoss},
		{fault.HalfOpen, fault.DuplicateDelivery, fault.LostAnswer, fault.SlowShard, fault.BrokerRestart},
		fault.Kinds(),
	}
	for i, kinds := range mixes {
		t.Run(fmt.Sprint(i), func(t *testing.T) { again(t, tiny(t, kinds...), pick(10)) })
	}
	t.Run("a larger fleet", func(t *testing.T) {
		if testing.Short() {
			t.Skip("the same kinds again: only how often they meet is new")
		}
		s := tiny(t, fault.Kinds()...)
		s.Fleet[0].Count = 30
		again(t, s, pick(3))
	})
}

// TestReplayOfBursts: what waited goes out in one instant, in which the broker also
// ends the connection, because one of the messages is oversized.
func TestReplayOfBursts(t *testing.T) {
	s := tiny(t, fault.HalfOpen, fault.Oversized)
	s.Fleet[0].Count = 30
	s.Faults[1].At, s.Faults[1].For = 2*time.Minute, 3*time.Minute
	again(t, s, pick(3))
}

// pick is n, and one with -short: the race detector wants each path once, and whether
// runs are equal is for the tests without it.
func pick(n int) int {
	if testing.Short() {
		return 1
	}
	return n
}

// again runs a scenario several times and wants one hash.
func again(t *testing.T, s *scenarios.Scenario, times int) *scenarios.Outcome {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first *scenarios.Outcome
	for i := range times {
		runtime.GOMAXPROCS(1 + i%2)
		o := runInBubble(t, scenarios.RunOptions{Scenario: s})
		if first == nil {
			first = o
		}
		if first.Result.Hash != o.Result.Hash {
			t.Fatalf("run %d, on %d processors, is another:\n%s", i+1, 1+i%2, difference(t, first, o))
		}
	}
	return first
}

// difference says which fates two runs do not share.
func difference(t *testing.T, a, b *scenarios.Outcome) string {
	t.Helper()
	c := record.Comparison{Payloads: true}
	require.NoError(t, c.Ledgers(packed(t, a.Ledger), packed(t, b.Ledger)))
	var text strings.Builder
	for _, k := range c.Found.Kinds {
		fmt.Fprintf(&text, "%6d %s\n", k.Count, k.Kind)
	}
	for _, e := range c.Found.Examples {
		fmt.Fprintf(&text, "%s  %s\n", e.Message, e.Kind())
	}
	fmt.Fprintf(&text, "findings before %q\nfindings now    %q\n", a.Result.Findings, b.Result.Findings)
	fmt.Fprintf(&text, "offline before %+v\noffline now    %+v\n", a.Result.Offline, b.Result.Offline)
	return text.String()
}

func packed(t *testing.T, l *ledger.Ledger) *bytes.Buffer {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, l.Write(&file))
	return &file
}
