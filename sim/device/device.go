package device

import (
	"sync"
	"time"
)

// Device is one virtual sensor. Its methods give orders from outside, as a world
// that breaks things does; they may be called at any time by any goroutine.
type Device struct {
	config Config
	wake   chan struct{} // made by Run: a channel belongs to a bubble

	mu     sync.Mutex
	orders orders
}

// orders are what the world wants of a device.
type orders struct {
	skew   time.Duration
	sense  Sense
	mutate func(seq uint64, payload []byte) []byte
	copies int
	off    bool

	cut     bool
	hold    time.Duration
	restore bool
	redial  bool
}

// Sense changes what a sensor reads: value is its model's, last is what was
// reported before, value itself the first time.
type Sense = func(metric string, at time.Time, value, last float64) float64

// Forever as the time of a Cut: until Restore.
const Forever time.Duration = -1

// New makes a device; Run says what is wrong with the configuration.
func New(c Config) *Device {
	c = c.withDefaults()
	return &Device{config: c}
}

// Thing is the thing's name.
func (d *Device) Thing() string { return d.config.Thing }

// Cut resets the connection, or the attempt to make one, and keeps the device from
// dialing for the time hold: 0 leaves it to the back-off, Forever is until Restore.
// Readings go on and wait.
func (d *Device) Cut(hold time.Duration) {
	d.order(func(o *orders) { o.cut, o.hold, o.restore = true, hold, false })
}

// Restore ends what Cut has begun: the device dials at once.
func (d *Device) Restore() { d.order(func(o *orders) { o.restore = true }) }

// SetSkew puts the device's clock ahead of Config.Skew by skew, from the next
// reading on.
func (d *Device) SetSkew(skew time.Duration) { d.order(func(o *orders) { o.skew = skew }) }

// SetSense changes what the sensors read, from the next reading on; nil ends that.
func (d *Device) SetSense(f Sense) { d.order(func(o *orders) { o.sense = f }) }

// SetMutate changes telemetry payloads after Config.Mutate, from the next reading
// on; nil ends that.
func (d *Device) SetMutate(f func(seq uint64, payload []byte) []byte) {
	d.order(func(o *orders) { o.mutate = f })
}

// Duplicate makes the device publish each reading n more times, with DUP, from the
// next on; 0 ends that.
func (d *Device) Duplicate(n int) { d.order(func(o *orders) { o.copies = n }) }

// Reconnect drops the connection, or the attempt to make one, and dials again at
// once (a millisecond later), without a back-off.
func (d *Device) Reconnect() { d.order(func(o *orders) { o.redial = true }) }

// PowerOff takes the device down without a word: the broker is not told, where the
// connection can do that (a method Vanish() error), and all that waits or is not
// acknowledged is Dropped with ErrPowerLoss. Until PowerOn it reads nothing.
func (d *Device) PowerOff() { d.order(func(o *orders) { o.off = true }) }

// PowerOn boots: the device dials and takes a reading at once, at the configured
// interval. It counts on where it was, as from flash.
func (d *Device) PowerOn() { d.order(func(o *orders) { o.off = false }) }

func (d *Device) order(f func(*orders)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(&d.orders)
	select {
	case d.wake <- struct{}{}:
	default: // awake already, or not running: Run looks at its start
	}
}

// takeOrders hands over what is to be done once.
func (d *Device) takeOrders() orders {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.orders
	d.orders.cut, d.orders.restore, d.orders.redial = false, false, false
	return o
}

// present are the orders that last.
func (d *Device) present() orders {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.orders
}

// ready makes the wake-up channel inside the bubble that Run is called in.
func (d *Device) ready() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wake = make(chan struct{}, 1)
}
