package fault_test

import (
	"bytes"
	"encoding/json"
	"math/bits"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// machine keeps what it was told.
type machine struct {
	skew       time.Duration
	sense      func(string, time.Time, float64, float64) float64
	mutate     func(uint64, []byte) []byte
	copies     int
	reconnects int
	off        bool
	powers     int
}

func (m *machine) SetSkew(d time.Duration)                                      { m.skew = d }
func (m *machine) SetSense(f func(string, time.Time, float64, float64) float64) { m.sense = f }
func (m *machine) SetMutate(f func(uint64, []byte) []byte)                      { m.mutate = f }
func (m *machine) Duplicate(n int)                                              { m.copies = n }
func (m *machine) Reconnect()                                                   { m.reconnects++ }
func (m *machine) PowerOff()                                                    { m.off = true; m.powers++ }
func (m *machine) PowerOn()                                                     { m.off = false; m.powers++ }

const payload = `{"deviceId":"s","timestamp":1767225600000,"seq":5,"data":{"humidity":55,"temperature":20.5}}`

// payload is what the machine sends.
func (m *machine) payload(seq uint64) string {
	if m.mutate == nil {
		return payload
	}
	return string(m.mutate(seq, []byte(payload)))
}

// read is what a sensor reads whose model says 20 and which reported 19 before.
func (m *machine) read(metric string, at time.Time) float64 {
	if m.sense == nil {
		return 20
	}
	return m.sense(metric, at, 20, 19)
}

func afflicted() (*fault.Device, *machine) {
	m := &machine{}
	return &fault.Device{Machine: m, Thing: "s", Seed: 1}, m
}

// untouched tells that no fault is at work.
func (m *machine) untouched(t *testing.T) {
	t.Helper()
	require.Equal(t, payload, m.payload(1))
	require.Equal(t, 20.0, m.read("temperature", time.Now()))
	require.Equal(t, []any{time.Duration(0), 0, false}, []any{m.skew, m.copies, m.off})
}

var everyDeviceKind = []struct {
	kind fault.Kind
	with fault.Parameters
	show func(m *machine) any
	want any
	both any // what two of them show
}{
	{fault.DuplicateDelivery, fault.Parameters{Times: 3}, func(m *machine) any { return m.copies }, 3, 6},
	{fault.DuplicateDelivery, fault.Parameters{}, func(m *machine) any { return m.copies }, 1, 2},
	{fault.ClockSkew, fault.Parameters{Skew: -time.Hour}, func(m *machine) any { return m.skew }, -time.Hour, -2 * time.Hour},
	{fault.StuckSensor, fault.Parameters{Metric: "temperature"},
		func(m *machine) any {
			return []float64{m.read("temperature", time.Now()), m.read("humidity", time.Now())}
		}, []float64{19, 20}, []float64{19, 20}},
	{fault.DriftingSensor, fault.Parameters{Metric: "temperature", Drift: -2}, func(m *machine) any {
		return []float64{m.read("temperature", time.Now().Add(30*time.Minute)), m.read("humidity", time.Now())}
	}, []float64{19, 20}, []float64{18, 20}},
	{fault.PowerLoss, fault.Parameters{}, func(m *machine) any { return m.off }, true, true},
	{fault.OutOfRange, fault.Parameters{}, func(m *machine) any { return m.payload(1) },
		`{"deviceId":"s","timestamp":1451606400000,"seq":5,"data":{"humidity":55,"temperature":20.5}}`,
		`{"deviceId":"s","timestamp":1136073600000,"seq":5,"data":{"humidity":55,"temperature":20.5}}`},
	{fault.NonNumeric, fault.Parameters{Metric: "temperature"}, func(m *machine) any { return m.payload(1) },
		`{"deviceId":"s","timestamp":1767225600000,"seq":5,"data":{"humidity":55,"temperature":"n/a"}}`,
		`{"deviceId":"s","timestamp":1767225600000,"seq":5,"data":{"humidity":55,"temperature":"n/a"}}`},
	{fault.Oversized, fault.Parameters{Bytes: 110}, func(m *machine) any { return m.payload(1) },
		`{"deviceId":"s","timestamp":1767225600000,"seq":5,"data":{"humidity":55,"temperature":20.5},"padding":"xxxxx"}`,
		`{"deviceId":"s","timestamp":1767225600000,"seq":5,"data":{"humidity":55,"temperature":20.5},"padding":"xxxxx"}`},
	{fault.Malformed, fault.Parameters{}, func(m *machine) any { return m.payload(1) },
		payload[:len(payload)/2], payload[:len(payload)/4]},
	{fault.PayloadCorruption, fault.Parameters{}, func(m *machine) any { return flipped(m.payload(1)) }, 1, 2},
	{fault.ConnectStorm, fault.Parameters{}, func(m *machine) any { return m.reconnects > 0 }, true, true},
}

// flipped counts the bits in which text differs from payload.
func flipped(text string) (n int) {
	for i := range text {
		n += bits.OnesCount8(text[i] ^ payload[i])
	}
	return n
}

// TestDeviceContract holds each kind to what all have in common.
func TestDeviceContract(t *testing.T) {
	for _, k := range everyDeviceKind {
		t.Run(string(k.kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, m := afflicted()
				f := fault.Fault{Kind: k.kind, Target: fault.Target{Thing: "s"}, Parameters: k.with}
				require.NoError(t, f.Validate())
				m.untouched(t)
				d.End(1)
				for range 2 {
					d.Begin(1, f)
					d.Begin(1, f)
					require.Equal(t, k.want, k.show(m), "begun twice counts once")
					d.Begin(2, f)
					require.Equal(t, k.both, k.show(m))
					d.End(1)
					require.Equal(t, k.want, k.show(m), "the other goes on")
					d.End(2)
					d.End(2)
					m.untouched(t)
				}
				for i, other := range everyDeviceKind {
					d.Begin(10+i, fault.Fault{Kind: other.kind, Parameters: other.with})
				}
				for i := range everyDeviceKind {
					d.End(10 + i)
				}
				m.untouched(t)
				d.Begin(1, f)
				d.Heal()
				m.untouched(t)
			})
		})
	}
}

