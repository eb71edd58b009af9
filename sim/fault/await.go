package fault

// waiter is a connection that can be waited for without reading from it; memnet's
// are.
type waiter interface {
	Readable() bool
	WaitRead()
	WhenReadable(f func())
}

// Readable tells whether the connection can be read without waiting, or has to be
// read to find out: once a fault has acted on it, or when the inner one is not
// waited for.
func (c *conn) Readable() bool {
	w, ok := c.inner.(waiter)
	return !ok || c.shaper.Load() != nil || w.Readable()
}

// WaitRead waits until Readable.
func (c *conn) WaitRead() {
	if w, ok := c.inner.(waiter); ok && c.shaper.Load() == nil {
		w.WaitRead() // a shaper that comes meanwhile ends it by the deadline
	}
}

// WhenReadable calls f once, when Readable, by a goroutine that nobody waits for.
func (c *conn) WhenReadable(f func()) {
	if w, ok := c.inner.(waiter); ok && c.shaper.Load() == nil {
		w.WhenReadable(f) // a shaper that comes meanwhile ends it by the deadline
		return
	}
	go f()
}
