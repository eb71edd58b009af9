package sim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/sim/device"
)

// Plan says what a fleet is made of.
type Plan struct {
	// Seed decides everything random.
	Seed   uint64
	Groups []Group
	// Start is when the fleet's time begins: spikes and drifts count from it.
	Start time.Time
	// Dial connects the thing to the broker, TLS included; many call it at once.
	Dial func(ctx context.Context, thing string) (net.Conn, error)
	// Events gets what happens to each device: one call at a time for a device, but
	// many devices at once. It must not block.
	Events func(device.Event)
	// Configure, if set, has the last word on each device's configuration.
	Configure func(*device.Config)
}

// Fleet is a number of devices.
type Fleet struct {
	devices []*device.Device
	byThing map[string]*device.Device
}

// New makes the devices. Their order, and so each one's lane and draws, follows
// from the plan.
func New(p Plan) (*Fleet, error) {
	if p.Dial == nil {
		return nil, errors.New("fleet: there is no dial function")
	}
	if err := validate(p.Groups); err != nil {
		return nil, fmt.Errorf("fleet: %w", err)
	}
	f := &Fleet{byThing: map[string]*device.Device{}}
	for _, g := range p.Groups {
		pacer := Pacer{Devices: g.Count, Over: g.Ramp, Profile: g.Profile}
		suites := suites{group: g, start: p.Start}
		for n := range g.Count {
			c, err := p.config(g, &suites, n, len(f.devices))
			if err != nil {
				return nil, fmt.Errorf("fleet: %w", err)
			}
			c.Delay = pacer.Delay(n)
			if p.Configure != nil {
				p.Configure(&c)
			}
			if err := c.Validate(); err != nil {
				return nil, fmt.Errorf("fleet: device %s: %w", c.Thing, err)
			}
			f.add(device.New(c))
		}
	}
	return f, nil
}

func (p Plan) config(g Group, suites *suites, n, index int) (device.Config, error) {
	thing := thingName(g.Name, n)
	// The stream of a device's sensors: unlike that of its neighbours.
	seed := p.Seed ^ uint64(index+1)*0x9e3779b97f4a7c15
	signals, err := suites.of(thing, seed)
	if err != nil {
		return device.Config{}, fmt.Errorf("%s: %w", thing, err)
	}
	c := device.Config{
		Thing: thing, Interval: g.Interval, KeepAlive: g.KeepAlive, Rate: g.Rate, Signals: signals,
		Seed: p.Seed, Index: index, Events: p.Events,
		Dial: func(ctx context.Context) (net.Conn, error) { return p.Dial(ctx, thing) },
	}
	if g.Load.Peak > 1 {
		c.Next = func(at time.Time, interval time.Duration) time.Time {
			elapsed := at.Sub(p.Start)
			return at.Add(g.Load.Next(elapsed, interval) - elapsed)
		}
	}
	if g.Churn.Every > 0 {
		c.Absence = func(from time.Duration) (leave, back time.Duration, ok bool) {
			return g.Churn.Absence(p.Seed, thing, from)
		}
	}
	return c, nil
}

func (f *Fleet) add(d *device.Device) {
	f.devices = append(f.devices, d)
	f.byThing[d.Thing()] = d
}

// Devices are all devices in order.
func (f *Fleet) Devices() []*device.Device { return f.devices }

// Device is the device with this thing name; nil when there is none.
func (f *Fleet) Device(thing string) *device.Device { return f.byThing[thing] }

// Run runs all devices until ctx is done and each has got rid of what waits, at
// most its Grace later. It is called once.
func (f *Fleet) Run(ctx context.Context) error {
	var running sync.WaitGroup
	errs := make([]error, len(f.devices))
	for i, d := range f.devices {
		running.Go(func() { errs[i] = d.Run(ctx) })
	}
	running.Wait()
	return errors.Join(errs...)
}
