package iotcore

import (
	"cmp"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
)

// logShadowRequest logs a request of a shadow that came as a message, by its answer.
func (c *Core) logShadowRequest(m *message.Message, answer shadow.Message) {
	thing, rest, _ := strings.Cut(strings.TrimPrefix(m.Topic, "$aws/things/"), "/")
	operations := map[string]string{"get": "GetThingShadow", "update": "UpdateThingShadow", "delete": "DeleteThingShadow"}
	entry := logging.Entry{
		EventType: operations[m.Topic[strings.LastIndexByte(m.Topic, '/')+1:]], TraceID: m.Trace,
		Protocol: "MQTT", DeviceShadowName: thing, TopicName: m.Topic, About: m.Subject(),
	}
	if m.From == overHTTP {
		entry.Protocol = "HTTP"
	}
	if name, ok := strings.CutPrefix(rest, "shadow/name/"); ok {
		entry.DeviceShadowName, _, _ = strings.Cut(name, "/")
	}
	if strings.HasSuffix(answer.Topic, "/rejected") {
		entry.Failed, entry.Details = true, string(answer.Payload)
	}
	c.logs.Write(entry)
}

// logShadowCall logs a call of the data plane. The classic shadow has its thing's name,
// as in AWS's examples.
func (c *Core) logShadowCall(operation, thing, name string, err error) {
	c.logCall(logging.Entry{EventType: operation, DeviceShadowName: cmp.Or(name, thing)}, err)
}
