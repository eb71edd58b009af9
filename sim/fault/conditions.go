package fault

import (
	"strconv"
	"time"
)

// conditions are what all faults at work on a link make of it together. A value is
// never changed: each Begin and End makes a new one.
type conditions struct {
	seed  uint64
	thing string
	// generation counts the Begins of the link: a segment knows by it which faults
	// had begun when it was sent.
	generation int

	cut       bool // connections are reset, dials refused
	frozen    bool // connections die without a word
	held      bool // nothing moves
	bandwidth int  // bytes a second; 0: no limit
	latencies []latency
	drops     []drop
}

// effect is what one fault of a link does: each kind is one, in a file of its own.
type effect interface{ on(c *conditions) }

// effects makes the effect of each kind; begun is the generation it begins.
var effects = map[Kind]func(id, begun int, f Fault) effect{
	ConnectionReset: func(int, int, Fault) effect { return connectionReset{} },
	HalfOpen:        func(int, int, Fault) effect { return halfOpen{} },
	Partition:       func(int, int, Fault) effect { return partition{} },
	Latency:         func(id, begun int, f Fault) effect { return latency{id, begun, f.Delay, f.Jitter} },
	Bandwidth:       func(_, _ int, f Fault) effect { return bandwidth(f.Bandwidth) },
	Drop:            func(id, begun int, f Fault) effect { return drop{id, f.Rate.OrAll()} },
}

// way is a direction.
type way string

const (
	up   way = "up"   // to the broker
	down way = "down" // to the device
)

// draw is the number for the nth segment in a direction, drawn for a fault.
func (c *conditions) draw(k Kind, id int, w way, n uint64, attempt int) float64 {
	return Draw(c.seed, c.thing, string(k), strconv.FormatUint(n, 10), string(w), strconv.Itoa(id), strconv.Itoa(attempt))
}

// delay is by how much a segment is late that was sent in the given generation.
func (c *conditions) delay(w way, n uint64, generation int) (sum time.Duration) {
	for _, l := range c.latencies {
		if l.begun <= generation {
			sum += l.of(c.draw(Latency, l.id, w, n, 0))
		}
	}
	return sum
}

// lost tells whether an attempt to transmit a segment fails.
func (c *conditions) lost(w way, n uint64, attempt int) bool {
	for _, d := range c.drops {
		if c.draw(Drop, d.id, w, n, attempt) < d.rate {
			return true
		}
	}
	return false
}

// transfer is how long bytes take to get on the wire.
func (c *conditions) transfer(bytes int) time.Duration {
	if c.bandwidth <= 0 || bytes <= 0 {
		return 0
	}
	return time.Duration(float64(bytes) / float64(c.bandwidth) * float64(time.Second))
}

// crossed is how many bytes get on the wire in a time.
func (c *conditions) crossed(d time.Duration, most int) int {
	if c.bandwidth <= 0 {
		return most
	}
	return min(int(d.Seconds()*float64(c.bandwidth)), most)
}

// shapes tells whether bytes have to go through flows.
func (c *conditions) shapes() bool {
	return c.frozen || c.held || c.bandwidth > 0 || len(c.latencies) > 0 || len(c.drops) > 0
}
