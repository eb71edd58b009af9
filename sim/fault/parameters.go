package fault

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Parameters are what the kinds take; each kind names its own, and any other is
// refused.
type Parameters struct {
	// Delay is added to bytes, calls or reads; for Timeout, the longest it hangs
	// (the caller's own bound when zero).
	Delay time.Duration `yaml:"delay,omitempty" json:"delay,omitempty"`
	// Jitter is how far Delay varies, evenly, either way.
	Jitter time.Duration `yaml:"jitter,omitempty" json:"jitter,omitempty"`
	// Rate is the share of messages, calls or entries that are hit: 20%; all when empty.
	Rate Share `yaml:"rate,omitempty" json:"rate,omitempty"`
	// Bandwidth is in bytes a second.
	Bandwidth int `yaml:"bandwidth,omitempty" json:"bandwidth,omitempty"`
	// Bytes is the size of an oversized payload; 131,073 when zero, one more than
	// AWS IoT takes.
	Bytes int `yaml:"bytes,omitempty" json:"bytes,omitempty"`
	// Times is how often a message is sent again; once when zero.
	Times int `yaml:"times,omitempty" json:"times,omitempty"`
	// Skew is how far the device's clock is ahead.
	Skew time.Duration `yaml:"skew,omitempty" json:"skew,omitempty"`
	// Metric is the name of a metric.
	Metric string `yaml:"metric,omitempty" json:"metric,omitempty"`
	// Drift is in the metric's unit an hour.
	Drift float64 `yaml:"drift,omitempty" json:"drift,omitempty"`
}

// Bounds of parameters.
const (
	maxDelay = time.Hour
	maxBytes = 8 << 20
	maxTimes = 10
)

// given are the names of the parameters that are set.
func (p Parameters) given() []string {
	var names []string
	for _, one := range []struct {
		name string
		set  bool
	}{
		{"delay", p.Delay != 0}, {"jitter", p.Jitter != 0}, {"rate", p.Rate != 0}, {"bandwidth", p.Bandwidth != 0},
		{"bytes", p.Bytes != 0}, {"times", p.Times != 0}, {"skew", p.Skew != 0}, {"metric", p.Metric != ""}, {"drift", p.Drift != 0},
	} {
		if one.set {
			names = append(names, one.name)
		}
	}
	return names
}

// validate holds the parameters to what the kind takes, and to their ranges.
func (p Parameters) validate(k Kind) error {
	c, given := contracts[k], p.given()
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, name := range c.needs {
		if !slices.Contains(given, name) {
			bad("%s: is missing; %s needs it", name, k)
		}
	}
	for _, name := range given {
		if !slices.Contains(c.needs, name) && !slices.Contains(c.takes, name) {
			bad("%s: %s does not take it", name, k)
		}
	}
	if p.Delay < 0 || p.Delay > maxDelay {
		bad("delay: %s is not between 0 and %s", p.Delay, maxDelay)
	}
	if p.Jitter < 0 || p.Jitter > p.Delay {
		bad("jitter: %s is not between 0 and the delay", p.Jitter)
	}
	if p.Bandwidth < 0 {
		bad("bandwidth: %d bytes a second is negative", p.Bandwidth)
	}
	if p.Bytes < 0 || p.Bytes > maxBytes {
		bad("bytes: %d is not between 1 and %d", p.Bytes, maxBytes)
	}
	if p.Times < 0 || p.Times > maxTimes {
		bad("times: %d is not between 1 and %d", p.Times, maxTimes)
	}
	if !(p.Drift >= -1e6 && p.Drift <= 1e6) {
		bad("drift: %v is not between -1e6 and 1e6", p.Drift)
	}
	return errors.Join(errs...)
}
