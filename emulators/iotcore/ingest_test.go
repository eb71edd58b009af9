package iotcore

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// AWS.md §2: Basic Ingest $aws/rules/<rule>/<topic…>: straight to one rule, FROM
// optional, nobody can subscribe.
// AWS.md §1: $aws/rules/<rule>/.
func TestBasicIngest(t *testing.T) {
	inBubble(t, func(f *fixture) {
		toTopic := RuleAction{Kinesis: &KinesisAction{StreamName: "s", PartitionKey: "${topic()}", RoleArn: role}}
		f.createRule("One", RulePayload{SQL: "SELECT *, topic(2) AS second WHERE v > 1", Actions: []RuleAction{toTopic}})
		f.rule("Other", "a/#", toKinesis("other"))
		f.createRule("Off", RulePayload{SQL: "SELECT *", RuleDisabled: true, Actions: []RuleAction{toKinesis("off")}})
		c := f.dial("c", f.thing("c", allowAll))
		c.subscribe(1, "#")
		require.True(t, c.publish("$aws/rules/One/a/b", `{"v":2}`))
		require.True(t, c.publish("$aws/rules/One/a/b", `{"v":1}`))
		require.True(t, c.publish("$aws/rules/One", `{"v":3}`))
		// the first three levels do not count: 7 slashes and 256 bytes are behind them
		long := "1/2/3/4/5/6/7/" + strings.Repeat("x", 242)
		require.True(t, c.publish("$aws/rules/One/"+long, `{"v":4}`))
		require.True(t, c.publish("$aws/rules/NoSuch/a", `{}`))
		require.True(t, c.publish("$aws/rules/Off/a", `{}`))
		settle()
		require.Equal(t, []string{
			`kinesis s a/b {"v":2,"second":"b"}`, `kinesis s  {"v":3}`, `kinesis s ` + long + ` {"v":4,"second":"2"}`,
		}, f.targets.took())
		require.Empty(t, c.got(), "there are no subscribers")
		require.Equal(t, []string{"Basic Ingest: there is no enabled rule NoSuch", "Basic Ingest: there is no enabled rule Off"}, f.reasons(RuleFailed))
	})
}

// AWS.md §2: nobody can subscribe.
func TestBasicIngestIsRefused(t *testing.T) {
	for topic, want := range map[string]string{
		"$aws/rules/":                                   "is not the name of a rule",
		"$aws/rules/a-b/c":                              "is not the name of a rule",
		"$aws/rules/R/+":                                "wildcard",
		"$aws/rules/R/1/2/3/4/5/6/7/8/9":                "slashes",
		"$aws/rules/R/" + strings.Repeat("x", 257):      "the limit is 256",
		"$aws/events/presence/connected/a":              "only those of Basic Ingest",
		"$aws/rules/" + strings.Repeat("r", 129) + "/x": "is not the name of a rule",
	} {
		require.ErrorContains(t, checkTopic(topic), want, topic)
	}
	require.Error(t, checkFilter("$aws/rules/R/a"))
	inBubble(t, func(f *fixture) {
		_, err := f.core.engine.createRule(context.Background(), &CreateTopicRuleInput{RuleName: "R", RulePayload: RulePayload{
			SQL: "SELECT * FROM '$aws/rules/R/a'", AwsIotSQLVersion: sql.Version2016, Actions: []RuleAction{toKinesis("s")},
		}})
		require.ErrorContains(t, err, "of the reserved topics")
		r := httptest.NewRequest("POST", "/topics/$aws%2Frules%2FR%2Fa?retain=true", strings.NewReader("x"))
		w := httptest.NewRecorder()
		f.core.Data().ServeHTTP(w, r)
		require.Equal(t, 400, w.Code, w.Body.String())
		c := f.dial("c", f.thing("c", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Publish"],"Resource":["arn:aws:iot:*:*:client/c","arn:aws:iot:*:*:topic/$aws/rules/Mine/*"]}]}`))
		require.True(t, c.publish("$aws/rules/Mine/a", "x"))
		require.False(t, c.publish("$aws/rules/Other/a", "x"), "a policy is for the whole topic")
	})
}

// AWS.md §2: republish ($$aws/… escapes).
func TestRepublishToBasicIngest(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("First", "a", RuleAction{Republish: &RepublishAction{Topic: "$$aws/rules/Second/${topic()}/b", RoleArn: role}})
		f.createRule("Second", RulePayload{SQL: "SELECT *", Actions: []RuleAction{toKinesis("s")}})
		f.httpPublish("a", 0, "x")
		settle()
		require.Equal(t, []string{"kinesis s b x"}, f.targets.took())
		for topic, want := range map[string]string{"$aws/rules/Second/b": "two dollar signs", "$${topic()}": "two dollar signs"} {
			_, err := f.core.engine.createRule(context.Background(), &CreateTopicRuleInput{RuleName: "R", RulePayload: RulePayload{
				SQL: "SELECT * FROM 'a'", AwsIotSQLVersion: sql.Version2016, Actions: []RuleAction{{Republish: &RepublishAction{Topic: topic, RoleArn: role}}},
			}})
			require.ErrorContains(t, err, want)
		}
	})
}

// AWS.md §2: ≤ 10 actions a rule, 1,000 rules an account.
func TestRulesAreLimited(t *testing.T) {
	inBubble(t, func(f *fixture) {
		create := func(name string, actions int) error {
			p := RulePayload{SQL: "SELECT *", AwsIotSQLVersion: sql.Version2016}
			for range actions {
				p.Actions = append(p.Actions, toKinesis("s"))
			}
			_, err := f.core.engine.createRule(context.Background(), &CreateTopicRuleInput{RuleName: name, RulePayload: p})
			return err
		}
		require.NoError(t, create("Ten", 10))
		require.ErrorContains(t, create("Eleven", 11), "the limit is 10")
		for i := range maxRules - 1 {
			require.NoError(t, create("R"+strings.Repeat("0", i%100)+string(rune('a'+i/100)), 1))
		}
		require.ErrorContains(t, create("Last", 1), "1000 rules already")
	})
}
