package ledger_test

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

type given struct {
	*ledger.Ledger
	ev evidence
}

// evidence is all that a read-back finds.
type evidence struct {
	ledger.Evidence
	Objects []ledger.Object
	Rows    []ledger.Row
}

func begin() *given {
	return &given{ledger.New(), evidence{Evidence: ledger.Evidence{
		Archive: true, TimeSeries: true, States: map[string]ledger.ItemState{}, Alerts: []ledger.SentAlert{}, Drained: true,
	}}}
}

// Audit enters what the read-back finds first.
func (g *given) Audit(ev evidence, thresholds []ledger.Threshold) []ledger.Finding {
	g.BeginReadBack()
	for _, o := range ev.Objects {
		g.FoundObject(o)
	}
	for _, r := range ev.Rows {
		g.FoundRow(r)
	}
	return g.Ledger.Audit(ev.Evidence, thresholds)
}

func payload(seq int, temperature float64) []byte {
	return fmt.Appendf(nil, `{"deviceId":"s1","timestamp":%d,"seq":%d,"data":{"temperature":%v}}`, 1000*seq, seq, temperature)
}

// deliver enters a message that went all the way, and its evidence.
func (g *given) deliver(seq int, temperature float64) ledger.ID {
	id := ledger.ID{Thing: "s1", Seq: uint64(seq)}
	body := payload(seq, temperature)
	at := start.Add(time.Duration(seq) * time.Second)
	g.Sample(id, "devices/s1/telemetry", body, at)
	g.Sent(id, at)
	g.Accept("s1", "devices/s1/telemetry", body, at)
	g.Stream("s1", body)
	g.Acked(id, at)
	g.ev.Objects = append(g.ev.Objects, ledger.Object{Key: fmt.Sprintf("devices/s1/telemetry/%d", seq), ETag: md5.Sum(body)})
	g.ev.Rows = append(g.ev.Rows, ledger.Row{Thing: "s1", Time: int64(1000 * seq), Measure: "temperature", Value: temperature})
	g.ev.States["s1"] = ledger.ItemState{Timestamp: int64(1000 * seq)}
	return id
}

func (g *given) fates(t *testing.T, id ledger.ID) map[ledger.Sink]ledger.Fate {
	t.Helper()
	for _, m := range g.Messages() {
		if m.ID == id {
			return map[ledger.Sink]ledger.Fate{
				ledger.Archive: m.Fate(0).Fate, ledger.TimeSeries: m.Fate(1).Fate,
				ledger.State: m.Fate(2).Fate, ledger.Alert: m.Fate(3).Fate,
			}
		}
	}
	t.Fatalf("message %s is not in the ledger", id)
	return nil
}

func TestEachSinkTellsWhatIsMissing(t *testing.T) {
	for _, c := range []struct {
		name   string
		remove func(*given)
		sink   ledger.Sink
	}{
		{"archive", func(g *given) { g.ev.Objects = g.ev.Objects[:1] }, ledger.Archive},
		{"time series", func(g *given) { g.ev.Rows = g.ev.Rows[:1] }, ledger.TimeSeries},
		{"state", func(g *given) { g.ev.States["s1"] = ledger.ItemState{Timestamp: 1000} }, ledger.State},
		{"alert", func(g *given) { g.ev.Alerts = g.ev.Alerts[:0] }, ledger.Alert},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := begin()
			g.deliver(1, 20)
			last := g.deliver(2, 45)
			g.ev.Alerts = append(g.ev.Alerts, ledger.SentAlert{Thing: "s1", Kind: "temperature", Severity: "WARNING", Timestamp: 2000})
			c.remove(g)
			require.Empty(t, g.Audit(g.ev, ledger.SourceThresholds()))
			for _, s := range ledger.Sinks() {
				want := 0
				if s == c.sink {
					want = 1
				}
				require.Equal(t, want, g.Tally(s)[ledger.Lost], "lost in %s", s)
			}
			require.Equal(t, ledger.Lost, g.fates(t, last)[c.sink])
		})
	}
}