func TestEveryKindActsSomewhere(t *testing.T) {
	acts := map[fault.Kind]bool{fault.DuplicateClient: true, fault.CertificateRevoked: true, fault.CertificateExpired: true}
	for _, k := range everyDeviceKind {
		acts[k.kind] = true
	}
	for k := range everyLinkKind {
		acts[k] = true
	}
	for _, k := range fault.Kinds() {
		if p := k.Place(); p == fault.OnLink || p == fault.OnDevice {
			require.True(t, acts[k], "%s is not tested", k)
		}
	}
}

func TestRateIsDrawnForEachMessage(t *testing.T) {
	hits := func(thing string, seed uint64, id int) (list []uint64) {
		m := &machine{}
		d := &fault.Device{Machine: m, Thing: thing, Seed: seed}
		d.Begin(id, fault.Fault{Kind: fault.Malformed, Parameters: fault.Parameters{Rate: 0.1}})
		for seq := uint64(1); seq <= 10_000; seq++ {
			if m.payload(seq) != payload {
				list = append(list, seq)
			}
		}
		return list
	}
	first := hits("s", 1, 1)
	require.InDelta(t, 1000, len(first), 150, "five standard deviations")
	require.Equal(t, first, hits("s", 1, 1))
	for _, other := range [][]uint64{hits("t", 1, 1), hits("s", 2, 1), hits("s", 1, 2)} {
		require.NotEqual(t, first, other)
	}
}

func TestCorruptionReachesEveryBit(t *testing.T) {
	d, m := afflicted()
	d.Begin(1, fault.Fault{Kind: fault.PayloadCorruption})
	seen := map[string]bool{}
	for seq := range uint64(20_000) {
		got := m.payload(seq)
		require.Equal(t, 1, flipped(got))
		seen[got] = true
	}
	require.Len(t, seen, 8*len(payload))
}

func TestOversizedIsOneByteTooLarge(t *testing.T) {
	d, m := afflicted()
	d.Begin(1, fault.Fault{Kind: fault.Oversized})
	require.Len(t, m.payload(1), 131_073)
	require.True(t, json.Valid([]byte(m.payload(1))))
	d.Begin(2, fault.Fault{Kind: fault.Malformed})
	require.Len(t, m.payload(1), 131_073/2)
	d.Heal()
	d.Begin(1, fault.Fault{Kind: fault.Oversized, Parameters: fault.Parameters{Bytes: len(payload) + 3}})
	require.Equal(t, payload+"   ", m.payload(1))
}

func TestDriftGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, m := afflicted()
		time.Sleep(time.Hour)
		d.Begin(1, fault.Fault{Kind: fault.DriftingSensor, Parameters: fault.Parameters{Metric: "t", Drift: 0.5}})
		require.Equal(t, 20.0, m.read("t", time.Now()))
		time.Sleep(90 * time.Minute)
		require.Equal(t, 20.75, m.read("t", time.Now()))
		d.Begin(2, fault.Fault{Kind: fault.StuckSensor, Parameters: fault.Parameters{Metric: "t"}})
		require.Equal(t, 19.0, m.read("t", time.Now()))
	})
}

// FuzzMutations lets every mutation loose on any payload: a device may have been
// told to send anything.
func FuzzMutations(f *testing.F) {
	for _, seed := range []string{payload, `{"timestamp":1e99,"data":{"temperature":{}}}`, `{"data":[1]}`, `{"timestamp":"x"}`, `{`, `{}`, `{  }`, ``, `[]`, `{"data":{"temperature":1`} {
		f.Add([]byte(seed), uint64(1))
	}
	kinds := []fault.Kind{fault.OutOfRange, fault.NonNumeric, fault.Oversized, fault.PayloadCorruption, fault.Malformed}
	f.Fuzz(func(t *testing.T, in []byte, seq uint64) {
		d, m := afflicted()
		for i, k := range kinds {
			d.Begin(0, fault.Fault{Kind: k, Parameters: fault.Parameters{Metric: "temperature", Bytes: 200}})
			got := m.mutate(seq, bytes.Clone(in))
			if i < 3 && json.Valid(in) && !json.Valid(got) {
				t.Fatalf("%s made %q of %q, which is not JSON", k, got, in)
			}
		}
		for i, k := range kinds {
			d.Begin(i, fault.Fault{Kind: k, Parameters: fault.Parameters{Metric: "temperature", Bytes: 200}})
		}
		one, two := m.mutate(seq, bytes.Clone(in)), m.mutate(seq, bytes.Clone(in))
		if !bytes.Equal(one, two) {
			t.Fatalf("%q, then %q", one, two)
		}
	})
}
