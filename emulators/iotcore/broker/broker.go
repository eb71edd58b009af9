package broker

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Broker holds the connections and sessions. Packets are coded by mochi's codec;
// mochi's server is not used: a client of it has two goroutines, and 20 KB of
// stacks, maps and buffers for what is done here anyway.
type Broker struct {
	identity wire.Identity
	registry *registry.State
	tls      *tls.Config
	emit     func(event.Event)
	// enter hands a message to the rules queue; it waits for room until cancel.
	enter func(cancel <-chan struct{}, m *message.Message) error
	// respond acts on a message to a reserved topic and returns what is published about it.
	respond  func(m *message.Message) []*message.Message
	devices  http.Handler // of requests of HTTP
	log      *slog.Logger
	logs     *logging.State
	salt     string
	disorder disorder
	connects connectQuota
	pages    string // the host whose pages may connect

	connected atomic.Int64
	generated atomic.Uint64 // client ids
	handlers  sync.WaitGroup

	mu       sync.RWMutex
	closed   bool
	links    map[*link]bool
	sessions map[string]*session
	index    topic.Filters[subscription] // by client id
	groups   map[string]*group           // by their whole filter
	shares   topic.Filters[*group]       // by the whole filter
	orphans  []outgoing                  // of groups, whose member's session ended
	retained map[string]Retained
	presence versions
}

// Config is what a Broker needs. All but Pages, Deliveries and Enforce is required.
type Config struct {
	Identity wire.Identity
	Registry *registry.State
	// Certificate is the server's.
	Certificate tls.Certificate
	// Emit is told every decision.
	Emit func(event.Event)
	// Enter hands a message to the rules; it waits for room until cancel.
	Enter func(cancel <-chan struct{}, m *message.Message) error
	// Respond acts on a message to a reserved topic and returns what is published about it.
	Respond func(m *message.Message) []*message.Message
	// Devices answers the requests of HTTP that come to the listener with a certificate: see
	// Caller.
	Devices http.Handler
	// Pages is the host, beside this machine, whose pages may connect over WebSocket.
	Pages string
	// Salt keeps the ids that are made here apart from those of another run.
	Salt string
	// Deliveries says how late each copy of a lifecycle event is published: once and at
	// once when nil.
	Deliveries func(Lifecycle) []time.Duration
	// Enforce applies AWS's quotas of rates.
	Enforce bool
	Log     *slog.Logger
	Logs    *logging.State
}

// New makes a broker without connections. Nothing runs before Serve.
func New(config Config) *Broker {
	b := &Broker{
		identity: config.Identity, registry: config.Registry, emit: config.Emit, enter: config.Enter, respond: config.Respond,
		devices: config.Devices, pages: config.Pages, log: config.Log, logs: config.Logs, salt: config.Salt,
		links: map[*link]bool{}, sessions: map[string]*session{}, groups: map[string]*group{}, retained: map[string]Retained{},
	}
	b.disorder.deliveries = config.Deliveries
	b.connects.enforced = config.Enforce
	b.presence.clients = map[string]*connections{}
	b.tls = &tls.Config{
		Certificates: []tls.Certificate{config.Certificate},
		// The registry, not a chain, says which certificates are good.
		ClientAuth:             tls.RequireAnyClientCert,
		VerifyConnection:       b.verify,
		MinVersion:             tls.VersionTLS12,
		CurvePreferences:       curves,
		SessionTicketsDisabled: true,
	}
	return b
}

// curves leave out the post-quantum key exchange that Go has by default: its
// shares of a kilobyte would stay in the buffers of every connection, at both ends.
var curves = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384}

// greet does a connection's handshake and answers its CONNECT. It reports whether
// the client may go on; otherwise nothing is left of the connection.
func (b *Broker) greet(l *link) bool {
	_ = l.Conn.SetDeadline(time.Now().Add(connectTimeout)) // an error shows in the handshake
	secure := l.Conn.(*tls.Conn)
	if err := secure.Handshake(); err != nil {
		b.refuse(l, "tls: "+err.Error())
		_ = l.Conn.Close()
		return false
	}
	state := secure.ConnectionState()
	cert := state.PeerCertificates[0]
	l.certificate, l.domain = registry.Fingerprint(cert.Raw), state.ServerName
	b.introduce(l, cert)
	if first, err := l.reader.Peek(1); err == nil && speaksHTTP(first[0]) {
		if more, err := b.answerHTTP(l); !more || err != nil {
			if err != nil {
				b.refuse(l, err.Error())
			}
			_ = l.Conn.Close()
			return false
		}
	}
	_ = l.Conn.SetWriteDeadline(time.Time{})
	return b.begin(l)
}

