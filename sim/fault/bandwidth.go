package fault

// bandwidth is in bytes a second for each direction; of several, the narrowest counts.
type bandwidth int

func (b bandwidth) on(c *conditions) {
	if c.bandwidth == 0 || int(b) < c.bandwidth {
		c.bandwidth = int(b)
	}
}

// mss is the size of the pieces in which a narrow link delivers, in bytes: what a
// TCP segment carries over Ethernet.
const mss = 1460
