package iotcore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// RepublishAction publishes the payload to another topic, QoS 0 unless set. A
// reserved topic, which AWS wants written with two dollar signs as in $$aws/…, is
// refused: none can be published to yet. Headers are not implemented.
// https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
type RepublishAction struct {
	Topic   string `json:"topic"`
	RoleArn string `json:"roleArn"`
	QoS     int    `json:"qos,omitempty"`
}

type republishAction struct {
	topic *sql.Template
	qos   byte
}

func (c *compiler) republish(a *RepublishAction) (action, error) {
	topic, err := c.template("topic", a.Topic)
	if strings.HasPrefix(a.Topic, "$") && !strings.HasPrefix(a.Topic, "${") {
		err = fmt.Errorf("topic %s: publishing to reserved topics is not implemented by Shakedown", a.Topic)
	}
	if a.QoS != 0 && a.QoS != 1 {
		err = errors.Join(err, fmt.Errorf("qos is 0 or 1, not %d", a.QoS))
	}
	if err := errors.Join(err, checkRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("republish: %w", err)
	}
	return republishAction{topic: topic, qos: byte(a.QoS)}, nil
}

func (republishAction) kind() string { return "republish" }

func (r republishAction) run(_ context.Context, a *activation, payload []byte) (outcome, error) {
	topic, err := r.topic.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	o := outcome{made: topic, resource: topic}
	if err := errors.Join(checkTopic(topic), checkPayload(payload)); err != nil {
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
