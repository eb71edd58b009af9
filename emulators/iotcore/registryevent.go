package iotcore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// eventPatience is how long an operation of the control plane waits for room in the rules
// queue before its event is dropped: what keeps the queue full may wait for the operation.
const eventPatience = 5 * time.Second

// announceChange publishes an event of the registry to rules and subscribers.
// https://docs.aws.amazon.com/iot/latest/developerguide/registry-events.html
func (c *Core) announceChange(e registry.Event) {
	payload, err := json.Marshal(e.Payload)
	if err != nil { // there are only texts, numbers and lists of them in it
		c.config.Log.Error("registry event", "topic", e.Topic, "error", err)
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), eventPatience)
	defer stop()
	_ = c.broker.accept(ctx.Done(), &message{ // accept has told of a drop
		topic: e.Topic, payload: payload, qos: 1, clientID: offMQTT,
		trace: deriveUUID("registry", c.broker.salt, c.changed.Add(1)),
	})
}
