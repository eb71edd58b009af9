package scenarios

import (
	"context"
	"net"
	"sync"

	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// member is one device of a fleet with all that can befall it.
type member struct {
	sim.Identity
	group  string
	device *device.Device
	link   fault.Link   // its way to the broker
	ills   fault.Device // what befalls itself

	mu       sync.Mutex
	identity *Identity         // its certificate
	expired  map[int]*Identity // those it presents instead, by fault
	twins    map[int]*twin     // second clients, by fault
}

// dial connects to the broker through the link, with the certificate that the
// device has at present.
func (m *member) dial(ctx context.Context, w *World) (net.Conn, error) {
	return w.Secure(ctx, m.certificate(), func(ctx context.Context) (net.Conn, error) { return m.link.Dial(ctx, w.Dial) })
}

func (m *member) certificate() *Identity {
	m.mu.Lock()
	defer m.mu.Unlock()
	first, identity := -1, m.identity
	for i, other := range m.expired {
		if first < 0 || i < first {
			first, identity = i, other
		}
	}
	return identity
}

// candidate is the member as a fault's target chooses it.
func (m *member) candidate() fault.Candidate {
	return fault.Candidate{Thing: m.Thing, Group: m.group, Attributes: m.Attributes}
}
