package scenarios

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// Bounds of a scenario.
const (
	maxDevices  = 100_000
	maxRate     = 100_000
	maxDuration = 31 * 24 * time.Hour
	maxName     = 63
	maxFaults   = 1000 // each asks every device of the fleet whether it is meant
	maxCommands = 10_000
)

var (
	scenarioName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	thingName    = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,100}$`)
)

// Validate tells everything that is wrong with the scenario, each error naming
// the key.
func (s *Scenario) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if s.Name != "" && !scenarioName.MatchString(s.Name) {
		bad("name: %q may hold lower-case letters, digits and hyphens", s.Name)
	}
	if s.Clock != RealClock && s.Clock != VirtualClock {
		bad("clock: %q is neither real nor virtual", s.Clock)
	}
	if err := s.Transport.validate(s.Clock); err != nil {
		errs = append(errs, err)
	}
	if _, err := s.StartTime(); err != nil {
		errs = append(errs, err)
	}
	if d := s.Duration; d <= 0 || d > maxDuration {
		bad("duration: %s is not between 1ns and %s", d, maxDuration)
	}
	if d := s.Drain; d < 0 || d > maxDuration {
		bad("drain: %s is not between 0 and %s", d, maxDuration)
	}
	errs = append(errs, s.Pipeline.validate()...)
	errs = append(errs, s.validateFleet()...)
	errs = append(errs, s.validateExternal()...)
	faults, commands := s.Faults, s.Commands
	if n := len(faults); n > maxFaults {
		bad("faults: %d are more than %d", n, maxFaults)
		faults = nil
	}
	if n := len(commands); n > maxCommands {
		bad("commands: %d are more than %d", n, maxCommands)
		commands = nil
	}
	for i, f := range faults {
		if err := errors.Join(f.Validate(), fault.Validate(f)); err != nil {
			bad("faults[%d]: %w", i, err)
		}
		if name := f.Target.Function; name != "" && !slices.Contains(s.Pipeline.functions(), name) {
			bad("faults[%d].target.function: %q is none of %s", i, name, strings.Join(s.Pipeline.functions(), ", "))
		}
		if f.Metric != "" && !s.measures(f.Metric) {
			bad("faults[%d].metric: no group of the fleet has %q", i, f.Metric)
		}
		if f.At >= s.Duration {
			bad("faults[%d].at: %s is not before the end, %s", i, f.At, s.Duration)
		}
	}
	for i, c := range commands {
		if err := c.validate(); err != nil {
			bad("commands[%d]: %w", i, err)
		}
		if c.At >= s.Duration {
			bad("commands[%d].at: %s is not before the end, %s", i, c.At, s.Duration)
		}
	}
	if len(errs) == 0 {
		errs = append(errs, s.validateWhom()...)
	}
	if s.Limits != "" && s.Limits != Observe && s.Limits != Enforce {
		bad("limits: %q is neither observe nor enforce", s.Limits)
	}
	if s.Warmup < 0 || s.Warmup >= s.Duration && s.Warmup > 0 {
		bad("warmup: %s is not between 0 and the duration, %s", s.Warmup, s.Duration)
	}
	if err := s.checkExpect(byIndex); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// measures tells whether some device has a metric.
func (s *Scenario) measures(metric string) bool {
	for _, g := range s.Fleet {
		signals := g.Signals
		if len(signals) == 0 {
			signals = sensor.Firmware()
		}
		if _, ok := signals[metric]; ok {
			return true
		}
		for _, only := range g.Only {
			if _, ok := only[metric]; ok {
				return true
			}
		}
	}
	return false
}

// functions are the names of the pipeline's functions.
func (p Pipeline) functions() []string {
	if p.Variant == PublishedPipeline {
		return []string{pipeline.StreamProcessor, pipeline.AlertHandler, pipeline.DeviceAPI}
	}
	return []string{pipeline.StreamProcessor, pipeline.AlertHandler, pipeline.DeviceStatus, pipeline.DevicePresence, pipeline.OfflineSweep, pipeline.DeviceAPI}
}

func (p Pipeline) validate() (errs []error) {
	if p.Variant != DefaultPipeline && p.Variant != PublishedPipeline {
		errs = append(errs, fmt.Errorf("pipeline.variant: %q is neither %s nor %s", p.Variant, DefaultPipeline, PublishedPipeline))
	}
	if p.Silence <= 0 || p.Silence > maxDuration {
		errs = append(errs, fmt.Errorf("pipeline.silence: %s is not between 1ns and %s", p.Silence, maxDuration))
	}
	if p.Sweep < 100*time.Millisecond || p.Sweep > maxDuration {
		errs = append(errs, fmt.Errorf("pipeline.sweep: %s is not between 100ms and %s", p.Sweep, maxDuration))
	}
	if p.Poll < 0 || p.Poll > time.Minute {
		errs = append(errs, fmt.Errorf("pipeline.poll: %s is not between 0 and 1m", p.Poll))
	}
	if p.Shards < 1 || p.Shards > 500 {
		errs = append(errs, fmt.Errorf("pipeline.shards: %d is not between 1 and 500", p.Shards))
	}
	return errs
}

func (s *Scenario) validateFleet() (errs []error) {
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if len(s.Fleet) == 0 {
		bad("fleet: there are no devices")
	}
	if n := s.recordings(); n > maxRecordings {
		bad("fleet: recordings of %d bytes together are more than %d", n, maxRecordings)
	}
	if n := s.Devices(); n > maxDevices {
		bad("fleet: %d devices are more than %d", n, maxDevices)
	}
	names := map[string]bool{}
	for i, g := range s.Fleet {
		if !thingName.MatchString(g.Name) {
			bad("fleet[%d].name: %q may hold letters, digits, hyphens and underscores", i, g.Name)
		}
		if names[g.Name] {
			bad("fleet[%d].name: %q is there twice", i, g.Name)
		}
		names[g.Name] = true
		if g.Count < 1 || g.Count > maxDevices {
			bad("fleet[%d].count: %d is not between 1 and %d", i, g.Count, maxDevices)
		}
		if err := validateInterval(g.Interval); err != nil {
			bad("fleet[%d].interval: %w", i, err)
		}
		if err := validateAttributes(g.Attributes); err != nil {
			bad("fleet[%d].%w", i, err)
		}
		if g.Rate < 0 || g.Rate > maxRate {
			bad("fleet[%d].rate: %d is not between 0 and %d messages a second", i, g.Rate, maxRate)
		}
		if g.KeepAlive < time.Second || g.KeepAlive > 1200*time.Second {
			bad("fleet[%d].keepalive: %s is not between 1s and 1200s", i, g.KeepAlive)
		}
		if g.Ramp < 0 || g.Ramp > s.Duration {
			bad("fleet[%d].ramp: %s is not between 0 and the duration", i, g.Ramp)
		}
		if err := g.Profile.Validate(); err != nil {
			bad("fleet[%d].profile: %w", i, err)
		}
		if err := g.Load.Validate(); err != nil {
			bad("fleet[%d].load: %w", i, err)
		}
		if err := g.Churn.Validate(); err != nil {
			bad("fleet[%d].churn: %w", i, err)
		}
		for _, err := range validateSignals("signals", g.Signals) {
			bad("fleet[%d].%w", i, err)
		}
		for _, thing := range slices.Sorted(maps.Keys(g.Only)) {
			for _, err := range validateSignals("only."+thing, g.Only[thing]) {
				bad("fleet[%d].%w", i, err)
			}
		}
	}
	return errs
}

// validateInterval bounds the time between two readings.
func validateInterval(d time.Duration) error {
	if d < time.Millisecond || d%time.Millisecond != 0 {
		return fmt.Errorf("%s is not a whole number of milliseconds", d)
	}
	if d > maxDuration {
		return fmt.Errorf("%s is longer than %s", d, maxDuration)
	}
	return nil
}

// maxMetricName is what Timestream takes of a measure's name, in bytes.
const maxMetricName = 256

// validateSignals tells what is wrong with the metrics that stand under a key.
func validateSignals(key string, signals map[string]sensor.Spec) (errs []error) {
	for _, name := range slices.Sorted(maps.Keys(signals)) {
		if n := len(name); n < 1 || n > maxMetricName {
			errs = append(errs, fmt.Errorf("%s: a metric's name has 1 to %d bytes, not %d", key, maxMetricName, n))
		}
		if err := signals[name].Validate(); err != nil {
			errs = append(errs, fmt.Errorf("%s.%s: %w", key, name, err))
		}
	}
	return errs
}

func (c CommandOrder) validate() error {
	if !thingName.MatchString(c.Thing) {
		return fmt.Errorf("thing: %q is not a thing name", c.Thing)
	}
	switch c.Action {
	case "reboot", "enter_safe_mode":
		return nil
	case "update_interval":
		if c.Interval < time.Second {
			return fmt.Errorf("interval: %s is shorter than 1s", c.Interval)
		}
		return nil
	}
	return fmt.Errorf("action: %q is none of reboot, update_interval, enter_safe_mode", c.Action)
}
