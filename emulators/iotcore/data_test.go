package iotcore

import (
	"context"
	"encoding/base64"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// TestPublishProperties: the rule sees the properties of Publish, and an MQTT 3
// subscriber the message.
func TestPublishProperties(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.createRule("R", rule.Payload{
			SQL:     `SELECT get_mqtt_property('content_type') AS c, get_mqtt_property('response_topic') AS r, get_mqtt_property('correlation_data') AS d, get_mqtt_property('format_indicator') AS f, get_user_properties('k') AS u FROM 'a/b'`,
			Actions: []action.Action{toKinesis("s")},
		})
		c := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		_, err := c.Publish(context.Background(), &iotdataplane.PublishInput{
			Topic: aws.String("a/b"), Payload: []byte(`{}`), ContentType: aws.String("application/json"), ResponseTopic: aws.String("r/t"),
			CorrelationData: aws.String(base64.StdEncoding.EncodeToString([]byte("id"))), PayloadFormatIndicator: types.PayloadFormatIndicatorUtf8Data,
			UserProperties: aws.String(`[{"k":"1"},{"k":"2"}]`),
		})
		require.NoError(t, err)
		settle()
		require.Equal(t, []string{`kinesis s b {"c":"application/json","r":"r/t","d":"aWQ=","f":"UTF8_DATA","u":["1","2"]}`}, f.targets.took())
	})
}

// AWS.md §1: user properties ≤ 8 KB, correlation data ≤ 8 KB, content type ≤ 256 B.
func TestPublishPropertyLimits(t *testing.T) {
	c := iotdataplane.NewFromConfig(awsConfig(newCore(t).Data()))
	long := func(n int) *string {
		s := string(make([]byte, 0, n))
		for len(s) < n {
			s += "x"
		}
		return &s
	}
	for text, in := range map[string]*iotdataplane.PublishInput{
		"content type of 257 bytes":       {ContentType: long(257)},
		"correlation data of 8193 bytes":  {CorrelationData: aws.String(base64.StdEncoding.EncodeToString([]byte(*long(8193))))},
		"correlationData is not base64":   {CorrelationData: aws.String("*")},
		"user properties of 8193 bytes":   {UserProperties: aws.String(`[{"k":"` + *long(8192) + `"}]`)},
		"an object has one member, not 2": {UserProperties: aws.String(`[{"a":"1","b":"2"}]`)},
		"response topic a/+ contains":     {ResponseTopic: aws.String("a/+")},
		"is UNSPECIFIED_BYTES or UTF8":    {PayloadFormatIndicator: "BYTES"},
		"qos is 0 or 1, not 2":            {Qos: 2},
		"over MQTT":                       {Topic: aws.String(provisionTopic)},
	} {
		if in.Topic == nil {
			in.Topic = aws.String("a")
		}
		_, err := c.Publish(context.Background(), in)
		requireCode(t, err, "InvalidRequestException", text)
	}
}

// AWS.md §1: message expiry 1…604,800 s (clamped, …; retained, queued … too).
// AWS.md §1: MQTT 5: message expiry 1…604,800 s; retained, queued and will messages
// too.
func TestMessageExpiry(t *testing.T) {
	inBubble(t, func(f *fixture) {
		api := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		publish := func(topic string, expiry int64) {
			_, err := api.Publish(context.Background(), &iotdataplane.PublishInput{Topic: &topic, Qos: 1, Retain: true, Payload: []byte("x"), MessageExpiry: expiry})
			require.NoError(t, err)
		}
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert, persistent)
		c.subscribe(1, "short", "long")
		c.disconnect()
		publish("short", 5)
		publish("long", 10_000_000)
		time.Sleep(6 * time.Second)
		c = f.dial("a", cert, persistent)
		settle()
		require.Equal(t, []string{"long x"}, c.got(), "the other expired in the session's queue")
		require.Equal(t, []string{"the message expired"}, f.reasons(event.Dropped))
		_, err := api.GetRetainedMessage(context.Background(), &iotdataplane.GetRetainedMessageInput{Topic: aws.String("short")})
		requireCode(t, err, "ResourceNotFoundException", "short has no retained message")
		time.Sleep(604_800 * time.Second)
		_, err = api.GetRetainedMessage(context.Background(), &iotdataplane.GetRetainedMessageInput{Topic: aws.String("long")})
		requireCode(t, err, "ResourceNotFoundException", "long has no retained message")
	})
}

func TestRetainedMessages(t *testing.T) {
	inBubble(t, func(f *fixture) {
		api := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		for _, topic := range []string{"c/1", "a/1", "b/1"} {
			_, err := api.Publish(context.Background(), &iotdataplane.PublishInput{Topic: &topic, Qos: 1, Retain: true, Payload: []byte("on " + topic), UserProperties: aws.String(`[{"k":"v"}]`)})
			require.NoError(t, err)
		}
		got, err := api.GetRetainedMessage(context.Background(), &iotdataplane.GetRetainedMessageInput{Topic: aws.String("a/1")})
		require.NoError(t, err)
		require.Equal(t, "on a/1", string(got.Payload))
		require.Equal(t, `[{"k":"v"}]`, string(got.UserProperties))
		require.Equal(t, int32(1), got.Qos)
		require.Equal(t, time.Now().UnixMilli(), got.LastModifiedTime)

		var topics []string
		pages := iotdataplane.NewListRetainedMessagesPaginator(api, &iotdataplane.ListRetainedMessagesInput{MaxResults: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(context.Background())
			require.NoError(t, err)
			for _, r := range page.RetainedTopics {
				require.Equal(t, int64(6), r.PayloadSize)
				topics = append(topics, *r.Topic)
			}
		}
		require.Equal(t, []string{"a/1", "b/1", "c/1"}, topics)
		_, err = api.ListRetainedMessages(context.Background(), &iotdataplane.ListRetainedMessagesInput{MaxResults: aws.Int32(201)})
		requireCode(t, err, "InvalidRequestException", "maxResults is 1 to 200")
	})
}

// AWS.md §1: API_INITIATED_DISCONNECT (`DELETE /connections/<id>`), a will unless
// preventWillMessage=true.
func TestDeleteConnection(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Wills", "will", toKinesis("wills"))
		api := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		remove := func(clean, quiet bool) error {
			_, err := api.DeleteConnection(context.Background(), &iotdataplane.DeleteConnectionInput{ClientId: aws.String("a"), CleanSession: clean, PreventWillMessage: quiet})
			return err
		}
		cert := f.thing("a", allowAll)
		requireCode(t, remove(false, false), "ResourceNotFoundException", "client a is not connected")

		c := f.dial("a", cert, persistent, withWill("will", "w"))
		require.NoError(t, remove(false, true))
		<-c.done
		settle()
		require.Empty(t, f.targets.took(), "no will")
		require.Equal(t, []string{"API_INITIATED_DISCONNECT"}, f.reasons(event.Disconnected))

		c = f.dial("a", cert, persistent, withWill("will", "w"))
		require.True(t, c.resume, "the session stayed")
		require.NoError(t, remove(true, false))
		<-c.done
		settle()
		require.Equal(t, []string{"kinesis wills  w"}, f.targets.took())
		requireCode(t, remove(true, false), "ResourceNotFoundException", "no persistent session")

		c = f.dial("a", cert, persistent)
		require.False(t, c.resume, "the session ended")
		c.disconnect()
		settle()
		require.NoError(t, remove(true, false), "of a client that is away")
		requireCode(t, remove(true, false), "ResourceNotFoundException", "")
	})
}
