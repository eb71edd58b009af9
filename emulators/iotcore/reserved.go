package iotcore

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
)

// isReserved tells whether a topic is one of AWS's own.
func isReserved(topic string) bool { return topic != "" && topic[0] == '$' }

// respond acts on a message to a reserved topic, which rules and subscribers have
// already, and returns what the service that is behind the topic publishes. A will
// does not come here: the shadow service ignores them.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-comms-app.html
func (c *Core) respond(m *message) []*message {
	var out []*message
	answers := c.shadows.Serve(m.topic, m.payload)
	if len(answers) > 0 && c.logs.On() {
		c.logShadowRequest(m, answers[0])
	}
	for _, answer := range answers {
		out = append(out, m.answer(answer))
	}
	return append(out, c.provision(m)...)
}

// provision answers a request for a certificate or a thing. "IoT Core Fleet
// Provisioning returns the device provisioning MQTT API results through the same MQTT
// connection": with QoS 0, so that no later one has them.
func (c *Core) provision(m *message) []*message {
	if !m.mqtt {
		return nil
	}
	topic, answer, ok := c.claims.Serve(m.topic, m.payload, provisioning.Client{ID: m.clientID, Certificate: m.principal})
	if !ok {
		return nil
	}
	return []*message{{
		topic: topic, payload: answer, clientID: offMQTT, only: m.clientID,
		trace: m.trace, source: m.source, hops: m.hops,
	}}
}

// answer is a message of a service about m. Its
// hops are m's, so that rules cannot go around for ever.
func (m *message) answer(a shadow.Message) *message {
	return &message{
		topic: a.Topic, payload: a.Payload, qos: 1, clientID: offMQTT,
		trace: m.trace, source: m.source, hops: m.hops,
	}
}

// publishServed hands on what services publish about a message that was accepted.
func (b *broker) publishServed(cancel <-chan struct{}, m *message) {
	for _, answer := range b.respond(m) {
		if answer.only != "" {
			b.deliver(answer)
			continue
		}
		if b.accept(cancel, answer) != nil {
			return // the core is stopping, and has told of the drop
		}
	}
}

// announceShadow publishes what was changed over HTTP.
func (c *Core) announceShadow(cancel <-chan struct{}, messages []shadow.Message) {
	about := &message{trace: deriveUUID("http", c.broker.salt, c.published.Add(1))}
	for _, m := range messages {
		if c.broker.accept(cancel, about.answer(m)) != nil {
			return
		}
	}
}