func TestOneAlertPerCrossingWithHysteresis(t *testing.T) {
	g := begin()
	for i, temperature := range []float64{39, 41, 39, 41, 37, 41, 51, 49, 51, 20, 60} {
		g.deliver(i+1, temperature)
	}
	var got []string
	for _, e := range g.Crossings(ledger.SourceThresholds()) {
		got = append(got, fmt.Sprint(e.Message.ID.Seq, " ", e.Severity))
	}
	require.Equal(t, []string{"2 WARNING", "6 WARNING", "7 CRITICAL", "11 CRITICAL"}, got)
}

func TestAnAlertNobodyAskedForIsAFinding(t *testing.T) {
	g := begin()
	g.deliver(1, 20)
	g.ev.Alerts = []ledger.SentAlert{{Thing: "s1", Kind: "temperature", Severity: "WARNING", Timestamp: 1000}}
	require.Len(t, g.Audit(g.ev, ledger.SourceThresholds()), 1)
}

func TestWhyAMessageIsNotStored(t *testing.T) {
	at := start
	for _, c := range []struct {
		name  string
		enter func(g *given, id ledger.ID, body []byte)
		want  ledger.Fate
	}{
		{"never sent", func(g *given, id ledger.ID, body []byte) {}, ledger.NeverSent},
		{"given up", func(g *given, id ledger.ID, body []byte) { g.GiveUp(id, "queue full", at) }, ledger.NeverSent},
		{"unacknowledged", func(g *given, id ledger.ID, body []byte) { g.Sent(id, at) }, ledger.Unacknowledged},
		{"refused", func(g *given, id ledger.ID, body []byte) {
			g.Sent(id, at)
			g.Refuse("s1", body, "policy", at)
		}, ledger.Refused},
		{"acknowledged", func(g *given, id ledger.ID, body []byte) {
			g.Sent(id, at)
			g.Accept("s1", "t", body, at)
			g.Acked(id, at)
		}, ledger.Lost},
		{"dead-lettered", func(g *given, id ledger.ID, body []byte) {
			g.Accept("s1", "t", body, at)
			g.ev.DeadLetters = []ledger.DeadLetter{{Reason: "invalid", Thing: "s1", Sum: md5.Sum(body)}}
		}, ledger.DeadLettered},
		{"cut short", func(g *given, id ledger.ID, body []byte) {
			g.Accept("s1", "t", body, at)
			g.ev.Drained = false
		}, ledger.InFlight},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := begin()
			id := ledger.ID{Thing: "s1", Seq: 1}
			body := payload(1, 20)
			g.Sample(id, "devices/s1/telemetry", body, at)
			c.enter(g, id, body)
			g.Audit(g.ev, nil)
			require.Equal(t, c.want, g.fates(t, id)[ledger.TimeSeries])
		})
	}
}

func TestOverwrittenCorruptedAndRejected(t *testing.T) {
	g := begin()
	first, second := g.deliver(1, 20), g.deliver(2, 21)
	g.Act(ledger.Archived, "s1", payload(1, 20), "devices/s1/telemetry/2", start)
	g.ev.Objects = g.ev.Objects[1:]
	g.ev.Rows[0].Value = 19
	g.ev.Rows = g.ev.Rows[:1]
	g.ev.DeadLetters = []ledger.DeadLetter{{Reason: "rejected", Detail: "outside the memory store", Thing: "s1", Timestamp: 2000, Measure: "temperature"}}
	g.Audit(g.ev, nil)
	require.Equal(t, ledger.Overwritten, g.fates(t, first)[ledger.Archive])
	require.Equal(t, ledger.Corrupted, g.fates(t, first)[ledger.TimeSeries])
	require.Equal(t, ledger.Superseded, g.fates(t, first)[ledger.State])
	require.Equal(t, ledger.Rejected, g.fates(t, second)[ledger.TimeSeries])
}

