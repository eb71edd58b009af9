package iotcore

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
)

// Core is one IoT Core: registry, broker, rules engine.
type Core struct {
	config    Config
	authority *registry.Authority
	registry  *registry.State
	broker    *broker.Broker
	engine    *rule.Engine
	posts     *destination.State // of http actions
	shadows   shadow.Store
	claims    provisioning.Service
	logs      *logging.State
	salt      string // of ids that are made here
	ran       atomic.Bool
	published atomic.Uint64 // over HTTP
	changed   atomic.Uint64 // events of the registry
}

// New makes a Core with a certificate authority of its own. Nothing runs before
// Run and Serve; messages published before Run wait in the rules queue.
func New(config Config) (*Core, error) {
	config = config.withDefaults()
	c := &Core{config: config, salt: strconv.FormatInt(time.Now().UnixNano(), 36)}
	if config.Targets.Shadows == nil {
		config.Targets.Shadows = c
	}
	if config.Certificates == nil {
		pool, err := registry.NewPool()
		if err != nil {
			return nil, err
		}
		c.config.Certificates = pool
	}
	c.authority = c.config.Certificates.Authority()
	c.registry = registry.New(registry.Config{
		Identity: config.Identity, Authority: c.authority, Roles: config.Roles, Taggable: c.isRule,
		StatusChanged: func(id string, status registry.Status) { c.broker.StatusChanged(id, status) },
		Changed:       c.announceChanges,
	})
	c.claims = provisioning.Service{Identity: config.Identity, Registry: c.registry, Functions: config.Targets.Lambda, Log: config.Log}
	c.logs = logging.New(logging.Config{
		Identity: config.Identity, Sink: config.Logs, Roles: config.Roles, InGroup: c.registry.InGroup, Log: config.Log,
	})
	cert, err := c.authority.Server(c.serverNames()...)
	if err != nil {
		return nil, err
	}
	c.broker = broker.New(broker.Config{
		Identity: config.Identity, Registry: c.registry, Certificate: cert, Emit: c.emit, Enter: c.enter, Respond: c.respond,
		Devices: c.deviceData(), Pages: hostOf(config.API), Salt: c.salt, Deliveries: config.Deliveries, Enforce: config.Enforce,
		Log: config.Log, Logs: c.logs,
	})
	c.posts = destination.New(destination.Config{Identity: config.Identity, Web: config.Targets.Web, API: config.API})
	c.engine = rule.New(rule.Config{
		Identity: config.Identity, Targets: config.Targets, Roles: config.Roles, Registry: c.registry, Destinations: c.posts,
		Emit: c.emit, Deliver: c.broker.Deliver, Respond: c.respond, Log: config.Log, Logs: c.logs,
		QueueLimit: config.QueueLimit, Lanes: config.Lanes,
	})
	return c, nil
}

// hostOf is the host of a URL, or nothing.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// serverNames are the hosts that the broker's certificate is good for.
func (c *Core) serverNames() []string {
	endpoint := c.config.Endpoint
	if h, _, err := net.SplitHostPort(endpoint); err == nil {
		endpoint = h
	}
	return []string{endpoint, "localhost", "127.0.0.1", "::1"}
}

// emit tells the log and the tap.
func (c *Core) emit(e event.Event) {
	if c.logs.On() {
		c.logEvent(e)
	}
	if c.config.Tap == nil {
		return
	}
	e.At = time.Now()
	c.config.Tap(e)
}

func (c *Core) enter(cancel <-chan struct{}, m *message.Message) error {
	return c.engine.Enqueue(cancel, m, func() {
		c.emit(m.Event(event.Accepted))
		if m.From != nil && c.logs.On() {
			c.logs.Write(publishedIn(m))
		}
	})
}

// Run runs the rules engine. It blocks until ctx ends; then it ends all
// connections, with their wills and presence events, processes what was accepted
// and returns nil. It runs once.
func (c *Core) Run(ctx context.Context) error {
	if c.ran.Swap(true) {
		return errors.New("iot core: Run was called twice")
	}
	// Actions of messages accepted before the end are finished after it.
	acting := context.WithoutCancel(ctx)
	var rules sync.WaitGroup
	rules.Go(func() { c.engine.Run(acting) })
	<-ctx.Done()
	c.broker.Stop()
	c.engine.Close()
	rules.Wait()
	return nil
}

// Serve speaks MQTT over mutual TLS on listener, which it closes. It blocks
// until ctx ends, ends its connections and returns nil; an error is the
// listener's. Serve can be called again, also while another is running: sessions
// and the rules queue live in the Core. Run must be running, or publishers wait.
func (c *Core) Serve(ctx context.Context, listener net.Listener) error {
	return c.broker.Serve(ctx, listener)
}

// WebSocket serves MQTT over WebSocket to clients with a signed URL (Signature
// Version 4). As in the rest of Shakedown any credentials do and the signature is
// not verified; IAM, which decides on AWS what such a client may do, lets it do
// everything. Clients with a certificate connect at the listener of Serve, which
// answers both.
func (c *Core) WebSocket() http.Handler { return c.broker.WebSocket() }

// CACertificate is the PEM of the authority that signs the broker's certificate
// and those of devices.
func (c *Core) CACertificate() []byte { return c.authority.PEM() }

// IssueCertificate makes a P-256 key and an ACTIVE certificate for a thing, which
// is created if missing, and attaches it. It attaches no policy: use AttachPolicy
// with the ARN. (Over the API, CreateKeysAndCertificate makes RSA 2048 keys.)
func (c *Core) IssueCertificate(thing string) (certPEM, keyPEM []byte, arn string, err error) {
	issued, err := c.registry.Issue(thing)
	return issued.CertificatePEM, issued.KeyPEM, issued.ARN, err
}

// Certificates has the authority, and certificates for a fleet.
func (c *Core) Certificates() *registry.Pool { return c.config.Certificates }

// Registry is the registry, for callers in the same process.
func (c *Core) Registry() *registry.State { return c.registry }

// Disconnect ends the connection of a client as the API's DeleteConnection
// does, and reports whether there was one.
func (c *Core) Disconnect(clientID string) bool {
	return c.broker.Disconnect(clientID)
}

// Connected is the number of connected clients.
func (c *Core) Connected() int { return c.broker.Connected() }

// Idle tells that no accepted message is waiting for the rules engine or in it,
// and that no lifecycle event is held back.
func (c *Core) Idle() bool { return c.broker.Idle() && c.engine.Idle() }

// IsConnected tells whether a client id has a connection.
func (c *Core) IsConnected(clientID string) bool { return c.broker.IsConnected(clientID) }
