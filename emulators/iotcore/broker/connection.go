package broker

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"time"
)

// Connection is what is told of a client's connection: of the present one, or of the last.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#get-connection-api
type Connection struct {
	ClientID  string
	Connected bool
	Session   time.Duration // how long the session lasts after the connection; 0 is no longer

	// The rest is zero of a session whose client has been away for longer than is told.
	Since          time.Time // the client came, or left
	Reason         string    // it left for
	Thing          string
	KeepAlive      uint16 // seconds, as the client asked for
	Source, Target netip.AddrPort
}

// toldAfter is how long a connection that ended is told of.
const toldAfter = 30 * time.Minute

// Connection finds the connection of a client, the present one or the last, or its session;
// false is that there is nothing to tell.
func (b *Broker) Connection(clientID string) (Connection, bool) {
	b.mu.RLock()
	var l *link
	found := Connection{ClientID: clientID}
	s := b.sessions[clientID]
	if s != nil {
		l, found.Session = s.link, s.lasts
	}
	last := b.presence.left(clientID, time.Now())
	b.mu.RUnlock()
	switch {
	case l != nil:
		now := l.describe()
		now.Connected, now.Session, now.Since = true, found.Session, l.start
		return now, true
	case last != nil:
		return *last, true
	}
	return found, s != nil
}

// describe tells what stays the same from before the link is in the session table.
func (l *link) describe() Connection {
	return Connection{
		ClientID: l.clientID, Thing: l.authority.thing(), KeepAlive: l.asked,
		Source: addrPort(l.Conn.RemoteAddr()), Target: addrPort(l.Conn.LocalAddr()),
	}
}

// addrPort is zero of what is no address of the internet.
func addrPort(a net.Addr) netip.AddrPort {
	if a == nil {
		return netip.AddrPort{}
	}
	parsed, _ := netip.ParseAddrPort(a.String()) // zero if it is none
	return parsed
}

// parted is what is told of a connection that ends now; nil of one that was refused.
func (l *link) parted() *Connection {
	if !l.established.Load() {
		return nil
	}
	c := l.describe()
	l.mu.Lock()
	c.Reason = string(l.reason)
	l.mu.Unlock()
	c.Since = time.Now()
	return &c
}

// left is the last connection of a client, unless that is too long ago or there is none.
func (v *versions) left(id string, now time.Time) *Connection {
	c := v.clients[id]
	if c == nil || c.last == nil || now.Sub(c.last.Since) > toldAfter {
		return nil
	}
	return c.last
}

// Subscribed is a subscription as it is told.
type Subscribed struct {
	Filter string
	QoS    byte
}

// Subscriptions are those of a client's session, by filter; false is that it has none.
func (b *Broker) Subscriptions(clientID string) ([]Subscribed, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := b.sessions[clientID]
	if s == nil {
		return nil, false
	}
	list := make([]Subscribed, 0, len(s.filters))
	for _, filter := range slices.Sorted(maps.Keys(s.filters)) {
		list = append(list, Subscribed{filter, s.filters[filter].qos()})
	}
	return list, true
}
