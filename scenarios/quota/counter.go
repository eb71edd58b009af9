package quota

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// Counter counts what a run uses while it goes. It is safe for concurrent use;
// what comes before Start (the deployment) is not counted. A nil one counts
// nothing.
type Counter struct {
	quotas  Quotas
	started atomic.Int64 // Unix ns; 0 is not
	parted  atomic.Int64 // Unix ns; 0 is not
	seed    maphash.Seed
	clients [lanes]lane

	account account
	streams streams
	work    work
	stores  stores
}

// lanes are how many publishers do not wait for one another.
const lanes = 64

// maxClients bounds the connections that a lane tells apart.
const maxClients = 10_000

// lane is some of the clients, by a hash of their ids.
type lane struct {
	mu        sync.Mutex
	clients   map[string]*client
	untracked int64
	messages  int64
	largest   int // payload
	longest   int // topic
	slashes   int
}

// client is what is known of a client id.
type client struct {
	meter     meter
	last      int64         // CONNECT, Unix ns
	open      int           // connections; two while one takes over from another
	connected time.Duration // the ends minus the begins of connections, each since Start
}

// New makes a Counter.
func New(q Quotas) *Counter {
	c := &Counter{quotas: q, seed: maphash.MakeSeed()}
	for i := range c.clients {
		c.clients[i].clients = map[string]*client{}
	}
	c.streams.shards = map[string]*meter{}
	c.streams.spread.limits = q
	c.streams.consumers = map[string]bool{}
	c.stores.partitions = map[string]*meter{}
	c.stores.items = map[string]int{}
	return c
}

// Start begins to count: the fleet is about to connect.
func (c *Counter) Start(at time.Time) {
	if c != nil {
		c.started.Store(at.UnixNano())
	}
}

// Part says that from here on the devices say good-bye, all at once as no fleet
// does: amounts are counted on, rates and the time of connections are not. A device
// whose last messages nobody takes may wait for long.
func (c *Counter) Part(at time.Time) {
	if c != nil {
		c.parted.Store(at.UnixNano())
	}
}

// parting tells whether the devices say good-bye.
func (c *Counter) parting() bool { return c.parted.Load() != 0 }

// held is the time since Start in which connections are load.
func (c *Counter) held(at time.Time) time.Duration {
	if parted := c.parted.Load(); parted != 0 && at.UnixNano() > parted {
		at = time.Unix(0, parted)
	}
	return c.since(at)
}

// rate enters n events of some bytes in a meter.
func (c *Counter) rate(m *meter, at time.Time, n, bytes, most, mostBytes int64) {
	if !c.parting() {
		m.add(at.Unix(), n, bytes, most, mostBytes)
	}
}

// counting tells whether events are counted; a nil Counter counts none.
func (c *Counter) counting() bool { return c != nil && c.started.Load() != 0 }

// lane finds a client's lane; the caller must unlock it.
func (c *Counter) lane(id string) *lane {
	l := &c.clients[maphash.String(c.seed, id)%lanes]
	l.mu.Lock()
	return l
}

// client is that of an id, made when it is new; nil when there are too many.
func (l *lane) client(id string) *client {
	if known, ok := l.clients[id]; ok {
		return known
	}
	if len(l.clients) >= maxClients {
		l.untracked++
		return nil
	}
	made := &client{}
	l.clients[id] = made
	return made
}

// units is how many units of a size something is billed as: at least one.
func units(bytes, unit int) int64 { return max(1, ceil(int64(bytes), int64(unit))) }

// ceil is a quotient, rounded up.
func ceil(a, b int64) int64 { return (a + b - 1) / b }
