package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func TestRuleTagsAndSwitch(t *testing.T) {
	c, ctx, name := controlClient(t), t.Context(), aws.String("r")
	in := &iot.CreateTopicRuleInput{RuleName: name, Tags: aws.String("aws:x=1"), TopicRulePayload: &types.TopicRulePayload{
		Sql: aws.String("SELECT * FROM 'a'"), AwsIotSqlVersion: aws.String("2016-03-23"),
		Actions: []types.Action{{Kinesis: &types.KinesisAction{StreamName: aws.String("s"), RoleArn: aws.String(role), PartitionKey: aws.String("k")}}},
	}}
	_, err := c.CreateTopicRule(ctx, in)
	require.ErrorContains(t, err, "InvalidRequestException")
	in.Tags = aws.String("x=1&x=2")
	_, err = c.CreateTopicRule(ctx, in)
	require.ErrorContains(t, err, "given twice")
	in.Tags = aws.String("project=shake%20down&b=")
	_, err = c.CreateTopicRule(ctx, in)
	require.NoError(t, err, "nothing was left of the first try")
	_, err = c.DisableTopicRule(ctx, &iot.DisableTopicRuleInput{RuleName: name})
	require.NoError(t, err)
	rule, err := c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: name})
	require.NoError(t, err)
	require.True(t, *rule.Rule.RuleDisabled)
	tags, err := c.ListTagsForResource(ctx, &iot.ListTagsForResourceInput{ResourceArn: rule.RuleArn})
	require.NoError(t, err)
	require.Equal(t, []types.Tag{{Key: aws.String("b"), Value: aws.String("")}, {Key: aws.String("project"), Value: aws.String("shake down")}}, tags.Tags)
	_, err = c.EnableTopicRule(ctx, &iot.EnableTopicRuleInput{RuleName: name})
	require.NoError(t, err)
	rule, err = c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: name})
	require.NoError(t, err)
	require.False(t, *rule.Rule.RuleDisabled)
	_, err = c.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: name})
	require.NoError(t, err)
	_, err = c.ListTagsForResource(ctx, &iot.ListTagsForResourceInput{ResourceArn: rule.RuleArn})
	require.ErrorContains(t, err, "ResourceNotFoundException")
}