// TestTwoMessagesOfOneMillisecond: the second point of a timestamp is rejected,
// and the first is not corrupted by it.
func TestTwoMessagesOfOneMillisecond(t *testing.T) {
	g := begin()
	first := g.deliver(1, 20)
	again := ledger.ID{Thing: "s1", Seq: 2}
	body := []byte(`{"deviceId":"s1","timestamp":1000,"seq":2,"data":{"temperature":21}}`)
	g.Sample(again, "devices/s1/telemetry", body, start)
	g.Sent(again, start)
	g.Accept("s1", "devices/s1/telemetry", body, start)
	g.Acked(again, start)
	g.ev.DeadLetters = []ledger.DeadLetter{{Reason: "rejected", Detail: "a newer version", Thing: "s1", Timestamp: 1000, Measure: "temperature"}}
	g.Audit(g.ev, nil)
	require.Equal(t, ledger.Stored, g.fates(t, first)[ledger.TimeSeries])
	require.Equal(t, ledger.Rejected, g.fates(t, again)[ledger.TimeSeries])
}

// TestTwoMessagesOfTheSameBytes: what is left of a broken payload may have neither
// time nor seq.
func TestTwoMessagesOfTheSameBytes(t *testing.T) {
	l := ledger.New()
	for seq := range uint64(2) {
		l.Sample(ledger.ID{Thing: "a", Seq: seq + 1}, "devices/a/telemetry", []byte("{"), start)
		l.Accept("a", "devices/a/telemetry", []byte("{"), start)
		l.Acked(ledger.ID{Thing: "a", Seq: seq + 1}, start)
	}
	for _, key := range []string{"devices/a/1", "devices/a/2"} {
		l.FoundObject(ledger.Object{Key: key, ETag: md5.Sum([]byte("{"))})
	}
	l.Audit(ledger.Evidence{Archive: true, Drained: true}, ledger.SourceThresholds())
	require.Equal(t, 2, l.Tally(ledger.Archive)[ledger.Stored], "%v", l.Tally(ledger.Archive))
}

func TestStateThatGoesBackIsAFinding(t *testing.T) {
	g := begin()
	g.SetState("s1", 1000, start)
	g.SetState("s1", 3000, start)
	g.SetState("s2", 1000, start)
	require.Empty(t, g.WentBack())
	g.SetState("s1", 2000, start)
	g.SetState("s1", 2500, start)
	require.Len(t, g.WentBack(), 2)
	require.Contains(t, g.WentBack()[0].Text, "s1 from 3000 to 2000")
}

// TestALetterExcusesOnlyItsSinks: what the alert handler gives up must still be in
// the time series.
func TestALetterExcusesOnlyItsSinks(t *testing.T) {
	g := begin()
	id := g.deliver(1, 20)
	g.ev.Rows = nil
	g.ev.DeadLetters = []ledger.DeadLetter{{Reason: "batch given up", Thing: "s1", Sum: md5.Sum(payload(1, 20)), Sinks: []ledger.Sink{ledger.Alert}}}
	g.Audit(g.ev, nil)
	require.Equal(t, ledger.Lost, g.fates(t, id)[ledger.TimeSeries])
	g.ev.DeadLetters[0].Sinks = []ledger.Sink{ledger.TimeSeries}
	g.Audit(g.ev, nil)
	require.Equal(t, ledger.DeadLettered, g.fates(t, id)[ledger.TimeSeries])
}

func TestWrittenLedgerIsFoundAndExplained(t *testing.T) {
	g := begin()
	id := g.deliver(7, 20)
	g.Audit(g.ev, nil)
	var file bytes.Buffer
	require.NoError(t, g.Write(&file))
	m, err := ledger.Find(bytes.NewReader(file.Bytes()), id)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, m.Explain(&out))
	require.Contains(t, out.String(), "message  s1/7 on \"devices/s1/telemetry\"")
	require.Contains(t, out.String(), "acknowledged (PUBACK)")
	require.Contains(t, out.String(), "time series   stored")
	_, err = ledger.Find(bytes.NewReader(file.Bytes()), ledger.ID{Thing: "s2", Seq: 1})
	require.ErrorIs(t, err, ledger.ErrNotFound)
}
