package iotcore

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// overHTTP is the peer of a message of the data plane's Publish.
var overHTTP = &logging.Peer{Protocol: "HTTP"}

// logEvent logs what a client did, or what was done to it. Accepted is not here: only
// publishedIn knows about retaining.
func (c *Core) logEvent(e event.Event) {
	entry := logging.Entry{TraceID: e.Trace, ClientID: e.ClientID, TopicName: e.Topic}
	switch e.Kind {
	case event.Connected:
		entry.EventType = "Connect"
	case event.ConnectRefused:
		entry.EventType, entry.Failed, entry.Details = "Connect", true, e.Reason
	case event.Disconnected:
		entry.EventType, entry.DisconnectReason, entry.Details = "Disconnect", e.Reason, e.Detail
	case event.Delivered:
		entry.EventType = "Publish-Out"
	case event.Denied, event.Rejected, event.Discarded:
		entry.EventType, entry.Failed, entry.Details = refusedTypes[e.Action], true, e.Reason
		if e.Kind == event.Denied {
			entry.Reason = "AUTHORIZATION_FAILURE"
		}
	}
	if entry.EventType == "" || entry.ClientID == "" {
		return
	}
	if entry.TraceID == "" {
		entry.TraceID = message.TraceOf(entry)
	}
	c.logs.Write(e.From.Fill(entry))
}

// refusedTypes are the event types of what is denied, rejected or discarded.
var refusedTypes = map[string]string{
	"publish": "Publish-In", "iot:Publish": "Publish-In", "iot:RetainPublish": "Publish-In",
	"subscribe": "Subscribe", "iot:Subscribe": "Subscribe", "deliver": "Publish-Out", "iot:Receive": "Publish-Out",
}

func publishedIn(m *message.Message) logging.Entry {
	e := logging.Entry{EventType: "Publish-In", TraceID: m.Trace, ClientID: m.LoggedID(), TopicName: m.Topic}
	if m.Retain {
		e.Retain = "True"
	}
	return m.From.Fill(e)
}
