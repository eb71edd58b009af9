package iotcore

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestDataPlaneOperations holds the data plane to the operation table.
func TestDataPlaneOperations(t *testing.T) {
	inBubble(t, func(f *fixture) {
		config := awsConfig(f.core.Data())
		client := func(c aws.Config) *iotdataplane.Client { return iotdataplane.NewFromConfig(c) }
		operationtest.Check(f.t.(*testing.T), config, client, f.actOnData, operationtest.Also(iot.NewFromConfig(config)), operationtest.Fields(nil))
	})
}

// actOnData makes every operation succeed once.
func (f *fixture) actOnData(t *testing.T, c *iotdataplane.Client) {
	ctx, topic, thing := context.Background(), aws.String("a/b"), aws.String("a")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.Publish(ctx, &iotdataplane.PublishInput{Topic: topic, Retain: true, Payload: []byte("x")})
	must(err)
	_, err = c.GetRetainedMessage(ctx, &iotdataplane.GetRetainedMessageInput{Topic: topic})
	must(err)
	_, err = c.ListRetainedMessages(ctx, &iotdataplane.ListRetainedMessagesInput{})
	must(err)
	connected := f.dial("a", f.thing("a", allowAll))
	_, err = c.DeleteConnection(ctx, &iotdataplane.DeleteConnectionInput{ClientId: thing})
	must(err)
	<-connected.done
	_, err = c.UpdateThingShadow(ctx, &iotdataplane.UpdateThingShadowInput{ThingName: thing, Payload: []byte(`{"state":{"desired":{"on":true}}}`)})
	must(err)
	_, err = c.GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: thing})
	must(err)
	_, err = c.ListNamedShadowsForThing(ctx, &iotdataplane.ListNamedShadowsForThingInput{ThingName: thing})
	must(err)
	_, err = c.DeleteThingShadow(ctx, &iotdataplane.DeleteThingShadowInput{ThingName: thing})
	must(err)
	f.publishMembers(t, c)
	f.connectionMembers(t, c)
	shadowMembers(t, c)
}
