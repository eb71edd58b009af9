package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func ruleMembers(t *testing.T, c *iot.Client) {
	ctx, ok, name := t.Context(), succeeds(t), aws.String("Members")
	payload := sourceRule().TopicRulePayload
	payload.Description, payload.RuleDisabled = aws.String("one"), aws.Bool(false)
	ok(c.CreateTopicRule(ctx, &iot.CreateTopicRuleInput{RuleName: name, TopicRulePayload: payload, Tags: aws.String("team=pumps")}))
	described := func() *types.TopicRule {
		out, err := c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: name})
		require.NoError(t, err)
		requireTagged(t, c, out.RuleArn)
		return out.Rule
	}
	require.Equal(t, "one", *described().Description)
	payload.Description, payload.RuleDisabled = aws.String("two"), aws.Bool(true)
	ok(c.ReplaceTopicRule(ctx, &iot.ReplaceTopicRuleInput{RuleName: name, TopicRulePayload: payload}))
	require.Equal(t, "two", *described().Description)
	require.True(t, *described().RuleDisabled)
	payload.RuleDisabled = nil
	ok(c.CreateTopicRule(ctx, &iot.CreateTopicRuleInput{RuleName: aws.String("Members2"), TopicRulePayload: payload}))
	pages(t, c.ListTopicRules, iot.ListTopicRulesInput{})
	list, err := c.ListTopicRules(ctx, &iot.ListTopicRulesInput{RuleDisabled: aws.Bool(true)})
	require.NoError(t, err)
	require.Len(t, list.Rules, 1)
	require.Equal(t, name, list.Rules[0].RuleName)
}

func destinationMembers(t *testing.T, c *iot.Client) {
	for _, url := range []string{"http://127.0.0.1/m1", "http://127.0.0.1/m2"} {
		succeeds(t)(c.CreateTopicRuleDestination(t.Context(), &iot.CreateTopicRuleDestinationInput{DestinationConfiguration: &types.TopicRuleDestinationConfiguration{
			HttpUrlConfiguration: &types.HttpUrlDestinationConfiguration{ConfirmationUrl: &url},
		}}))
	}
	pages(t, c.ListTopicRuleDestinations, iot.ListTopicRuleDestinationsInput{})
}

func loggingMembers(t *testing.T, c *iot.Client) {
	ctx, ok := t.Context(), succeeds(t)
	ok(c.SetV2LoggingOptions(ctx, &iot.SetV2LoggingOptionsInput{RoleArn: aws.String(provisioningRole), DefaultLogLevel: types.LogLevelInfo,
		EventConfigurations: []types.LogEventConfiguration{{EventType: aws.String("Connect"), LogLevel: types.LogLevelError}}}))
	for _, verbose := range []bool{false, true} {
		got, err := c.GetV2LoggingOptions(ctx, &iot.GetV2LoggingOptionsInput{Verbose: verbose})
		require.NoError(t, err)
		require.Equal(t, verbose, len(got.EventConfigurations) > 1, "those that were set, or all")
	}
	for _, client := range []string{"m-a", "m-b"} {
		ok(c.SetV2LoggingLevel(ctx, &iot.SetV2LoggingLevelInput{LogTarget: &types.LogTarget{TargetType: types.LogTargetTypeClientId, TargetName: &client}, LogLevel: types.LogLevelDebug}))
	}
	pages(t, c.ListV2LoggingLevels, iot.ListV2LoggingLevelsInput{})
}
