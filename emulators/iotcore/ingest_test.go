package iotcore

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// AWS.md §2: Basic Ingest $aws/rules/<rule>/<topic…>: straight to one rule, FROM
// optional, nobody can subscribe.
// AWS.md §1: $aws/rules/<rule>/.
func TestBasicIngest(t *testing.T) {
	inBubble(t, func(f *fixture) {
		toTopic := action.Action{Kinesis: &action.Kinesis{StreamName: "s", PartitionKey: "${topic()}", RoleArn: role}}
		f.createRule("One", rule.Payload{SQL: "SELECT *, topic(2) AS second WHERE v > 1", Actions: []action.Action{toTopic}})
		f.rule("Other", "a/#", toKinesis("other"))
		f.createRule("Off", rule.Payload{SQL: "SELECT *", RuleDisabled: true, Actions: []action.Action{toKinesis("off")}})
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
		require.Equal(t, []string{"Basic Ingest: there is no enabled rule NoSuch", "Basic Ingest: there is no enabled rule Off"}, f.reasons(event.RuleFailed))
	})
}

// AWS.md §2: nobody can subscribe.
func TestBasicIngestIsRefused(t *testing.T) {
	for name, want := range map[string]string{
		"$aws/rules/":                                   "is not the name of a rule",
		"$aws/rules/a-b/c":                              "is not the name of a rule",
		"$aws/rules/R/+":                                "wildcard",
		"$aws/rules/R/1/2/3/4/5/6/7/8/9":                "slashes",
		"$aws/rules/R/" + strings.Repeat("x", 257):      "the limit is 256",
		"$aws/events/presence/connected/a":              "only those of Basic Ingest",
		"$aws/rules/" + strings.Repeat("r", 129) + "/x": "is not the name of a rule",
	} {
		require.ErrorContains(t, topic.Check(name), want, name)
	}
	require.Error(t, topic.CheckFilter("$aws/rules/R/a"))
	inBubble(t, func(f *fixture) {
		_, err := f.core.engine.Create(context.Background(), &rule.CreateInput{RuleName: "R", Payload: rule.Payload{
			SQL: "SELECT * FROM '$aws/rules/R/a'", AwsIotSQLVersion: sql.Version2016, Actions: []action.Action{toKinesis("s")},
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
		f.rule("First", "a", action.Action{Republish: &action.Republish{Topic: "$$aws/rules/Second/${topic()}/b", RoleArn: role}})
		f.createRule("Second", rule.Payload{SQL: "SELECT *", Actions: []action.Action{toKinesis("s")}})
		f.httpPublish("a", 0, "x")
		settle()
		require.Equal(t, []string{"kinesis s b x"}, f.targets.took())
		for topic, want := range map[string]string{"$aws/rules/Second/b": "two dollar signs", "$${topic()}": "two dollar signs"} {
			_, err := f.core.engine.Create(context.Background(), &rule.CreateInput{RuleName: "R", Payload: rule.Payload{
				SQL: "SELECT * FROM 'a'", AwsIotSQLVersion: sql.Version2016, Actions: []action.Action{{Republish: &action.Republish{Topic: topic, RoleArn: role}}},
			}})
			require.ErrorContains(t, err, want)
		}
	})
}

// AWS.md §2: ≤ 10 actions a rule, 1,000 rules an account.
func TestRulesAreLimited(t *testing.T) {
	inBubble(t, func(f *fixture) {
		create := func(name string, actions int) error {
			p := rule.Payload{SQL: "SELECT *", AwsIotSQLVersion: sql.Version2016}
			for range actions {
				p.Actions = append(p.Actions, toKinesis("s"))
			}
			_, err := f.core.engine.Create(context.Background(), &rule.CreateInput{RuleName: name, Payload: p})
			return err
		}
		require.NoError(t, create("Ten", 10))
		require.ErrorContains(t, create("Eleven", 11), "the limit is 10")
		for i := range 1000 - 1 {
			require.NoError(t, create("R"+strings.Repeat("0", i%100)+string(rune('a'+i/100)), 1))
		}
		require.ErrorContains(t, create("Last", 1), "1000 rules already")
	})
}
