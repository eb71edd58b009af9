package iotcore

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// aTime is one that a bubble's clock shows in its first minutes: settling takes seconds.
var aTime = regexp.MustCompile(`"timestamp":946684[89]\d\d`)

// requireHeard compares what a client received since the last time with topics and
// JSON, "topic payload" each, all at the bubble's beginning.
func (c *client) requireHeard(f *fixture, want ...string) {
	f.t.Helper()
	settle()
	got := c.got()
	require.Len(f.t, got[c.compared:], len(want), "%s", got[c.compared:])
	for i, w := range want {
		topic, payload, _ := strings.Cut(got[c.compared+i], " ")
		wantTopic, wantPayload, _ := strings.Cut(w, " ")
		require.Equal(f.t, wantTopic, topic)
		require.JSONEq(f.t, wantPayload, aTime.ReplaceAllString(payload, `"timestamp":946684800`), topic)
	}
	c.compared = len(got)
}

// TestShadowOverMQTT has the documents of
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html
func TestShadowOverMQTT(t *testing.T) {
	inBubble(t, func(f *fixture) { // whose clock starts at 946684800
		c := f.dial("lamp", f.thing("lamp", allowAll))
		const topic, stamp = "$aws/things/lamp/shadow", `{"timestamp":946684800}`
		require.NotNil(t, c.subscribe(1, topic+"/update/+", topic+"/get/+", topic+"/delete/+"))

		require.True(t, c.publish(topic+"/get", ""))
		c.requireHeard(f, topic+`/get/rejected {"code":404,"message":"No shadow exists with name: 'lamp'","timestamp":946684800}`)

		require.True(t, c.publish(topic+"/update", `{"state":{"desired":{"color":"red","n":1},"reported":{"color":"green","n":1.0}},"clientToken":"t1"}`))
		both := `{"desired":{"color":"red","n":1},"reported":{"color":"green","n":1.0}}`
		stamps := `{"desired":{"color":` + stamp + `,"n":` + stamp + `},"reported":{"color":` + stamp + `,"n":` + stamp + `}}`
		c.requireHeard(f,
			topic+`/update/accepted {"state":`+both+`,"metadata":`+stamps+`,"version":1,"timestamp":946684800,"clientToken":"t1"}`,
			topic+`/update/delta {"state":{"color":"red"},"metadata":{"color":`+stamp+`},"version":1,"timestamp":946684800,"clientToken":"t1"}`,
			topic+`/update/documents {"previous":{"state":{},"metadata":{},"version":0},"current":{"state":`+both+`,"metadata":`+stamps+`,"version":1},"timestamp":946684800,"clientToken":"t1"}`)

		require.True(t, c.publish(topic+"/update", `{"state":{"reported":{"color":"red"}},"version":9,"clientToken":"t2"}`))
		c.requireHeard(f, topic+`/update/rejected {"code":409,"message":"Version conflict","timestamp":946684800,"clientToken":"t2"}`)
		require.True(t, c.publish(topic+"/update", `{"state":{"reported":{"color":"red"}},"version":1}`))
		settle()
		require.Len(t, c.got()[c.compared:], 2, "nothing differs any more: there is no delta, and 1 is 1.0")
		c.compared += 2

		require.True(t, c.publish(topic+"/get", `{"clientToken":"t3"}`))
		now := strings.ReplaceAll(both, "green", "red")
		c.requireHeard(f, topic+`/get/accepted {"state":`+now+`,"metadata":`+stamps+`,"version":2,"timestamp":946684800,"clientToken":"t3"}`)
		require.True(t, c.publish(topic+"/delete", ""))
		c.requireHeard(f, topic+`/delete/accepted {"version":2,"timestamp":946684800}`)
	})
}

// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
func TestShadowRejections(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("lamp", f.thing("lamp", allowAll))
		const topic = "$aws/things/lamp/shadow/name/config"
		require.NotNil(t, c.subscribe(0, topic+"/update/rejected"))
		for payload, want := range map[string]string{
			`{"state":`:                  `{"code":400,"message":"Invalid JSON","timestamp":946684800}`,
			`{"clientToken":"t"}`:        `{"code":400,"message":"Missing required node: state","timestamp":946684800,"clientToken":"t"}`,
			`{"state":1}`:                `{"code":400,"message":"State node must be an object","timestamp":946684800}`,
			`{"state":{"desired":1}}`:    `{"code":400,"message":"Desired node must be an object","timestamp":946684800}`,
			`{"state":{"reported":[]}}`:  `{"code":400,"message":"Reported node must be an object","timestamp":946684800}`,
			`{"state":{"x":{}}}`:         `{"code":400,"message":"State contains an invalid node: 'x'","timestamp":946684800}`,
			`{"state":{},"version":"1"}`: `{"code":400,"message":"Invalid version","timestamp":946684800}`,
			`{"state":{},"clientToken":"` + strings.Repeat("t", 65) + `"}`:                            `{"code":400,"message":"Invalid clientToken","timestamp":946684800}`,
			`{"state":{"desired":` + strings.Repeat(`{"x":`, 9) + "1" + strings.Repeat("}", 9) + `}}`: `{"code":400,"message":"JSON contains too many levels of nesting; maximum is 8","timestamp":946684800}`,
			`{"state":{"desired":{"colors":[null,"RED"]}}}`:                                           `{"code":400,"message":"Invalid JSON: an array of part desired has a null","timestamp":946684800}`,
			strings.Repeat(" ", 8193): `{"code":413,"message":"The payload exceeds the maximum size allowed","timestamp":946684800}`,
			"{\"state\":\"\xff\"}":    `{"code":415,"message":"Unsupported documented encoding; supported encoding is UTF-8","timestamp":946684800}`,
		} {
			require.True(t, c.publish(topic+"/update", payload))
			c.requireHeard(f, topic+"/update/rejected "+want)
		}
	})
}

func TestShadowUpdatesOfOthers(t *testing.T) {
	inBubble(t, func(f *fixture) {
		device := f.dial("lamp", f.thing("lamp", allowAll))
		const topic = "$aws/things/lamp/shadow/update"
		require.NotNil(t, device.subscribe(1, topic+"/#"))
		_, err := iotdataplane.NewFromConfig(awsConfig(f.core.Data())).UpdateThingShadow(context.Background(),
			&iotdataplane.UpdateThingShadowInput{ThingName: aws.String("lamp"), Payload: []byte(`{"state":{"desired":{"on":true}}}`)})
		require.NoError(t, err)
		settle()
		require.Len(t, device.got(), 2, "delta and documents; accepted is the answer of the API")

		f.createRule("Wish", rule.Payload{SQL: "SELECT {'desired': {'on': on}} AS state FROM 'wishes'", Actions: []action.Action{{Republish: &action.Republish{Topic: "$$aws/things/lamp/shadow/update", RoleArn: role}}}})
		f.rule("Accepted", "$aws/things/+/shadow/update/accepted", toKinesis("s"))
		require.True(t, device.publish("wishes", `{"on":false}`))
		settle()
		require.Len(t, device.got(), 5, "accepted, delta, documents")
		require.Contains(t, strings.Join(f.targets.took(), "\n"), `{"desired":{"on":false}}`, "the answers go through rules too")

		f.createRule("Look", rule.Payload{SQL: "SELECT get_thing_shadow('lamp', '" + role + "').state.desired.on AS wished FROM 'look'", Actions: []action.Action{toKinesis("s")}})
		require.True(t, device.publish("look", `{}`))
		settle()
		require.Contains(t, strings.Join(f.targets.took(), "\n"), `{"wished":false}`)
	})
}

func TestShadowTopicsNeedPolicies(t *testing.T) {
	inBubble(t, func(f *fixture) {
		own := strings.ReplaceAll(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Subscribe","iot:Publish"],"Resource":"*"},
			{"Effect":"Allow","Action":"iot:Receive","Resource":"ARN:topic/$aws/things/lamp/shadow/get/*"},
			{"Effect":"Deny","Action":"iot:Publish","Resource":"ARN:topic/$aws/things/other/*"}]}`, "ARN", "arn:aws:iot:us-east-1:000000000000")
		c := f.dial("lamp", f.thing("lamp", own))
		require.NotNil(t, c.subscribe(1, "$aws/things/lamp/shadow/#"))
		require.True(t, c.publish("$aws/things/lamp/shadow/update", `{"state":{"reported":{"on":true}}}`))
		require.True(t, c.publish("$aws/things/lamp/shadow/get", ""))
		settle()
		require.Len(t, c.got(), 1, "iot:Receive allows get alone")
		require.False(t, c.publish("$aws/things/other/shadow/get", ""))
	})
}
