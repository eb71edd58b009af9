package iotcore

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// publishMembers has a rule read back what Publish says besides topic and payload.
func (f *fixture) publishMembers(t *testing.T, c *iotdataplane.Client) {
	f.createRule("Properties", rule.Payload{AwsIotSQLVersion: sql.Version2016, Actions: []action.Action{toKinesis("s")}, SQL: `SELECT
		get_mqtt_property('content_type') AS type, get_mqtt_property('response_topic') AS answer,
		get_mqtt_property('format_indicator') AS format, decode(get_mqtt_property('correlation_data'), 'base64') AS about,
		get_user_properties('unit') AS unit FROM 'm/#'`})
	in := &iotdataplane.PublishInput{
		Topic: aws.String("m/1"), Payload: []byte("{}"), Qos: 1, Retain: true, MessageExpiry: 60,
		ContentType: aws.String("text/plain"), ResponseTopic: aws.String("m/answers"), PayloadFormatIndicator: types.PayloadFormatIndicatorUtf8Data,
		CorrelationData: aws.String(base64.StdEncoding.EncodeToString([]byte("j7"))), UserProperties: aws.String(`[{"unit":"celsius"}]`),
	}
	_, err := c.Publish(t.Context(), in)
	require.NoError(t, err)
	settle()
	require.Equal(t, []string{`kinesis s 1 {"type":"text/plain","answer":"m/answers","format":"UTF8_DATA","about":"j7","unit":["celsius"]}`}, f.targets.took())
	pages(t, c.ListRetainedMessages, iotdataplane.ListRetainedMessagesInput{})
	kept := &iotdataplane.GetRetainedMessageInput{Topic: in.Topic}
	got, err := c.GetRetainedMessage(t.Context(), kept)
	require.NoError(t, err)
	require.Equal(t, int32(1), got.Qos)
	require.JSONEq(t, *in.UserProperties, string(got.UserProperties))
	time.Sleep(time.Minute)
	_, err = c.GetRetainedMessage(t.Context(), kept)
	requireCode(t, err, "ResourceNotFoundException")
	_, err = c.Publish(t.Context(), &iotdataplane.PublishInput{Topic: aws.String("other"), PayloadFormatIndicator: types.PayloadFormatIndicatorUnspecifiedBytes})
	require.NoError(t, err)
}

// connectionMembers ends a connection without its will and without its session.
func (f *fixture) connectionMembers(t *testing.T, c *iotdataplane.Client) {
	f.rule("Wills", "wills/#", toKinesis("wills"))
	cert := f.thing("m", allowAll)
	for _, quiet := range []bool{false, true} {
		connected := f.dial("m", cert, withWill("wills/m", "gone"))
		_, err := c.DeleteConnection(t.Context(), &iotdataplane.DeleteConnectionInput{ClientId: aws.String("m"), CleanSession: quiet, PreventWillMessage: quiet})
		require.NoError(t, err)
		<-connected.done
		settle()
	}
	calls := f.targets.took()
	require.Equal(t, "kinesis wills m gone", calls[len(calls)-1])
	require.Len(t, calls, 2, "and the one of Publish; the second will is prevented")
}

func shadowMembers(t *testing.T, c *iotdataplane.Client) {
	ctx, thing := t.Context(), aws.String("m")
	for _, name := range []string{"one", "two"} {
		_, err := c.UpdateThingShadow(ctx, &iotdataplane.UpdateThingShadowInput{ThingName: thing, ShadowName: &name, Payload: []byte(`{"state":{"desired":{"name":"` + name + `"}}}`)})
		require.NoError(t, err)
		got, err := c.GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: thing, ShadowName: &name})
		require.NoError(t, err)
		require.Contains(t, string(got.Payload), `"name":"`+name+`"`)
	}
	pages(t, c.ListNamedShadowsForThing, iotdataplane.ListNamedShadowsForThingInput{ThingName: thing})
	_, err := c.DeleteThingShadow(ctx, &iotdataplane.DeleteThingShadowInput{ThingName: thing, ShadowName: aws.String("one")})
	require.NoError(t, err)
	list, err := c.ListNamedShadowsForThing(ctx, &iotdataplane.ListNamedShadowsForThingInput{ThingName: thing})
	require.NoError(t, err)
	require.Equal(t, []string{"two"}, list.Results)
}
