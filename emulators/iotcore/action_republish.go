package iotcore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// RepublishAction publishes the payload to another topic, QoS 0 unless set. A
// reserved topic is written with two dollar signs, as in $$aws/rules/…, and only
// where a client could publish to it. Headers are not implemented.
// https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
type RepublishAction struct {
	Topic   string `json:"topic"`
	RoleArn string `json:"roleArn"`
	QoS     int    `json:"qos,omitempty"`
}

type republishAction struct {
	role  string
	topic *sql.Template
	qos   byte
	// reserved is that the topic goes on behind $aws/.
	reserved bool
}

func (c *compiler) republish(a *RepublishAction) (action, error) {
	topic, err := c.template("topic", strings.TrimPrefix(a.Topic, escaped))
	if err == nil && strings.HasPrefix(a.Topic, "$") && !strings.HasPrefix(a.Topic, "${") && !strings.HasPrefix(a.Topic, escaped) {
		err = fmt.Errorf("topic %s: a reserved topic is written with two dollar signs, $$aws/…, and begins with aws", a.Topic)
	}
	if rest, ok := strings.CutPrefix(a.Topic, escaped); ok && !strings.Contains(rest, "${") {
		err = errors.Join(err, checkTopicOffMQTT("$aws/"+rest))
	}
	if a.QoS != 0 && a.QoS != 1 {
		err = errors.Join(err, fmt.Errorf("qos is 0 or 1, not %d", a.QoS))
	}
	if err := errors.Join(err, checkRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("republish: %w", err)
	}
	return republishAction{role: a.RoleArn, topic: topic, qos: byte(a.QoS), reserved: strings.HasPrefix(a.Topic, escaped)}, nil
}

// escaped begins a reserved topic in an action: ${ would be a template.
const escaped = "$$aws/"

func (republishAction) kind() string { return "republish" }

func (r republishAction) run(_ context.Context, a *activation, payload []byte) (outcome, error) {
	topic, err := r.topic.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	if r.reserved {
		topic = "$aws/" + topic
	}
	o := outcome{made: topic, resource: topic}
	if err := errors.Join(checkTopicOffMQTT(topic), checkPayload(payload)); err != nil {
		return o, fmt.Errorf("republish: %w", err)
	}
	// Each device may have a topic of its own.
	if err := a.ask(r.role, "iot:Publish", a.owner.ARN("iot", "topic/"+topic), true); err != nil {
		return o, fmt.Errorf("republish: %w", err)
	}
	if a.message.hops >= maxHops {
		return o, fmt.Errorf("republish: the message was republished %d times already", maxHops)
	}
	a.republished = append(a.republished, &message{
		topic: topic, payload: payload, qos: r.qos, clientID: offMQTT,
		trace: a.message.trace, source: a.message.source, hops: a.message.hops + 1,
	})
	return o, nil
}