// begin answers the CONNECT; otherwise nothing is left of the connection.
func (b *Broker) begin(l *link) bool {
	if err := b.connect(l); err != nil {
		b.finish(l, err)
		return false
	}
	if _, ok := l.Conn.(*wsConn); ok {
		l.limit = time.AfterFunc(webSocketTTL, func() { l.stop(webSocketExpired, "a WebSocket lasts 24 hours") })
	}
	return true
}

// turn takes a packet of a connection that was greeted. It reports wait when there
// is none yet, and over when nothing is left of the connection.
func (b *Broker) turn(l *link) (wait, over bool) {
	ready, err := l.ready()
	if !ready && err == nil {
		return true, false
	}
	if ready {
		if ready, err = b.next(l); ready && err == nil {
			return false, false
		}
	}
	b.finish(l, err)
	return false, true
}

// refuse tells of a connection that never became one, once.
func (b *Broker) refuse(l *link, reason string) {
	if l.refused {
		return
	}
	l.refused = true
	b.emit(event.Event{Kind: event.ConnectRefused, ClientID: l.clientID, Resource: l.certificate, Reason: reason, From: l.from})
	if l.introduction != nil {
		b.announceRegistered(l)
	}
}

// finish ends a connection: will, presence, session.
func (b *Broker) finish(l *link, err error) {
	if l.session == nil {
		if err == nil {
			err = errors.New("closed before CONNECT")
		}
		b.refuse(l, err.Error())
		_ = l.Conn.Close()
		return
	}
	if l.limit != nil {
		l.limit.Stop()
	}
	reason, cause := l.ended(err)
	_ = l.Conn.Close()
	var malformed packets.Code
	if errors.As(err, &malformed) { // mochi could not make sense of a packet
		b.emit(event.Event{Kind: event.Rejected, ClientID: l.clientID, Action: "read", Reason: cause})
	}
	l.session.outbox.detach()
	if l.established.Load() {
		b.connected.Add(-1)
		if (reason != clientInitiated || l.willing) && !l.quiet.Load() {
			b.publishWill(l)
		}
		b.emit(event.Event{
			Kind: event.Disconnected, ClientID: l.clientID, Thing: l.authority.thing(),
			Resource: l.certificate, Reason: string(reason), Detail: cause, From: l.from,
		})
		b.announceDisconnected(l, reason)
	}
	b.release(l)
}

// Connected is the number of connected clients.
func (b *Broker) Connected() int { return int(b.connected.Load()) }

// IsConnected tells whether a client id has a connection.
func (b *Broker) IsConnected(clientID string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := b.sessions[clientID]
	return s != nil && s.link != nil
}

// Idle tells that no lifecycle event is held back.
func (b *Broker) Idle() bool { return b.disorder.held.Load() == 0 }

// Disconnect ends the connection of a client as the API does, and reports whether there
// was one.
func (b *Broker) Disconnect(clientID string) bool {
	b.mu.RLock()
	s := b.sessions[clientID]
	var l *link
	if s != nil {
		l = s.link
	}
	b.mu.RUnlock()
	if l == nil {
		return false
	}
	l.stop(apiInitiated, "the API disconnected the client")
	return true
}

// StatusChanged disconnects the clients of a certificate that is not ACTIVE any
// more; AWS does within a few minutes, here at once.
// https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateCertificate.html
func (b *Broker) StatusChanged(certificate string, status registry.Status) {
	if status == registry.Active {
		return
	}
	b.mu.RLock()
	var links []*link
	for _, s := range b.sessions {
		if s.link != nil && s.link.certificate == certificate {
			links = append(links, s.link)
		}
	}
	b.mu.RUnlock()
	for _, l := range links {
		l.stop(authError, "the certificate is "+string(status))
	}
}

// Stop refuses new connections, ends all there are and waits for them.
func (b *Broker) Stop() {
	b.mu.Lock()
	b.closed = true
	links := slices.Collect(maps.Keys(b.links))
	b.mu.Unlock()
	for _, l := range links {
		l.stop(serverInitiated, "the broker is stopping")
	}
	b.handlers.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.sessions {
		s.expiry.Stop()
	}
}

func host(addr net.Addr) string {
	h, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	return h
}
