package iotcore

import (
	"bytes"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/mochi-mqtt/server/v2/packets"
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
		kept := map[string]kept{}
		for i := range maxRetained - 1 {
			topic := fmt.Sprint("t/", i)
			kept[topic] = keptMessage(topic)
		}
		short := keptMessage("short")
		short.Expires = time.Now().Add(time.Minute)
		kept["short"] = short
		f.core.broker.mu.Lock()
		f.core.broker.retained = kept
		f.core.broker.mu.Unlock()

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

func keptMessage(topic string) kept {
	return kept{&message.Message{Topic: topic, Payload: []byte("x")}, time.Now()}
}

// written is a connection that keeps what was written.
type written struct {
	net.Conn
	bytes.Buffer
}

func (w *written) Write(p []byte) (int, error)      { return w.Buffer.Write(p) }
func (w *written) Read(p []byte) (int, error)       { return w.Buffer.Read(p) }
func (w *written) SetWriteDeadline(time.Time) error { return nil }

// TestThrottledPuback: in MQTT 5 the PUBACK says it, and the connection stays.
func TestThrottledPuback(t *testing.T) {
	conn := &written{}
	l, err := &link{Conn: conn, protocol: 5}, &breach{reason: overQuota}
	require.Equal(t, err, l.refusePublish(&packets.Packet{}, err), "QoS 0 has no PUBACK")
	require.NoError(t, l.refusePublish(&packets.Packet{FixedHeader: packets.FixedHeader{Qos: 1}, PacketID: 7}, err))
	require.Equal(t, []byte{0x40, 3, 0, 7, 0x97}, conn.Bytes()[:5])
}
