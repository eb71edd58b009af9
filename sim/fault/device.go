package fault

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// Machine is a device as its faults drive it; sim/device has it. Each method takes
// effect at the device's next own instant and may be called by any goroutine.
type Machine interface {
	// SetSkew puts the clock ahead of where it is without faults.
	SetSkew(time.Duration)
	// SetSense changes what sensors read; last is what was reported before, or value.
	SetSense(func(metric string, at time.Time, value, last float64) float64)
	// SetMutate changes telemetry payloads, and nothing else that is sent. The
	// function owns the payload.
	SetMutate(func(seq uint64, payload []byte) []byte)
	// Duplicate publishes each telemetry message so many times more.
	Duplicate(times int)
	// Reconnect drops the connection and dials at once.
	Reconnect()
	// PowerOff takes the device down without a word; PowerOn boots it.
	PowerOff()
	PowerOn()
}

// Device is the faults at work on one device. They may overlap; each ends by itself.
type Device struct {
	Machine Machine
	// Thing and Seed decide what is drawn: which messages are hit, and which bit.
	Thing string
	Seed  uint64

	mu     sync.Mutex
	active []afflicted
	now    behaviour
}

// afflicted is a fault at work on a device.
type afflicted struct {
	id   int
	kind Kind
	ill  affliction
}

// affliction is what one fault of a device does: each kind is one, in a file of its own.
type affliction interface{ on(b *behaviour) }

// afflictions makes that of each kind; begun is when it begins.
var afflictions = map[Kind]func(id int, f Fault, begun time.Time) affliction{
	DuplicateDelivery: func(_ int, f Fault, _ time.Time) affliction { return duplicateDelivery(max(f.Times, 1)) },
	ClockSkew:         func(_ int, f Fault, _ time.Time) affliction { return clockSkew(f.Skew) },
	StuckSensor:       func(_ int, f Fault, _ time.Time) affliction { return stuckSensor(f.Metric) },
	DriftingSensor: func(_ int, f Fault, begun time.Time) affliction {
		return driftingSensor{f.Metric, f.Drift, begun}
	},
	PowerLoss:         func(int, Fault, time.Time) affliction { return powerLoss{} },
	ConnectStorm:      func(int, Fault, time.Time) affliction { return connectStorm{} },
	OutOfRange:        mutates(func(Fault) mutator { return staleTimestamp{} }),
	NonNumeric:        mutates(func(f Fault) mutator { return nonNumeric(f.Metric) }),
	Oversized:         mutates(func(f Fault) mutator { return oversized(f.Bytes) }),
	PayloadCorruption: mutates(func(Fault) mutator { return payloadCorruption{} }),
	Malformed:         mutates(func(Fault) mutator { return malformed{} }),
}

// Begin lets a fault act on the device until End with the same id, which is the
// fault's place in its schedule. A fault of a kind that does not befall the device
// itself (certificates and second clients do not) does nothing. Begun again, it
// counts once.
func (d *Device) Begin(id int, f Fault) {
	begin, ok := afflictions[f.Kind]
	if !ok {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.remove(id)
	d.active = append(d.active, afflicted{id, f.Kind, begin(id, f, time.Now())})
	d.change()
	if f.Kind == ConnectStorm {
		d.Machine.Reconnect()
	}
}

// End ends the fault with the id.
func (d *Device) End(id int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.remove(id) {
		d.change()
	}
}

// Heal ends all faults.
func (d *Device) Heal() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.active = nil
	d.change()
}

func (d *Device) remove(id int) bool {
	before := len(d.active)
	d.active = slices.DeleteFunc(d.active, func(a afflicted) bool { return a.id == id })
	return len(d.active) < before
}

// change tells the machine what is different now.
func (d *Device) change() {
	old, now := d.now, behaviour{}
	for _, a := range d.active {
		a.ill.on(&now)
	}
	now.sortMutations()
	d.now = now
	if now.skew != old.skew {
		d.Machine.SetSkew(now.skew)
	}
	if now.copies != old.copies {
		d.Machine.Duplicate(now.copies)
	}
	if f := now.sense(); f != nil || old.sense() != nil {
		d.Machine.SetSense(f)
	}
	if f := now.mutate(d.Seed, d.Thing); f != nil || len(old.mutations) > 0 {
		d.Machine.SetMutate(f)
	}
	switch {
	case now.off && !old.off:
		d.Machine.PowerOff()
	case old.off && !now.off:
		d.Machine.PowerOn()
	}
}

// drawFor is a number for a message, drawn for a fault.
func drawFor(seed uint64, k Kind, id int, thing string, seq uint64, about string) float64 {
	return Draw(seed, string(k), strconv.Itoa(id), thing, strconv.FormatUint(seq, 10), about)
}
