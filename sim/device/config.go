package device

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// Config is one device. Thing, Signals and Dial are needed; the rest has defaults.
type Config struct {
	// Thing is the thing's name, a part of the topics.
	Thing string
	// ClientID is the MQTT client id; Thing when empty.
	ClientID string
	// Interval is the time between two readings, in whole milliseconds; 60 s when zero.
	Interval time.Duration
	// Next, if set, is when the reading after the one at this time is due, whole
	// milliseconds later; an interval later when nil.
	Next func(at time.Time, interval time.Duration) time.Time
	// Absence, if set, says when, counted from Run, the device next says goodbye
	// after the time from, and when it is back; false is never.
	Absence func(from time.Duration) (leave, back time.Duration, ok bool)
	// KeepAlive is the MQTT keep-alive in whole seconds; 60 s when zero.
	KeepAlive time.Duration
	// Delay is the time from Run to the first connect and the first reading.
	Delay time.Duration
	// Signals are the sensors.
	Signals sensor.Suite
	// Read reads real sensors instead of the models of Signals, which may be nil then:
	// a value for each, in their order. It may take its time, but has to return.
	// An error is that there is no reading; io.EOF that there will be none any more.
	Read func(at time.Time) ([]float64, error)
	// Dial connects to the broker, TLS included. It must end when ctx does.
	Dial func(ctx context.Context) (net.Conn, error)
	// Seed and Index, the device's number in the whole fleet, decide what is random.
	Seed  uint64
	Index int
	// Lane is the device's share of a millisecond, 1 ns to 999,999 ns; from Seed and
	// Index when zero.
	Lane time.Duration
	// QueueLimit bounds the messages that were not sent yet; 1000 when zero.
	QueueLimit int
	// Rate bounds the messages sent in a second; 80 when zero.
	Rate int
	// Backoff is the pause before a reconnect.
	Backoff Backoff
	// Timeout bounds a dial and each wait for the broker; 10 s when zero.
	Timeout time.Duration
	// RebootTime is how long a reboot takes, in whole milliseconds; 5 s when zero.
	RebootTime time.Duration
	// SafeModeFactor is how many times longer the interval is in safe mode; 5 when zero.
	SafeModeFactor int
	// Grace is how long the device goes on after Run's context is done, without
	// readings, to get rid of what waits; 5 s when zero.
	Grace time.Duration
	// Goodbye lets the device say that it is offline before it disconnects at the end.
	Goodbye bool
	// Skew is what the device's clock is ahead; SetSkew adds to it.
	Skew time.Duration
	// Mutate changes a telemetry payload when it is made, before SetMutate's does.
	Mutate func(seq uint64, payload []byte) []byte
	// Events gets everything that happens, one call at a time; it must not block.
	Events func(Event)
}

// Bounds of a command's interval.
const (
	minInterval = time.Second
	maxInterval = 24 * time.Hour
)

func (c Config) withDefaults() Config {
	or(&c.ClientID, c.Thing)
	or(&c.Interval, time.Minute)
	or(&c.KeepAlive, time.Minute)
	or(&c.Lane, Lane(c.Seed, c.Index))
	or(&c.QueueLimit, 1000)
	or(&c.Rate, 80)
	or(&c.Backoff.Base, time.Second)
	or(&c.Backoff.Cap, 2*time.Minute)
	or(&c.Timeout, 10*time.Second)
	or(&c.RebootTime, 5*time.Second)
	or(&c.SafeModeFactor, 5)
	or(&c.Grace, 5*time.Second)
	if c.Events == nil {
		c.Events = func(Event) {}
	}
	return c
}

func or[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Validate tells everything that is wrong with the configuration.
func (c Config) Validate() error {
	c = c.withDefaults()
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if c.Thing == "" {
		bad("the thing has no name")
	}
	if c.Dial == nil {
		bad("there is no dial function")
	}
	if len(c.Signals) == 0 {
		bad("there are no signals")
	}
	for _, d := range []struct {
		name  string
		value time.Duration
		low   time.Duration
	}{
		{"interval", c.Interval, slot}, {"delay", c.Delay, 0}, {"reboot time", c.RebootTime, slot},
		{"back-off base", c.Backoff.Base, slot}, {"back-off cap", c.Backoff.Cap, c.Backoff.Base},
		{"timeout", c.Timeout, slot}, {"grace", c.Grace, 0},
	} {
		if d.value < d.low {
			bad("%s %s is below %s", d.name, d.value, d.low)
		}
	}
	if c.Interval%slot != 0 || c.RebootTime%slot != 0 {
		bad("interval %s and reboot time %s are not both whole milliseconds", c.Interval, c.RebootTime)
	}
	if c.Index < 0 || c.Lane <= 0 || c.Lane >= slot {
		bad("index %d or lane %s is out of range", c.Index, c.Lane)
	}
	if c.QueueLimit < 1 || c.Rate < 1 || c.SafeModeFactor < 1 {
		bad("queue limit, rate and safe mode factor have to be positive")
	}
	return errors.Join(errs...)
}
