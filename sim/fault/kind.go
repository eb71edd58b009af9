package fault

import (
	"fmt"
	"sort"
	"strings"
)

// Kind names what happens.
type Kind string

// The kinds that befall links: everything between a device and the broker.
const (
	// ConnectionReset cuts the connection with RST and refuses new ones while it lasts.
	ConnectionReset Kind = "connection-reset"
	// HalfOpen lets the connection stand but carries no byte in either direction,
	// without a word to either end; what was sent is gone, and the connection stays
	// dead. Dials wait for the end, or time out.
	HalfOpen Kind = "half-open"
	// Partition keeps back every byte; what TCP has not given up arrives once it heals.
	// Dials wait for the end, or time out.
	Partition Kind = "partition"
	// Latency delays every byte by Delay ± Jitter in each direction, in order.
	Latency Kind = "latency"
	// Bandwidth limits each direction to Bandwidth bytes a second.
	Bandwidth Kind = "bandwidth"
	// Drop loses segments at Rate, as TCP shows it: a lost one arrives late by
	// retransmission (200 ms, doubling), with all behind it.
	Drop Kind = "drop"
)

// The kinds that befall the broker.
const (
	// BrokerRestart ends every connection without a word and takes none while it
	// lasts. Sessions, retained messages and the rules queue survive, as on AWS.
	BrokerRestart Kind = "broker-restart"
	// ConnectStorm lets the target's devices drop their connections and dial again at
	// once, when it begins; a dial that fails meets the back-off.
	ConnectStorm Kind = "connect-storm"
	// PresenceDisorder lets connected and disconnected events come Delay ± Jitter
	// late, twice, or both, at Rate: AWS promises neither order nor once.
	PresenceDisorder Kind = "presence-disorder"
)

// The kinds that befall what devices send.
const (
	// DuplicateDelivery publishes each message Times more.
	DuplicateDelivery Kind = "duplicate-delivery"
	// PayloadCorruption flips one bit of the payload, at Rate of the messages.
	PayloadCorruption Kind = "payload-corruption"
	// Oversized blows the payload up to Bytes, at Rate of the messages.
	Oversized Kind = "oversized"
	// Malformed cuts the payload in half, at Rate of the messages: no JSON any more.
	Malformed Kind = "malformed"
	// NonNumeric replaces the value of Metric by a text, at Rate of the messages.
	NonNumeric Kind = "non-numeric"
	// OutOfRange replaces the timestamp by one ten years old, at Rate of the
	// messages: Timestream rejects it, everything else takes it.
	OutOfRange Kind = "stale-timestamp"
)

// The kinds that befall devices.
const (
	// ClockSkew puts the device's clock Skew ahead; behind when negative.
	ClockSkew Kind = "clock-skew"
	// StuckSensor lets Metric repeat its last value.
	StuckSensor Kind = "stuck-sensor"
	// DriftingSensor lets Metric drift by Drift an hour.
	DriftingSensor Kind = "drifting-sensor"
	// PowerLoss takes the device down without a word; what was not acknowledged is
	// gone. At its end the device boots.
	PowerLoss Kind = "power-loss"
	// DuplicateClient connects a second client with the device's certificate and
	// client id, again each time it is thrown out.
	DuplicateClient Kind = "duplicate-client"
	// CertificateRevoked sets the device's certificate to REVOKED; healed, to ACTIVE.
	CertificateRevoked Kind = "certificate-revoked"
	// CertificateExpired lets the device present a certificate past its end.
	CertificateExpired Kind = "certificate-expired"
)

// The kinds that befall AWS services: calls of Target.Service, and of
// Target.Operation where it is given, at Rate.
const (
	// Throttle answers with the service's own throttling error; nothing is done.
	Throttle Kind = "throttle"
	// ServerError answers 500; nothing is done.
	ServerError Kind = "server-error"
	// LostAnswer does the call and answers 500: the caller cannot know.
	LostAnswer Kind = "lost-answer"
	// Timeout does nothing and answers nothing until the caller gives up, at most Delay.
	Timeout Kind = "timeout"
	// PartialBatchFailure fails entries of batch calls at Rate and does the others.
	PartialBatchFailure Kind = "partial-batch-failure"
	// SlowCalls delays each answer by Delay ± Jitter.
	SlowCalls Kind = "slow-calls"
)

