package iotcore

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
)

// respond acts on a message to a reserved topic, which rules and subscribers have
// already, and returns what the service that is behind the topic publishes. A will
// does not come here: the shadow service ignores them.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-comms-app.html
func (c *Core) respond(m *message.Message) []*message.Message {
	var out []*message.Message
	answers := c.shadows.Serve(m.Topic, m.Payload)
	if len(answers) > 0 && c.logs.On() {
		c.logShadowRequest(m, answers[0])
	}
	for _, answer := range answers {
		out = append(out, answerTo(m, answer))
	}
	return append(out, c.provision(m)...)
}

// provision answers a request for a certificate or a thing. "IoT Core Fleet
// Provisioning returns the device provisioning MQTT API results through the same MQTT
// connection": with QoS 0, so that no later one has them.
func (c *Core) provision(m *message.Message) []*message.Message {
	if !m.MQTT {
		return nil
	}
	topic, answer, ok := c.claims.Serve(m.Topic, m.Payload, provisioning.Client{ID: m.ClientID, Certificate: m.Principal})
	if !ok {
		return nil
	}
	return []*message.Message{{
		Topic: topic, Payload: answer, ClientID: message.OffMQTT, Only: m.ClientID,
		Trace: m.Trace, Source: m.Source, Hops: m.Hops,
	}}
}

// answerTo is a message of a service about m. Its
// hops are m's, so that rules cannot go around for ever.
func answerTo(m *message.Message, a shadow.Message) *message.Message {
	return &message.Message{
		Topic: a.Topic, Payload: a.Payload, QoS: 1, ClientID: message.OffMQTT,
		Trace: m.Trace, Source: m.Source, Hops: m.Hops,
	}
}

// announceShadow publishes what was changed over HTTP.
func (c *Core) announceShadow(cancel <-chan struct{}, messages []shadow.Message) {
	about := &message.Message{Trace: message.DeriveUUID("http", c.salt, c.published.Add(1))}
	for _, m := range messages {
		if c.broker.Accept(cancel, answerTo(about, m)) != nil {
			return
		}
	}
}
