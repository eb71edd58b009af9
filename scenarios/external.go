package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim/device"
)

// External is a place in the fleet for a device that is not simulated, such as a
// board. The caller of Run fills it.
type External struct {
	// Thing is its name.
	Thing string `yaml:"thing" json:"thing"`
	// Interval is the time between two readings; 60 s when zero.
	Interval time.Duration `yaml:"interval,omitempty" json:"interval,omitempty"`
	// Readings is how many the broker has to have accepted at the end; 1 when zero.
	Readings int `yaml:"readings,omitempty" json:"readings,omitempty"`
	// Attributes are the thing's.
	Attributes map[string]string `yaml:"attributes,omitempty" json:"attributes,omitempty"`
}

// Slot is an External in a world, for who fills it.
type Slot struct {
	External
	// CertificatePEM and KeyPEM are the thing's, AuthorityPEM signed the broker's
	// certificate, and Broker is its address: for a device elsewhere, where the network
	// is the machine's own.
	CertificatePEM, KeyPEM, AuthorityPEM []byte
	Broker                               string
	// Dial connects to the broker as the thing, TLS included, wherever it is.
	Dial func(ctx context.Context) (net.Conn, error)
	// Seed and Index make it a device of the fleet, with a lane of its own.
	Seed  uint64
	Index int
	// Events takes what the firmware of sim/device tells. Then the ledger knows the
	// device's messages from the sample on; those of a device elsewhere it knows from
	// the broker on, by thing, topic, MD5 and count.
	Events func(device.Event)
	// Connected tells whether the broker has a connection of the thing.
	Connected func() bool
	// Interrupted tells whether the run is being cut short.
	Interrupted func() bool

	identity *Identity
}

// Outsider fills a slot.
type Outsider interface {
	// Attach is called before the fleet starts, and may wait for a device to come.
	Attach(ctx context.Context, s Slot) error
	// Run is the device's life. It ends soon after ctx, or by itself. An error fails
	// the run.
	Run(ctx context.Context, s Slot) error
}

// errNobody says that a scenario has a slot and nobody fills it.
var errNobody = errors.New("this scenario has a place for a device that is not simulated, and none was given")

// validateExternal tells what is wrong with the slots.
func (s *Scenario) validateExternal() (errs []error) {
	bad := func(i int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("external[%d].%w", i, fmt.Errorf(format, args...)))
	}
	names := map[string]bool{}
	for i, x := range s.External {
		if !thingName.MatchString(x.Thing) {
			bad(i, "thing: %q may hold letters, digits, hyphens and underscores", x.Thing)
		}
		if names[x.Thing] || s.has(x.Thing) {
			bad(i, "thing: %q is there twice", x.Thing)
		}
		names[x.Thing] = true
		if err := validateInterval(x.Interval); err != nil {
			bad(i, "interval: %w", err)
		}
		if err := validateAttributes(x.Attributes); err != nil {
			bad(i, "%w", err)
		}
		if x.Readings < 1 {
			bad(i, "readings: %d is not positive", x.Readings)
		}
	}
	return errs
}

// attach makes the slots' things and lets the outsider get ready.
func (f *FleetRun) attach(ctx context.Context) error {
	if len(f.plan.External) == 0 {
		return nil
	}
	if f.plan.Outsider == nil {
		return errNobody
	}
	if f.world.Cloud == nil {
		return errors.New("external: a cloud that is attached does not tell who is connected")
	}
	for _, x := range f.plan.External {
		identity, certPEM, keyPEM, err := f.world.addThing(ctx, x.Thing, x.Attributes)
		if err != nil {
			return err
		}
		s := Slot{
			External: x, CertificatePEM: certPEM, KeyPEM: keyPEM, AuthorityPEM: f.world.Cloud.IoT.CACertificate(),
			Broker: f.world.BrokerAddr(), identity: identity,
			Dial:   func(ctx context.Context) (net.Conn, error) { return f.world.Secure(ctx, identity, f.world.Dial) },
			Seed:   f.plan.Seed,
			Index:  len(f.members) + len(f.slots),
			Events: f.onEvent, Connected: func() bool { return f.world.Cloud.IoT.IsConnected(x.Thing) },
			Interrupted: func() bool { return f.interrupted.Load() || f.plan.Interrupted() },
		}
		if err := f.plan.Outsider.Attach(ctx, s); err != nil {
			return fmt.Errorf("external %s: %w", x.Thing, err)
		}
		f.slots = append(f.slots, s)
	}
	return nil
}

// runSlots lets the outsiders live until ctx is done.
func (f *FleetRun) runSlots(ctx context.Context) {
	for _, s := range f.slots {
		f.devices.Go(func() {
			if err := f.plan.Outsider.Run(ctx, s); err != nil {
				f.mu.Lock()
				defer f.mu.Unlock()
				f.slotErrors = append(f.slotErrors, fmt.Sprintf("external %s: %v", s.Thing, err))
			}
		})
	}
}

// shutOut ends the connections of devices elsewhere: what they would send after the
// last look at the stores could not be told from what was lost.
func (f *FleetRun) shutOut(ctx context.Context) {
	for _, s := range f.slots {
		f.setCertificate(ctx, s.Thing, s.identity, iottypes.CertificateStatusInactive)
	}
}

// External are the slots' devices in the report, after the audit.
func (f *FleetRun) External() []reports.External {
	list := []reports.External{}
	for _, s := range f.slots {
		x := reports.External{Thing: s.Thing, Asked: s.Readings, Fates: map[string]map[string]int{}}
		for _, m := range f.world.Ledger.Messages() {
			if m.ID.Thing != s.Thing {
				continue
			}
			if m.Has(ledger.Accepted) {
				x.Accepted++
			}
			for _, sink := range ledger.Sinks() {
				fates := x.Fates[sink.String()]
				if fates == nil {
					fates = map[string]int{}
					x.Fates[sink.String()] = fates
				}
				fates[string(m.Fate(sink).Fate)]++
			}
		}
		list = append(list, x)
	}
	return list
}

// ExternalErrors are those with which the lives of the slots' devices ended.
func (f *FleetRun) ExternalErrors() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.slotErrors...)
}

// slotFailures are the reasons why a run fails because of its slots. Where it was
// cut short, nobody can say how many readings there would have been.
func (f *FleetRun) slotFailures(external []reports.External) []string {
	list := f.ExternalErrors()
	for _, x := range external {
		if x.Accepted < x.Asked && !f.Interrupted() {
			list = append(list, fmt.Sprintf("external %s: %d readings accepted by the broker, not %d", x.Thing, x.Accepted, x.Asked))
		}
	}
	return list
}
