package sim

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// Group is a part of a fleet with one configuration.
type Group struct {
	// Name is the prefix of the thing names.
	Name  string
	Count int
	// Interval is the time between two readings, KeepAlive MQTT's; 60 s when zero.
	Interval  time.Duration
	KeepAlive time.Duration
	// Rate bounds the messages that a device sends in a second; 80 when zero.
	Rate int
	// Ramp is the time over which the group connects; at once when zero.
	Ramp time.Duration
	// Profile is how it does.
	Profile Profile
	// Load is how the rate of readings changes over time.
	Load Load
	// Churn lets devices leave and come back.
	Churn Churn
	// Signals are the metrics by name; sensor.Firmware when empty.
	Signals map[string]sensor.Spec
	// Only replaces or adds single metrics of single things, by thing name.
	Only map[string]map[string]sensor.Spec
}

// maxDevices bounds a fleet; above it, lanes would repeat (package device).
const maxDevices = 100_000

// groupName leaves room for the number: a thing's name has at most 128 bytes of
// [a-zA-Z0-9:_-] (API reference, CreateThing), and a colon is not good in topics.
var groupName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,100}$`)

// validate tells everything that is wrong with the groups.
func validate(groups []Group) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	total, names := 0, map[string]bool{}
	for _, g := range groups {
		if !groupName.MatchString(g.Name) {
			bad("group %q: a name has 1 to 100 letters, digits, hyphens and underscores", g.Name)
		}
		if names[g.Name] {
			bad("group %s is there twice", g.Name)
		}
		names[g.Name] = true
		if g.Count < 1 || g.Ramp < 0 {
			bad("group %s: count %d or ramp %s is out of range", g.Name, g.Count, g.Ramp)
		}
		for _, err := range []error{g.Profile.Validate(), g.Load.Validate(), g.Churn.Validate()} {
			if err != nil {
				bad("group %s: %w", g.Name, err)
			}
		}
		total += g.Count
		for thing := range g.Only {
			if !g.has(thing) {
				bad("group %s: only: there is no thing %q", g.Name, thing)
			}
		}
	}
	if total > maxDevices || total == 0 {
		bad("%d devices are not between 1 and %d", total, maxDevices)
	}
	return errors.Join(errs...)
}

// has tells whether a thing belongs to the group.
func (g Group) has(thing string) bool {
	var n int
	if len(thing) <= len(g.Name) {
		return false
	}
	if _, err := fmt.Sscanf(thing[len(g.Name):], "-%d", &n); err != nil {
		return false
	}
	return n >= 1 && n <= g.Count && thing == thingName(g.Name, n-1)
}
