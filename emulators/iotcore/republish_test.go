package iotcore

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
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
