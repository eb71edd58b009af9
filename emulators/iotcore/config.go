package iotcore

import (
	"log/slog"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a Core needs. The zero value works and has no action targets.
type Config struct {
	Identity wire.Identity
	// Targets receive what rule actions send. An action without a target is
	// refused by CreateTopicRule.
	Targets action.Targets
	// Roles decides what a rule may do by the role that an action or a function of its
	// SQL names: everything when nil.
	Roles action.Roles
	// Endpoint is the MQTT endpoint (host:port) that DescribeEndpoint answers and
	// the broker's certificate names; DefaultEndpoint when empty.
	Endpoint string
	// API is the base URL that clients reach Control by: it stands in the message that
	// asks a topic rule destination for its confirmation. DefaultAPI when empty.
	API string
	// Tap is told every decision of the broker and the rules engine, in the
	// goroutine that decided: it must not block and must not call the Core. Nil is
	// fine.
	Tap func(event.Event)
	// Logs takes the entries of V2 logging; without it SetV2LoggingOptions is refused.
	Logs logging.Sink
	Log  *slog.Logger
	// Certificates has the authority, and certificates that it signed before; a new
	// one when nil.
	Certificates *registry.Pool
	// Deliveries, if set, says how late each copy of a connected or disconnected
	// event is published: none, one or several. It must not block. When nil, each
	// is published once and at once.
	Deliveries func(broker.Lifecycle) []time.Duration
	// Enforce applies AWS's quotas of rates, of a connection and of CONNECTs: see
	// broker/quotas.go. Sizes and counts are always held to.
	Enforce bool
	// QueueLimit bounds the messages accepted and not yet taken up by a rules
	// worker, per lane; DefaultQueueLimit when zero. A publisher waits for room.
	QueueLimit int
	// Lanes is the number of rules workers; 1 when zero. The messages of one
	// client always take the same lane, in order.
	Lanes int
}

// Defaults of Config.
const (
	DefaultEndpoint   = "localhost:8883"
	DefaultAPI        = "http://127.0.0.1:4566"
	DefaultQueueLimit = 4096
)

func (c Config) withDefaults() Config {
	c.Identity = c.Identity.OrDefault()
	if c.Endpoint == "" {
		c.Endpoint = DefaultEndpoint
	}
	if c.API == "" {
		c.API = DefaultAPI
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.QueueLimit <= 0 {
		c.QueueLimit = DefaultQueueLimit
	}
	if c.Lanes <= 0 {
		c.Lanes = 1
	}
	return c
}
