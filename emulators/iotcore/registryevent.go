package iotcore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// eventPatience is how long an operation of the control plane waits for room in the rules
// queue before its events are dropped: what keeps the queue full may wait for the operation.
const eventPatience = 5 * time.Second

// announceChanges publishes the events of one operation to rules and subscribers, in order.
// https://docs.aws.amazon.com/iot/latest/developerguide/registry-events.html
func (c *Core) announceChanges(events []registry.Event) {
	ctx, stop := context.WithTimeout(context.Background(), eventPatience)
	defer stop()
	for _, e := range events {
		c.announceChange(ctx, e)
	}
}

func (c *Core) announceChange(ctx context.Context, e registry.Event) {
	payload, err := json.Marshal(e.Payload)
	if err != nil { // there are only texts, numbers and lists of them in it
		c.config.Log.Error("registry event", "topic", e.Topic, "error", err)
		return
	}
	_ = c.broker.Accept(ctx.Done(), &message.Message{ // accept has told of a drop
		Topic: e.Topic, Payload: payload, QoS: 1, ClientID: message.OffMQTT,
		Trace: message.DeriveUUID("registry", c.salt, c.changed.Add(1)),
	})
}
