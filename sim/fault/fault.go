package fault

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Kind names what happens.
type Kind string

// The kinds.
const (
	// ConnectionReset cuts the device's connection with RST and refuses new ones
	// while it lasts.
	ConnectionReset Kind = "connection-reset"
	// HalfOpen lets the connection stand but carries no byte in either direction,
	// without a word to either end.
	HalfOpen Kind = "half-open"
)

// Fault is one entry of a schedule.
type Fault struct {
	// At is the time after the fleet's start, such as 6s.
	At time.Duration `yaml:"at" json:"at"`
	// For is how long it lasts; to the end of the run when zero.
	For    time.Duration `yaml:"for,omitempty" json:"for,omitempty"`
	Kind   Kind          `yaml:"kind" json:"kind"`
	Target Target        `yaml:"target" json:"target"`
}

// Target says whom a fault befalls.
type Target struct {
	// Thing is a thing name.
	Thing string `yaml:"thing" json:"thing"`
}

// String is the target in reports.
func (t Target) String() string { return t.Thing }

// effects are what the kinds do to a link: apply, and heal.
var effects = map[Kind]struct{ apply, heal func(*Link) }{
	ConnectionReset: {(*Link).Cut, (*Link).Heal},
	HalfOpen:        {(*Link).Freeze, (*Link).Heal},
}

// Validate says what is wrong with the fault.
func (f Fault) Validate() error {
	if _, ok := effects[f.Kind]; !ok {
		return fmt.Errorf("kind: %q is none of %s", f.Kind, strings.Join(kinds(), ", "))
	}
	if f.At < 0 {
		return fmt.Errorf("at: %s is negative", f.At)
	}
	if f.For < 0 {
		return fmt.Errorf("for: %s is negative", f.For)
	}
	if f.Target.Thing == "" {
		return fmt.Errorf("target.thing: is missing")
	}
	return nil
}

func kinds() []string {
	var names []string
	for k := range effects {
		names = append(names, string(k))
	}
	sort.Strings(names)
	return names
}

// Apply lets the fault begin on a link.
func (f Fault) Apply(l *Link) { effects[f.Kind].apply(l) }

// Heal ends it.
func (f Fault) Heal(l *Link) { effects[f.Kind].heal(l) }
