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
	skew      time.Duration
	mutate    func(seq uint64, payload []byte) []byte
	duplicate int

	cut     bool
	hold    time.Duration
	restore bool
}

// Forever as the time of a Cut: until Restore.
const Forever time.Duration = -1

// New makes a device; Run says what is wrong with the configuration.
func New(c Config) *Device {
	c = c.withDefaults()
	return &Device{config: c, orders: orders{skew: c.Skew, mutate: c.Mutate}}
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

// SetSkew puts the device's clock ahead by skew from the next reading on.
func (d *Device) SetSkew(skew time.Duration) { d.order(func(o *orders) { o.skew = skew }) }

// SetMutate changes telemetry payloads from the next reading on; nil ends that.
func (d *Device) SetMutate(f func(seq uint64, payload []byte) []byte) {
	d.order(func(o *orders) { o.mutate = f })
}

// Duplicate makes the device publish each of the next n readings twice.
func (d *Device) Duplicate(n int) { d.order(func(o *orders) { o.duplicate = n }) }

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
	d.orders.cut, d.orders.restore = false, false
	return o
}

// takeDuplicate tells whether the next reading goes out twice.
func (d *Device) takeDuplicate() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.orders.duplicate <= 0 {
		return false
	}
	d.orders.duplicate--
	return true
}

// ready makes the wake-up channel inside the bubble that Run is called in.
func (d *Device) ready() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wake = make(chan struct{}, 1)
}
