package iotcore

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// TestMostRetainedMessages: "AWS IoT Core returns a throttled response to messages
// published with RETAIN set and payloads greater than 0 bytes until some retained messages
// are deleted". Expired ones make room.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-retain-using
func TestMostRetainedMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, Config{})
		defer f.close()
		c := f.dial("a", f.thing("a", allowAll))
		retained := func(topic string) *message.Message {
			return &message.Message{Topic: topic, Payload: []byte("x"), Retain: true}
		}
		for i := range 100_000 - 1 {
			f.core.broker.Deliver(retained(fmt.Sprint("t/", i)))
		}
		short := retained("short")
		short.Expires = time.Now().Add(time.Minute)
		f.core.broker.Deliver(short)

		require.True(t, c.retain("t/1", "known"))
		require.True(t, c.publish("more", "not retained"))
		_, err := iotdataplane.NewFromConfig(awsConfig(f.core.Data())).Publish(t.Context(), &iotdataplane.PublishInput{Topic: aws.String("more"), Retain: true, Payload: []byte("x")})
		requireCode(t, err, "ThrottlingException", "the most the broker keeps")
		require.False(t, c.retain("more", "x"))
		settle()
		require.Equal(t, []string{"THROTTLED"}, f.reasons(event.Disconnected))

		time.Sleep(time.Minute) // of the bubble
		c = f.dial("a", f.thing("b", allowAll))
		require.True(t, c.retain("more", "there is room"))
	})
}
