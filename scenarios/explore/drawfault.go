package explore

import (
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// heals is how long before the end the last fault is over at the latest: healing
// is to be seen with the fleet still at work.
const heals = 90 * time.Second

// maxFaults bounds the faults of a scenario.
const maxFaults = 5

// faults draws a schedule. A fault that would make the schedule illegitimate is
// drawn again, and left out where that does not help.
func (d drawer) faults(s *scenarios.Scenario) []fault.Fault {
	var list []fault.Fault
	for range d.IntN(maxFaults + 1) {
		for range 5 {
			f := d.fault(d.kind(), s)
			if len(list) > 0 && d.maybe(0.4) {
				d.meet(&f, pick(d, list...), s)
			}
			if Legitimate(append(list[:len(list):len(list)], f)) == nil {
				list = append(list, f)
				break
			}
		}
	}
	return list
}

// meet lets a fault begin where another one ends: what had to wait for that one
// then meets this one.
func (d drawer) meet(f *fault.Fault, other fault.Fault, s *scenarios.Scenario) {
	last := s.Duration - heals - 20*time.Second
	f.At = min(max(other.At+other.For+d.between(-10*time.Second, 10*time.Second, 100*time.Millisecond), 0), last)
	f.For = min(f.For, s.Duration-heals-f.At)
}

// places are where faults act, as often as they are worth it: what hits calls is
// what the pipeline has its retries for.
var places = []fault.Place{
	fault.OnService, fault.OnService, fault.OnService, fault.OnService, fault.OnFunction, fault.OnFunction, fault.OnStream,
	fault.OnLink, fault.OnLink, fault.OnDevice, fault.OnDevice, fault.OnDevice, fault.OnBroker,
}

// kind draws a place, then one of its kinds.
func (d drawer) kind() fault.Kind {
	place := pick(d, places...)
	return pick(d, slices.DeleteFunc(fault.Kinds(), func(k fault.Kind) bool { return k.Place() != place })...)
}

func (d drawer) fault(kind fault.Kind, s *scenarios.Scenario) fault.Fault {
	f := fault.Fault{Kind: kind}
	f.At = d.between(5*time.Second, s.Duration-heals-20*time.Second, time.Second)
	f.For = d.between(time.Second, min(s.Duration-heals-f.At, 6*time.Minute), time.Second)
	switch kind.Place() {
	case fault.OnLink, fault.OnDevice:
		f.Target = d.things(s)
	case fault.OnService:
		f.Target = d.service(kind)
	case fault.OnStream:
		if d.maybe(0.5) {
			f.Target.Shard = "shardId-00000000000" + string(rune('0'+d.IntN(s.Pipeline.Shards)))
		}
	case fault.OnFunction:
		f.Target.Function = pick(d, pipeline.StreamProcessor, pipeline.AlertHandler, pipeline.StreamProcessor, pipeline.AlertHandler,
			pipeline.DeviceStatus, pipeline.DevicePresence, pipeline.OfflineSweep)
	}
	f.Parameters = d.parameters(kind)
	return f
}

// things chooses by name, group, share, or everybody.
func (d drawer) things(s *scenarios.Scenario) fault.Target {
	switch d.IntN(4) {
	case 0:
		return fault.Target{Thing: pick(d, things(s)...)}
	case 1:
		return fault.Target{Group: pick(d, s.Fleet...).Name}
	case 2:
		return fault.Target{Share: pick[fault.Share](d, 0.25, 0.5, 0.75)}
	}
	return fault.Target{Share: 1}
}

// drawn are the services that the pipeline calls. A seed draws what it always drew:
// another one here, or in another place, changes all schedules.
var drawn = []string{"dynamodb", "iot-data", "kinesis", "s3", "sns", "sqs", "timestream"}

// operations are the calls that the pipeline makes.
var operations = map[string][]string{
	"dynamodb": {"", "UpdateItem", "PutItem", "BatchGetItem"}, "iot-data": {""}, "kinesis": {""}, "s3": {""},
	"sns": {""}, "sqs": {""}, "timestream": {""},
}

func (d drawer) service(kind fault.Kind) fault.Target {
	if kind == fault.PartialBatchFailure {
		return pick(d, fault.Target{Service: "timestream", Operation: "WriteRecords"}, fault.Target{Service: "dynamodb", Operation: "BatchGetItem"})
	}
	// The stores twice: they are what the functions have their own retries for.
	service := pick(d, append(slices.Clone(drawn), "timestream", "dynamodb")...)
	return fault.Target{Service: service, Operation: pick(d, operations[service]...)}
}

var metrics = []string{"temperature", "humidity", "pressure", "battery_pct"}

// parameters are what the kind takes: what it needs always, the rest sometimes.
func (d drawer) parameters(kind fault.Kind) (p fault.Parameters) {
	delay := func() {
		p.Delay = d.between(50*time.Millisecond, 5*time.Second, 50*time.Millisecond)
		if d.maybe(0.5) {
			p.Jitter = p.Delay / time.Duration(2+d.IntN(5))
		}
	}
	rate := func() {
		if d.maybe(0.6) {
			p.Rate = pick[fault.Share](d, 0.1, 0.25, 0.5, 0.75, 0.9)
		}
	}
	switch kind {
	case fault.Latency, fault.SlowCalls, fault.SlowShard:
		delay()
	case fault.PresenceDisorder:
		delay()
		rate()
	case fault.Bandwidth:
		p.Bandwidth = pick(d, 200, 1000, 10_000)
	case fault.Drop:
		p.Rate = pick[fault.Share](d, 0.05, 0.2, 0.5)
	case fault.DuplicateDelivery:
		p.Times = 1 + d.IntN(3)
	case fault.Oversized:
		rate()
		// Not over the 128 KiB that AWS IoT takes: a device sends what is refused again,
		// as soon as it is connected, for ever.
		p.Bytes = pick(d, 2000, 20_000, 100_000)
	case fault.PayloadCorruption, fault.Malformed, fault.OutOfRange,
		fault.Throttle, fault.ServerError, fault.LostAnswer, fault.PartialBatchFailure,
		fault.FunctionError, fault.FunctionErrorAfter, fault.FunctionPanic, fault.FunctionTimeout:
		rate()
	case fault.Timeout:
		rate()
		p.Delay = d.between(time.Second, 30*time.Second, time.Second)
	case fault.NonNumeric:
		rate()
		p.Metric = pick(d, metrics...)
	case fault.ClockSkew:
		p.Skew = pick(d, -time.Hour, -time.Minute, -1500*time.Millisecond, 2*time.Second, time.Minute, 10*time.Minute)
	case fault.StuckSensor:
		p.Metric = pick(d, metrics...)
	case fault.DriftingSensor:
		p.Metric = pick(d, metrics...)
		p.Drift = pick(d, -600.0, -30, 30, 600)
	}
	return p
}
