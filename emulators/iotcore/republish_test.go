package iotcore

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
//
// AWS.md §2: republish QoS 0.
func TestRepublishIsQoS0(t *testing.T) {
	inBubble(t, func(f *fixture) {
		api := iot.NewFromConfig(awsConfig(f.core.Control()))
		for name, qos := range map[string]*int32{"plain": nil, "sure": aws.Int32(1)} {
			_, err := api.CreateTopicRule(context.Background(), &iot.CreateTopicRuleInput{RuleName: &name, TopicRulePayload: &types.TopicRulePayload{
				Sql: aws.String("SELECT * FROM 'in/" + name + "'"), AwsIotSqlVersion: aws.String("2016-03-23"),
				Actions: []types.Action{{Republish: &types.RepublishAction{RoleArn: aws.String(role), Topic: aws.String("out/" + name), Qos: qos}}},
			}})
			require.NoError(t, err)
		}
		c := f.dial("c", f.thing("c", allowAll))
		c.subscribe(1, "out/+")
		for i, name := range []string{"plain", "sure"} {
			require.True(t, c.publish("in/"+name, "{}"))
			settle()
			require.Equal(t, "out/"+name+" {}", c.got()[i])
			require.Equal(t, byte(i), c.header(i).Qos, "the default is 0")
		}
	})
}

// headersSQL reads all there is of a message's properties.
const headersSQL = `SELECT get_mqtt_property('format_indicator') AS format, get_mqtt_property('content_type') AS type,
	get_mqtt_property('response_topic') AS response, get_mqtt_property('correlation_data') AS correlation,
	get_user_properties('k') AS k, get_user_properties('id') AS id FROM 'out/#'`

// https://docs.aws.amazon.com/iot/latest/apireference/API_MqttHeaders.html
func TestRepublishHasHeaders(t *testing.T) {
	inBubble(t, func(f *fixture) {
		ctx, api, name := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control())), aws.String("Headers")
		headers := &types.MqttHeaders{
			PayloadFormatIndicator: aws.String("UTF8_DATA"), ContentType: aws.String("rule/${kind}"), ResponseTopic: aws.String("answers/${topic(2)}"),
			CorrelationData: aws.String("${encode(id, 'base64')}"), MessageExpiry: aws.String("${seconds}"),
			UserProperties: []types.UserProperty{{Key: aws.String("k"), Value: aws.String("one")}, {Key: aws.String("k"), Value: aws.String("two")}, {Key: aws.String("id"), Value: aws.String("${id}")}},
		}
		_, err := api.CreateTopicRule(ctx, &iot.CreateTopicRuleInput{RuleName: name, TopicRulePayload: &types.TopicRulePayload{
			Sql: aws.String("SELECT * FROM 'in/#'"), AwsIotSqlVersion: aws.String("2016-03-23"),
			Actions:     []types.Action{{Republish: &types.RepublishAction{RoleArn: aws.String(role), Topic: aws.String("out/${topic(2)}"), Qos: aws.Int32(1), Headers: headers}}},
			ErrorAction: &types.Action{Sns: &types.SnsAction{TargetArn: aws.String("failed"), RoleArn: aws.String(role)}},
		}})
		require.NoError(t, err)
		got, err := api.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: name})
		require.NoError(t, err)
		require.Equal(t, headers, got.Rule.Actions[0].Republish.Headers)
		f.createRule("Read", rule.Payload{SQL: headersSQL, Actions: []action.Action{toKinesis("s")}})
		away := f.dial("away", f.thing("away", allowAll), persistent)
		away.subscribe(1, "out/+")
		away.disconnect()

		f.httpPublish("in/a", 0, `{"id":"7","kind":"json","seconds":60}`)
		settle()
		require.Equal(t, []string{`kinesis s a {"format":"UTF8_DATA","type":"rule/json","response":"answers/a","correlation":"Nw==","k":["one","two"],"id":["7"]}`}, f.targets.took())
		f.httpPublish("in/b", 0, `{"seconds":3600}`)
		f.httpPublish("in/c", 0, `{"seconds":"soon"}`)
		settle()
		failed := f.targets.took()[2]
		require.Contains(t, failed, `headers: messageExpiry \"soon\" is not a number of seconds`)
		require.Contains(t, failed, `"topic":"in/c"`)
		time.Sleep(61 * time.Second)
		back := f.dial("away", f.thing("back", allowAll), persistent)
		settle()
		require.Equal(t, []string{`out/b {"seconds":3600}`}, back.got(), "the first expired")
	})
}

// https://docs.aws.amazon.com/iot/latest/developerguide/sns-rule-action.html
func TestSNSMessageForEachProtocol(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("R", "a", action.Action{SNS: &action.SNS{TargetArn: "t", RoleArn: role, MessageFormat: "JSON"}})
		f.httpPublish("a", 0, `{"default":"d","sqs":"q"}`)
		settle()
		require.Equal(t, []string{`sns t json {"default":"d","sqs":"q"}`}, f.targets.took())
	})
}
