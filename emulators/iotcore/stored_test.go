package iotcore

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

// AWS.md §1: Stored messages on resume: ≤ 10 msg/s, with current traffic beside.
func TestStoredMessagesAreSentSlowly(t *testing.T) {
	enforced(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert, persistent)
		c.subscribe(1, "cmd", "now")
		c.disconnect()
		for i := range 35 {
			f.httpPublish("cmd", 1, fmt.Sprint(i))
		}
		time.Sleep(2 * time.Second)
		c = f.dial("a", cert, persistent)
		time.Sleep(500 * time.Millisecond)
		require.Len(t, c.got(), 10)
		f.httpPublish("now", 1, "new")
		time.Sleep(100 * time.Millisecond)
		require.Equal(t, "now new", c.got()[10])
		time.Sleep(time.Second)
		require.Len(t, c.got(), 21)
		c.drop()
		time.Sleep(2 * time.Second)
		c = f.dial("a", cert, persistent)
		time.Sleep(1500 * time.Millisecond)
		require.Len(t, c.got(), 15)
		require.Equal(t, "cmd 20", c.got()[0])
		require.Equal(t, "cmd 34", c.got()[14])
	})
}

// AWS.md §1: QoS 1 redelivery window: MQTT 3: 1 h; MQTT 5: 960 s; then dropped.
func TestUnacknowledgedIsGivenUp(t *testing.T) {
	for _, test := range []struct {
		version  byte
		patience time.Duration
	}{{4, time.Hour}, {5, 960 * time.Second}} {
		t.Run(fmt.Sprint("mqtt ", test.version), func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				conn := f.secure(f.thing("a", allowAll))
				defer func() { _ = conn.NetConn().Close() }()
				say := func(pk packets.Packet) {
					pk.ProtocolVersion = test.version
					require.NoError(t, (&client{conn: conn}).write(pk))
				}
				require.NoError(t, conn.Handshake())
				heard := &talker{conn: conn, version: test.version, heard: make(chan string, 1000)}
				f.clients.Go(heard.hear)
				say(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect}, Connect: packets.ConnectParams{ProtocolName: []byte("MQTT"), Clean: true, ClientIdentifier: "a"}})
				say(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1, Filters: packets.Subscriptions{{Filter: "t", Qos: 1}}})
				settle()
				for range 101 {
					f.httpPublish("t", 1, "x")
				}
				wait := func(d time.Duration) {
					for range d / (10 * time.Minute) {
						time.Sleep(10 * time.Minute)
						say(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingreq}})
					}
					time.Sleep(d % (10 * time.Minute))
				}
				wait(test.patience - time.Minute)
				f.httpPublish("t", 1, "still full")
				settle()
				require.Len(t, f.heard(event.Delivered), 100)
				require.Empty(t, f.heard(event.Dropped))
				wait(2 * time.Minute)
				f.httpPublish("t", 1, "room again")
				settle()
				require.Len(t, f.heard(event.Dropped), 100)
				require.Len(t, f.heard(event.Delivered), 103)
			})
		})
	}
}

// AWS.md §1: 1 retained publish/s a topic.
func TestRetainedPublishesAreThrottled(t *testing.T) {
	enforced(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		say := func(topic, payload string) {
			_ = c.write(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Retain: true}, TopicName: topic, Payload: []byte(payload)})
			time.Sleep(100 * time.Millisecond)
		}
		say("t/a", "1")
		say("t/a", "2")
		say("t/b", "1")
		require.Len(t, f.heard(event.Discarded), 1)
		require.Contains(t, f.heard(event.Discarded)[0].Reason, "1 retained publish request a second on the topic")
		api := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		_, err := api.Publish(context.Background(), &iotdataplane.PublishInput{Topic: aws.String("t/a"), Retain: true, Payload: []byte("3")})
		requireCode(t, err, "ThrottlingException", "1 retained publish request a second")
		time.Sleep(time.Second)
		say("t/a", "4")
		got, err := api.GetRetainedMessage(context.Background(), &iotdataplane.GetRetainedMessageInput{Topic: aws.String("t/a")})
		require.NoError(t, err)
		require.Equal(t, "4", string(got.Payload))
	})
}

// TestExpiredMessagesMakeRoom: in the queues of a session and of a shared subscription.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-message-expiry
func TestExpiredMessagesMakeRoom(t *testing.T) {
	for _, filter := range []string{"cmd", "$share/g/cmd"} {
		t.Run(filter, func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				cert := f.thing("a", allowAll)
				c := f.dial("a", cert, persistent)
				c.subscribe(1, filter)
				c.disconnect()
				settle() // the broker knows it
				data := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
				for range 1000 {
					_, err := data.Publish(context.Background(), &iotdataplane.PublishInput{Topic: aws.String("cmd"), Qos: 1, Payload: []byte("old"), MessageExpiry: 60})
					require.NoError(t, err)
				}
				f.httpPublish("cmd", 1, "too much")
				time.Sleep(time.Minute) // of the bubble
				f.httpPublish("cmd", 1, "new")
				c = f.dial("a", cert, persistent)
				settle()
				require.Equal(t, []string{"cmd new"}, c.got())
				reasons := f.reasons(event.Dropped)
				require.Len(t, reasons, 1000+1)
				require.Contains(t, reasons[0], "the most messages it can")
				require.Equal(t, "the message expired", reasons[1])
			})
		})
	}
}
