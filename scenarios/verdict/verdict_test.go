package verdict_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/verdict"
)

// epoch is when the hand-made runs of these tests begin.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestFailures(t *testing.T) {
	alerts := func(verdicts ...string) reports.Alerts {
		var a reports.Alerts
		for _, v := range verdicts {
			a.List = append(a.List, reports.Alert{Verdict: v})
		}
		return a
	}
	hit := []reports.Fault{{Hits: 1}}
	for name, c := range map[string]struct {
		res   reports.Result
		going bool
		want  []string
	}{
		"all is well":    {reports.Result{Sinks: []reports.Sink{{Name: "archive", Expected: 2, Fates: map[string]int{"stored": 2}}}, Alerts: alerts("sent", "dead-lettered", "unobserved")}, false, nil},
		"lost":           {reports.Result{Sinks: []reports.Sink{{Name: "archive", Expected: 2, Fates: map[string]int{"lost": 1}}}}, false, []string{"archive: 1 of 2 messages lost"}},
		"still going":    {reports.Result{}, true, []string{"the pipeline had not come to rest when the drain time was over"}},
		"wrong alerts":   {reports.Result{Alerts: alerts("missing", "missing", "sent 2 times")}, false, []string{"alerts: 2 missing", "alerts: 1 sent 2 times"}},
		"at least once":  {reports.Result{Alerts: alerts("sent 2 times"), Faults: hit}, false, nil},
		"silences":       {reports.Result{Offline: []reports.Offline{{Verdict: "found"}, {Verdict: "missed"}, {Verdict: "false"}}}, false, []string{"offline detection: 1 silences missed", "offline detection: 1 devices called offline that were not"}},
		"disagreement":   {reports.Result{OfflineTruth: &reports.OfflineTruth{Disagree: []string{"s1 is up"}}}, false, []string{"device state: 1 devices have another status than they should: s1 is up"}},
		"an idle device": {reports.Result{Commands: []reports.Command{{}, {Befallen: true}, {Acted: epoch}}}, false, []string{"commands: 1 not acted on"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, verdict.Failures(&c.res, ledger.Evidence{Drained: !c.going}))
		})
	}
}

func TestALetterTwiceIsBrokenWhereNoFaultHit(t *testing.T) {
	ev := ledger.Evidence{DeadLetters: []ledger.DeadLetter{{ID: "1", Reason: "rejected"}, {ID: "1", Reason: "rejected"}, {ID: "1", Reason: "invalid"}, {}, {}}}
	require.Equal(t, []string{"dead letters: 1 written more than once"}, verdict.Broken(ledger.New(), ev, nil))
	require.Empty(t, verdict.Broken(ledger.New(), ev, []reports.Fault{{Hits: 1}}))
}

func TestUnacknowledgedIsTheMostOfOneDevice(t *testing.T) {
	l := ledger.New()
	for _, m := range []struct {
		thing       string
		seq         uint64
		sent, acked int
	}{{"a", 1, 0, 10}, {"a", 2, 5, 12}, {"a", 3, 10, 20}, {"b", 1, 1, 30}, {"b", 2, 2, 0}} {
		id := ledger.ID{Thing: m.thing, Seq: m.seq}
		at := func(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }
		l.Sample(id, "devices/"+m.thing+"/telemetry", []byte("{}"), at(m.sent))
		l.Sent(id, at(m.sent))
		if m.acked > 0 {
			l.Acked(id, at(m.acked))
		}
	}
	require.Equal(t, 2, verdict.Unacknowledged(l.Messages()), "one that is acknowledged as the next is sent is not there any more")
}

func TestBreachesAreOneFinding(t *testing.T) {
	require.Empty(t, verdict.Breaches(&reports.Quotas{}))
	checks := []reports.QuotaCheck{{}, {Breached: true}, {Breached: true}}
	got := verdict.Breaches(&reports.Quotas{Breached: 2, Checks: checks})
	require.Len(t, got, 1)
	require.Equal(t, "quotas of AWS: "+checks[1].String()+"; and 1 more", got[0])
}
