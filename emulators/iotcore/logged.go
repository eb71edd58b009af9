package iotcore

import (
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
)

// peer is who is at the other end, as log entries tell it.
type peer struct {
	protocol, principal, ip string
	port                    int
}

// overHTTP is the peer of a message of the data plane's Publish.
var overHTTP = &peer{protocol: "HTTP"}

// peerOf is the peer of a connection. It is a copy, so that messages which are kept
// keep no connection.
func peerOf(l *link) *peer {
	p := &peer{protocol: "MQTT", principal: l.certificate, ip: l.ip}
	if addr, err := netip.ParseAddrPort(addressOf(l.Conn)); err == nil {
		p.port = int(addr.Port())
	}
	return p
}

func addressOf(c net.Conn) string {
	if c == nil || c.RemoteAddr() == nil {
		return ""
	}
	return c.RemoteAddr().String()
}

// fill tells in an entry who was at the other end.
func (p *peer) fill(e logging.Entry) logging.Entry {
	if p != nil {
		e.Protocol, e.PrincipalID, e.SourceIP, e.SourcePort = p.protocol, p.principal, p.ip, p.port
	}
	return e
}

// logEvent logs what a client did, or what was done to it. Accepted is not here: only
// publishedIn knows about retaining.
func (c *Core) logEvent(e Event) {
	entry := logging.Entry{TraceID: e.Trace, ClientID: e.ClientID, TopicName: e.Topic}
	switch e.Kind {
	case Connected:
		entry.EventType = "Connect"
	case ConnectRefused:
		entry.EventType, entry.Failed, entry.Details = "Connect", true, e.Reason
	case Disconnected:
		entry.EventType, entry.DisconnectReason, entry.Details = "Disconnect", e.Reason, e.Detail
	case Delivered:
		entry.EventType = "Publish-Out"
	case Denied, Rejected, Discarded:
		entry.EventType, entry.Failed, entry.Details = refusedTypes[e.Action], true, e.Reason
		if e.Kind == Denied {
			entry.Reason = "AUTHORIZATION_FAILURE"
		}
	}
	if entry.EventType == "" || entry.ClientID == "" {
		return
	}
	if entry.TraceID == "" {
		entry.TraceID = traceOf(entry)
	}
	c.logs.Write(e.from.fill(entry))
}

// refusedTypes are the event types of what is denied, rejected or discarded.
var refusedTypes = map[string]string{
	"publish": "Publish-In", "iot:Publish": "Publish-In", "iot:RetainPublish": "Publish-In",
	"subscribe": "Subscribe", "iot:Subscribe": "Subscribe", "deliver": "Publish-Out", "iot:Receive": "Publish-Out",
}

// traceOf makes the trace id of what is about no message.
func traceOf(e logging.Entry) string {
	return deriveUUID("log", e.EventType, e.ClientID, e.TopicName, uint64(time.Now().UnixNano()))
}

func publishedIn(m *message) logging.Entry {
	e := logging.Entry{EventType: "Publish-In", TraceID: m.trace, ClientID: loggedID(m), TopicName: m.topic}
	if m.retain {
		e.Retain = "True"
	}
	return m.from.fill(e)
}

func clientEntry(eventType string, l *link) logging.Entry {
	e := logging.Entry{EventType: eventType, ClientID: l.clientID}
	e.TraceID = traceOf(e)
	return l.from.fill(e)
}

// subscribed is the entry of a SUBSCRIBE; of MQTT 5 it tells the reason codes.
func subscribed(l *link, pk *packets.Packet, codes []byte) logging.Entry {
	e := clientEntry("Subscribe", l)
	var topics []string
	for i, sub := range pk.Filters {
		topics = append(topics, sub.Filter)
		if l.protocol >= 5 {
			e.Subscriptions = append(e.Subscriptions, logging.Subscription{TopicName: sub.Filter, ReasonCode: int(codes[i])})
		}
	}
	e.TopicName = strings.Join(topics, ",")
	return e
}

func ruleEntry(eventType string, m *message, rule string) logging.Entry {
	return logging.Entry{
		EventType: eventType, TraceID: m.trace, ClientID: loggedID(m), TopicName: m.topic, RuleName: rule, PrincipalID: m.principal,
		About: m.subject(),
	}
}

// ruleNotFound is the entry of a message of Basic Ingest that has no rule.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#log-rules-rule-not-found
func ruleNotFound(m *message, rule string) logging.Entry {
	e := ruleEntry("RuleNotFound", m, rule)
	e.Failed, e.Reason, e.Details = true, "RuleNotFound", "Rule "+rule+" not found"
	return e
}

// loggedID is the client id of an entry about a message.
func loggedID(m *message) string {
	if m.clientID == offMQTT {
		return "N/A"
	}
	return m.clientID
}

func (m *message) subject() logging.Subject {
	return logging.Subject{ClientID: m.clientID, PrincipalID: m.principal, SourceIP: m.sourceIP}
}

// logExecution logs what became of an action. Of the resources those of republish and
// http are told: AWS documents no other names.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#log-rules-rule-ex
func (e *engine) logExecution(a *activation, kind EventKind, action string, o outcome, err error) {
	if kind == Matched || kind == Filtered {
		return
	}
	entry := ruleEntry("RuleExecution", a.message, a.rule.name)
	entry.RuleAction = actionNames[action]
	if err != nil {
		entry.Failed, entry.Details = true, err.Error()
	}
	switch {
	case o.made == "": // it failed before
	case action == "republish":
		entry.Resources = map[string]string{"RepublishTopic": o.made}
	case action == "http" && o.confirmed != "":
		entry.Resources = map[string]string{"Url": o.made, "ConfirmationUrl": destination.WithoutQuery(o.confirmed)}
	}
	e.logs.Write(entry)
}
