package iotcore

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
)

// logCall logs a call of the data plane.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html
func (c *Core) logCall(e logging.Entry, err error) {
	if !c.logs.On() {
		return
	}
	e.Protocol = overHTTP.protocol
	if err != nil {
		e.Failed, e.Details = true, err.Error()
	}
	e.TraceID = traceOf(e)
	c.logs.Write(e)
}

// logQueued logs that a message is kept for a client that is away, or not for a reason.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#log-mb-queued
func (b *broker) logQueued(clientID string, m *message, reason string) {
	if !b.logs.On() {
		return
	}
	b.logs.Write(logging.Entry{
		EventType: "Queued", TraceID: m.trace, Protocol: "MQTT", TopicName: m.topic, ClientID: clientID, QoS: "1",
		Failed: reason != "", Details: reason,
	})
}