// The kinds that befall the stream and its functions.
const (
	// SlowShard delays each read of Target.Shard by Delay ± Jitter; of all shards
	// without one.
	SlowShard Kind = "slow-shard"
	// StalledMapping reads nothing for Target.Function.
	StalledMapping Kind = "stalled-mapping"
	// FunctionError returns an error instead of running Target.Function.
	FunctionError Kind = "function-error"
	// FunctionErrorAfter runs Target.Function and returns an error nevertheless.
	FunctionErrorAfter Kind = "function-error-after"
	// FunctionPanic panics instead of running it.
	FunctionPanic Kind = "function-panic"
	// FunctionTimeout hangs until the function's own timeout.
	FunctionTimeout Kind = "function-timeout"
)

// Place is where a kind acts, and so what its target may say.
type Place string

// The places.
const (
	OnLink     Place = "link"
	OnBroker   Place = "broker"
	OnDevice   Place = "device" // and what it sends
	OnService  Place = "service"
	OnStream   Place = "stream"
	OnFunction Place = "function"
)

// contract is what a kind takes.
type contract struct {
	place Place
	needs []string // parameters it must have
	takes []string // parameters it may have
	lasts bool     // needs For: it makes no sense for ever, or heals what it did
}

var contracts = map[Kind]contract{
	ConnectionReset: {place: OnLink},
	HalfOpen:        {place: OnLink},
	Partition:       {place: OnLink},
	Latency:         {place: OnLink, needs: []string{"delay"}, takes: []string{"jitter"}},
	Bandwidth:       {place: OnLink, needs: []string{"bandwidth"}},
	Drop:            {place: OnLink, needs: []string{"rate"}},

	BrokerRestart:    {place: OnBroker, lasts: true},
	ConnectStorm:     {place: OnDevice},
	PresenceDisorder: {place: OnBroker, needs: []string{"delay"}, takes: []string{"jitter", "rate"}},

	DuplicateDelivery: {place: OnDevice, takes: []string{"times"}},
	PayloadCorruption: {place: OnDevice, takes: []string{"rate"}},
	Oversized:         {place: OnDevice, takes: []string{"rate", "bytes"}},
	Malformed:         {place: OnDevice, takes: []string{"rate"}},
	NonNumeric:        {place: OnDevice, needs: []string{"metric"}, takes: []string{"rate"}},
	OutOfRange:        {place: OnDevice, takes: []string{"rate"}},

	ClockSkew:          {place: OnDevice, needs: []string{"skew"}},
	StuckSensor:        {place: OnDevice, needs: []string{"metric"}},
	DriftingSensor:     {place: OnDevice, needs: []string{"metric", "drift"}},
	PowerLoss:          {place: OnDevice},
	DuplicateClient:    {place: OnDevice},
	CertificateRevoked: {place: OnDevice},
	CertificateExpired: {place: OnDevice},

	Throttle:            {place: OnService, takes: []string{"rate"}},
	ServerError:         {place: OnService, takes: []string{"rate"}},
	LostAnswer:          {place: OnService, takes: []string{"rate"}},
	Timeout:             {place: OnService, takes: []string{"rate", "delay"}},
	PartialBatchFailure: {place: OnService, takes: []string{"rate"}},
	SlowCalls:           {place: OnService, needs: []string{"delay"}, takes: []string{"jitter"}},

	SlowShard:          {place: OnStream, needs: []string{"delay"}, takes: []string{"jitter"}},
	StalledMapping:     {place: OnFunction},
	FunctionError:      {place: OnFunction, takes: []string{"rate"}},
	FunctionErrorAfter: {place: OnFunction, takes: []string{"rate"}},
	FunctionPanic:      {place: OnFunction, takes: []string{"rate"}},
	FunctionTimeout:    {place: OnFunction, takes: []string{"rate"}},
}

// Place is where the kind acts; empty for an unknown kind.
func (k Kind) Place() Place { return contracts[k].place }

// Kinds are all kinds by name.
func Kinds() []Kind {
	var list []Kind
	for k := range contracts {
		list = append(list, k)
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list
}

// validate tells whether the kind is known.
func (k Kind) validate() error {
	if _, ok := contracts[k]; ok {
		return nil
	}
	names := make([]string, 0, len(contracts))
	for _, known := range Kinds() {
		names = append(names, string(known))
	}
	return fmt.Errorf("kind: %q is none of %s", k, strings.Join(names, ", "))
}
