package fault

import "time"

// halfOpen lets connections stand and die: what was sent is gone, and so is the
// connection, even once the fault has ended, as behind a NAT that forgot it.
type halfOpen struct{}

func (halfOpen) on(c *conditions) { c.frozen = true }

// forgotten is how long the broker's end of a connection may stand whose device
// has gone without a word: longer than 1.5 times the longest keep-alive.
const forgotten = time.Hour
