package metrics

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

var (
	runInfo     = family("run_info", "The run: its scenario, clock and seed.", "scenario", "clock", "seed")
	runPhase    = family("run_phase", "1 for what the run is doing, 0 for the other phases.", "phase")
	runElapsed  = family("run_elapsed_seconds", "Time since the fleet's start, in the run's own clock.")
	devices     = family("devices", "Devices of the scenario.")
	provisioned = family("devices_provisioned", "Devices that have their certificate.")
	connected   = family("devices_connected", "Devices that are connected.")
	messages    = family("messages_total", "Messages that have reached a stage.", "stage")
	givenUp     = family("messages_given_up_total", "Messages that their device gave up.")
	refused     = family("messages_refused_total", "Messages that the broker refused.")
	found       = family("audit_found_total", "Objects and points that the audit has read back.")
	delay       = family("message_delay_seconds", "Time from the sample to a stage; the sum is an upper bound, within an eighth.", "stage")
	faultActive = family("fault_active", "1 while a fault of the schedule is on.", "fault")
)

var phases = []scenarios.Phase{scenarios.Deploying, scenarios.Running, scenarios.Draining, scenarios.Auditing}

func (o output) run(s *scenarios.Scenario, now scenarios.Snapshot) {
	o.gauge(runInfo, 1, s.Name, string(s.Clock), fmt.Sprint(s.Seed))
	for _, p := range phases {
		o.gauge(runPhase, truth(p == now.Phase), string(p))
	}
	o.gauge(runElapsed, now.Elapsed.Seconds())
	o.gauge(devices, float64(s.Devices()))
	o.gauge(provisioned, float64(now.Provisioned))
	o.gauge(connected, float64(now.Connected))
	o.counter(found, int64(now.Found))
}

func (o output) messages(now scenarios.Snapshot) {
	for _, s := range []struct {
		stage string
		n     int
	}{
		{"sampled", now.Sampled}, {"sent", now.Sent}, {"acknowledged", now.Acked}, {"archived", now.Archived},
		{"streamed", now.Streamed}, {"time_series", now.Written}, {"device_state", now.StateSet}, {"alert", now.Alerted},
	} {
		o.counter(messages, int64(s.n), s.stage)
	}
	o.counter(givenUp, int64(now.GivenUp))
	o.counter(refused, int64(now.Refused))
}

// bounds are the buckets of delays, in seconds: from a hop in memory to a site that
// was cut off for hours.
var bounds = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400}

func (o output) delays(now scenarios.Snapshot) {
	o.histogram("acknowledged", now.AckDelays)
	o.histogram("archived", now.ArchiveDelays)
	o.histogram("time_series", now.WriteDelays)
}

func (o output) histogram(stage string, d ledger.Delays) {
	buckets := make(map[float64]uint64, len(bounds))
	for _, b := range bounds {
		buckets[b] = uint64(d.AtMost(time.Duration(b * float64(time.Second))))
	}
	o.to <- prometheus.MustNewConstHistogram(delay, uint64(d.Count()), d.Sum().Seconds(), buckets, stage)
}

// faults are those of the schedule; two of one kind and target are one metric.
func (o output) faults(s *scenarios.Scenario, now scenarios.Snapshot) {
	on := map[string]bool{}
	for _, f := range s.Faults {
		name := string(f.Kind)
		if target := f.Target.String(); target != "" {
			name += " on " + target
		}
		on[name] = on[name] || now.Phase == scenarios.Running && f.At <= now.Elapsed && now.Elapsed < f.Until(s.Duration)
	}
	for name, is := range on {
		o.gauge(faultActive, truth(is), name)
	}
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
