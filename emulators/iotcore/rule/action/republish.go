package action

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// Republish publishes the payload to another topic, QoS 0 unless set. A
// reserved topic is written with two dollar signs, as in $$aws/rules/…, and only
// where a client could publish to it.
// https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
type Republish struct {
	Topic   string   `json:"topic"`
	RoleArn string   `json:"roleArn"`
	QoS     int      `json:"qos,omitempty"`
	Headers *Headers `json:"headers,omitempty"`
}

// maxHops bounds the republishes of one message; AWS does not state a limit.
const maxHops = 10

type republishAction struct {
	role    string
	topic   *sql.Template
	qos     byte
	headers headers
	// reserved is that the topic goes on behind $aws/.
	reserved bool
}

func (c *Compiler) republish(a *Republish) (Compiled, error) {
	name, err := c.template("topic", strings.TrimPrefix(a.Topic, escaped))
	if err == nil && strings.HasPrefix(a.Topic, "$") && !strings.HasPrefix(a.Topic, "${") && !strings.HasPrefix(a.Topic, escaped) {
		err = fmt.Errorf("topic %s: a reserved topic is written with two dollar signs, $$aws/…, and begins with aws", a.Topic)
	}
	if rest, ok := strings.CutPrefix(a.Topic, escaped); ok && !strings.Contains(rest, "${") {
		err = errors.Join(err, topic.CheckOffMQTT("$aws/"+rest))
	}
	if a.QoS != 0 && a.QoS != 1 {
		err = errors.Join(err, fmt.Errorf("qos is 0 or 1, not %d", a.QoS))
	}
	headers, invalid := c.headers(a.Headers)
	if err := errors.Join(err, invalid, CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("republish: %w", err)
	}
	return republishAction{role: a.RoleArn, topic: name, qos: byte(a.QoS), headers: headers, reserved: strings.HasPrefix(a.Topic, escaped)}, nil
}

// escaped begins a reserved topic in an action: ${ would be a template.
const escaped = "$$aws/"

func (republishAction) Kind() string { return "republish" }

func (r republishAction) Run(_ context.Context, a *Firing, payload []byte) (Outcome, error) {
	name, err := r.topic.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	if r.reserved {
		name = "$aws/" + name
	}
	o := Outcome{Made: name, Resource: name}
	if err := errors.Join(topic.CheckOffMQTT(name), message.CheckPayload(payload)); err != nil {
		return o, fmt.Errorf("republish: %w", err)
	}
	// Each device may have a topic of its own.
	if err := a.ask(r.role, "iot:Publish", a.Owner.ARN("iot", "topic/"+name), true); err != nil {
		return o, fmt.Errorf("republish: %w", err)
	}
	if a.Message.Hops >= maxHops {
		return o, fmt.Errorf("republish: the message was republished %d times already", maxHops)
	}
	properties, expiry, err := r.headers.expand(a.Input)
	if err != nil {
		return o, fmt.Errorf("republish: %w", err)
	}
	m := &message.Message{
		Topic: name, Payload: payload, QoS: r.qos, ClientID: message.OffMQTT, Properties: properties,
		Trace: a.Message.Trace, Source: a.Message.Source, Hops: a.Message.Hops + 1,
	}
	if expiry > 0 {
		m.Expires = time.Now().Add(expiry)
	}
	a.Republished = append(a.Republished, m)
	return o, nil
}
