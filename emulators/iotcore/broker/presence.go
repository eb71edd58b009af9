package broker

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// versions counts the connections of each client id for versionNumber: one more
// for each connection, from 0 again after an hour offline (AWS.md §1). It belongs
// to the broker's lock.
type versions struct {
	clients map[string]*connections
	swept   time.Time
}

type connections struct {
	version int64
	offline time.Time   // zero while connected
	last    *Connection // the one before; nil of none
}

func (v *versions) connect(id string) int64 {
	now := time.Now()
	v.sweep(now)
	c, ok := v.clients[id]
	if !ok || c.gone(now) {
		v.clients[id] = &connections{}
		return 0
	}
	c.offline = time.Time{}
	c.version++
	return c.version
}

func (v *versions) disconnect(id string, last *Connection) {
	c, ok := v.clients[id]
	if !ok {
		return
	}
	c.offline = time.Now()
	if last != nil {
		c.last = last
	}
}

// gone tells whether the client has been away for an hour.
func (c *connections) gone(now time.Time) bool {
	return !c.offline.IsZero() && now.Sub(c.offline) > sessionExpiry
}

// sweep forgets clients that are gone, at most once a minute.
func (v *versions) sweep(now time.Time) {
	if now.Sub(v.swept) < time.Minute {
		return
	}
	v.swept = now
	for id, c := range v.clients {
		if c.gone(now) {
			delete(v.clients, id)
		}
	}
}

// presenceEvent is the JSON of $aws/events/presence/…, in AWS's order.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
type presenceEvent struct {
	ClientID                  string           `json:"clientId"`
	ThingName                 string           `json:"thingName,omitempty"` // of an exclusive thing
	Timestamp                 int64            `json:"timestamp"`
	EventType                 string           `json:"eventType"`
	ConnectFailureReason      string           `json:"connectFailureReason,omitempty"`
	ClientInitiatedDisconnect *bool            `json:"clientInitiatedDisconnect,omitempty"`
	DisconnectReason          disconnectReason `json:"disconnectReason,omitempty"`
	SessionIdentifier         string           `json:"sessionIdentifier"`
	PrincipalIdentifier       string           `json:"principalIdentifier"`
	IPAddress                 string           `json:"ipAddress,omitempty"`
	VersionNumber             *int64           `json:"versionNumber,omitempty"`
	Topics                    []string         `json:"topics,omitempty"`
}

func (b *Broker) announceConnected(l *link) {
	b.announce(l, "presence/connected", presenceEvent{
		EventType: "connected", IPAddress: l.ip, VersionNumber: &l.version,
	})
}

func (b *Broker) announceDisconnected(l *link, reason disconnectReason) {
	initiated := reason == clientInitiated
	b.announce(l, "presence/disconnected", presenceEvent{
		EventType: "disconnected", ClientInitiatedDisconnect: &initiated, DisconnectReason: reason, VersionNumber: &l.version,
	})
}

func (b *Broker) announceRefused(l *link) {
	b.announce(l, "presence/connect_failed", presenceEvent{
		EventType: "connect_failed", ConnectFailureReason: "AUTHORIZATION_FAILED", IPAddress: l.ip,
	})
}

// announceTopics tells of a SUBSCRIBE or UNSUBSCRIBE: verb is subscribed or
// unsubscribed.
func (b *Broker) announceTopics(l *link, verb string, filters []string) {
	if len(filters) == 0 {
		return
	}
	b.announce(l, "subscriptions/"+verb, presenceEvent{EventType: verb, Topics: filters})
}

// announce publishes a lifecycle event about l to rules and subscribers.
// Clients with + or # in their id have none.
func (b *Broker) announce(l *link, kind string, e presenceEvent) {
	if strings.ContainsAny(l.clientID, "+#") {
		return
	}
	e.ClientID, e.ThingName, e.Timestamp = l.clientID, l.exclusive, time.Now().UnixMilli()
	e.SessionIdentifier, e.PrincipalIdentifier = l.sessionID, l.certificate
	payload, err := json.Marshal(e)
	if err != nil {
		b.log.Error("lifecycle event", "client", l.clientID, "error", err)
		return
	}
	b.disorder.send(e, func() {
		_ = b.Accept(l.cancel, &message.Message{ // a stopping core has told of the drop
			Topic: "$aws/events/" + kind + "/" + l.clientID, Payload: payload, QoS: 1,
			ClientID: message.OffMQTT, Source: l.clientID, Trace: b.trace(l),
		})
	})
}
