package iotcore

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// The entries of rules have the attributes and the words of AWS's examples.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#rule-engine-logs
func TestLogEntriesOfRules(t *testing.T) {
	loggedCore(t, types.LogLevelInfo, func(f *fixture, c *iot.Client, s *sink) {
		url := "http://127.0.0.1/in"
		f.createRule("R", rule.Payload{SQL: "SELECT * FROM 'rules/test'", Actions: []action.Action{
			{Republish: &action.Republish{Topic: "rules/republish", RoleArn: role}},
			{HTTP: &action.HTTP{URL: url + "/data?key=secret", ConfirmationURL: url}},
		}})
		succeeds(t)(c.ConfirmTopicRuleDestination(f.t.Context(), &iot.ConfirmTopicRuleDestinationInput{ConfirmationToken: aws.String(f.core.config.Targets.Web.(*tokens).last)}))
		cl := f.dial("a", f.thing("a", allowAll))
		cl.publish("rules/test", `{}`)
		cl.publish("$aws/rules/example_rule", `{}`)
		settle()
		of := map[string]map[string]any{} // by action, or else by type
		for _, line := range s.took() {
			var e map[string]any
			require.NoError(t, json.Unmarshal([]byte(line[strings.Index(line, "{"):]), &e))
			of[e["eventType"].(string)] = e
			if action, ok := e["ruleAction"].(string); ok {
				of[action] = e
			}
		}
		require.Equal(t, map[string]any{"RepublishTopic": "rules/republish"}, of["RepublishAction"]["resources"])
		require.Equal(t, map[string]any{"Url": url + "/data", "ConfirmationUrl": url}, of["HttpAction"]["resources"], "without the query, which may be a secret")
		missing := of["RuleNotFound"]
		require.Equal(t, of["Connect"]["principalId"], missing["principalId"])
		delete(missing, "timestamp")
		delete(missing, "principalId")
		require.Equal(t, map[string]any{
			"logLevel": "ERROR", "traceId": missing["traceId"], "accountId": "000000000000", "status": "Failure", "eventType": "RuleNotFound",
			"clientId": "a", "topicName": "$aws/rules/example_rule", "ruleName": "example_rule",
			"reason": "RuleNotFound", "details": "Rule example_rule not found",
		}, missing)
	})
}
