package iotcore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// AWS.md §2: Actions: kinesis (one record a message, partitionKey template), lambda
// (asynchronous invoke), s3 (key template), sns (RAW default), republish.
func TestActions(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("All", "devices/+/telemetry",
			toKinesis("stream"),
			action.Action{Lambda: &action.Lambda{FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f"}},
			action.Action{S3: &action.S3{BucketName: "bucket", Key: "${topic()}/x", RoleArn: role}},
			action.Action{SNS: &action.SNS{TargetArn: "arn:aws:sns:us-east-1:000000000000:t", RoleArn: role}},
			action.Action{Republish: &action.Republish{Topic: "copies/${topic(2)}", RoleArn: role, QoS: 1}},
		)
		f.rule("Copies", "copies/+", toKinesis("copies"))
		c := f.dial("a", f.thing("a", allowAll))
		c.subscribe(1, "copies/a")
		require.True(t, c.publish("devices/a/telemetry", `{"n":1}`))
		settle()
		require.Equal(t, []string{
			`kinesis stream a {"n":1}`,
			`lambda arn:aws:lambda:us-east-1:000000000000:function:f Event {"n":1}`,
			`s3 bucket devices/a/telemetry/x {"n":1}`,
			`sns arn:aws:sns:us-east-1:000000000000:t  {"n":1}`,
			`kinesis copies a {"n":1}`,
		}, f.targets.took())
		require.Equal(t, []string{`copies/a {"n":1}`}, c.got())
		done := f.heard(event.ActionDone)
		require.Len(t, done, 6)
		require.Equal(t, "devices/a/telemetry/x", done[2].Resource)
		require.Equal(t, "devices/a/telemetry", done[2].Topic)
		require.Equal(t, done[0].Trace, done[5].Trace, "a republished message keeps its trace")
	})
}

// AWS.md §2: Error action: one message per rule and input message listing every
// failed action.
// AWS.md §2: {ruleName, topic, cloudwatchTraceId.
func TestErrorActionGetsOneMessage(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.targets.fail = map[string]bool{"kinesis": true, "s3": true}
		f.createRule("R", rule.Payload{
			SQL: "SELECT * FROM 'devices/+/telemetry'",
			Actions: []action.Action{
				toKinesis("stream"),
				{S3: &action.S3{BucketName: "bucket", Key: "k", RoleArn: role}},
				{Lambda: &action.Lambda{FunctionArn: "f"}},
			},
			ErrorAction: &action.Action{SNS: &action.SNS{TargetArn: "errors", RoleArn: role}},
		})
		c := f.dial("a", f.thing("a", allowAll))
		require.True(t, c.publish("devices/a/telemetry", `{"n":1}`))
		settle()
		calls := f.targets.took()
		require.Len(t, calls, 2)
		require.True(t, strings.HasPrefix(calls[0], "lambda f"), "the other action ran")
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(calls[1], "sns errors  ")), &got))
		require.Equal(t, "R", got["ruleName"])
		require.Equal(t, "devices/a/telemetry", got["topic"])
		require.Equal(t, "a", got["clientId"])
		require.Equal(t, base64.StdEncoding.EncodeToString([]byte(`{"n":1}`)), got["base64OriginalPayload"])
		require.Equal(t, f.heard(event.ActionFailed)[0].Trace, got["cloudwatchTraceId"])
		failures := got["failures"].([]any)
		require.Len(t, failures, 2)
		first := failures[0].(map[string]any)
		require.Equal(t, "KinesisAction", first["failedAction"])
		require.Equal(t, "stream", first["failedResource"])
		require.Contains(t, first["errorMessage"], "kinesis is down")
		require.Equal(t, "bucket", failures[1].(map[string]any)["failedResource"])
		require.Len(t, f.heard(event.ErrorActionDone), 1)

		f.targets.fail["sns"] = true
		require.True(t, c.publish("devices/a/telemetry", `{"n":2}`))
		settle()
		require.Contains(t, f.reasons(event.RuleFailed)[0], "sns is down")
	})
}

// AWS.md §2: lambda takes no binary.
func TestLambdaTakesNoBinary(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("R", "t", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
		f.httpPublish("t", 0, "\x00\x01")
		settle()
		require.Equal(t, []string{"invoke: the payload is not JSON"}, f.reasons(event.ActionFailed))
	})
}

func TestRepublishLoopEnds(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Loop", "loop", action.Action{Republish: &action.Republish{Topic: "loop", RoleArn: role}})
		f.httpPublish("loop", 0, "x")
		settle()
		require.Len(t, f.heard(event.ActionDone), 10)
		require.Contains(t, f.reasons(event.ActionFailed)[0], "republished 10 times")
	})
}

// TestOrderOfAnInstant cuts many connections at once: whatever the scheduler
// does, rules see their wills in one order.
func TestOrderOfAnInstant(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Wills", "wills/+", toKinesis("s"))
		var want []string
		var clients []*client
		for i := range 50 {
			id := fmt.Sprintf("c%02d", i)
			clients = append(clients, f.dial(id, f.thing(id, allowAll), withWill("wills/"+id, id)))
			want = append(want, "kinesis s "+id+" "+id)
		}
		settle()
		for i := len(clients) - 1; i >= 0; i-- {
			go clients[i].conn.Close()
		}
		settle()
		require.Equal(t, want, f.targets.took())
	})
}

// AWS.md §1: Unacknowledged QoS 1 in / out per client: in: not accepted until
// PUBACK. The broker reads one PUBLISH after the other, each when the last has its
// PUBACK.
func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		f := newFixture(t, Config{QueueLimit: 2})
		defer f.close()
		f.rule("R", "t", toKinesis("s"))
		f.targets.gate = gate
		c := f.dial("a", f.thing("a", allowAll))
		settle()
		var acked sync.WaitGroup
		var n atomic.Int64
		acked.Go(func() {
			for i := range 10 {
				if c.publish("t", fmt.Sprint(i)) {
					n.Add(1)
				}
			}
		})
		time.Sleep(time.Minute)
		// Two messages are the worker's and two are in the queue; the next is not
		// acknowledged while there is no room.
		got, accepted, idle := n.Load(), len(f.heard(event.Accepted)), f.core.Idle()
		close(gate)
		acked.Wait()
		require.Equal(t, int64(4), got)
		require.Equal(t, 4+1, accepted, "and the presence event")
		require.False(t, idle)
		require.Equal(t, int64(10), n.Load())
		settle()
		require.True(t, f.core.Idle())
	})
}

func TestReplacedAndDisabledRules(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("R", "old", toKinesis("one"))
		_, err := f.core.engine.Replace(context.Background(), &rule.CreateInput{RuleName: "R", Payload: rule.Payload{
			SQL: "SELECT * FROM 'new'", AwsIotSQLVersion: sql.Version2016, Actions: []action.Action{toKinesis("two")},
		}})
		require.NoError(t, err)
		f.createRule("Off", rule.Payload{SQL: "SELECT * FROM '#'", RuleDisabled: true, Actions: []action.Action{toKinesis("off")}})
		f.httpPublish("old", 0, "x")
		f.httpPublish("new", 0, "y")
		settle()
		require.Equal(t, []string{"kinesis two  y"}, f.targets.took())
		_, err = f.core.engine.Delete(context.Background(), &rule.NameInput{RuleName: "R"})
		require.NoError(t, err)
		f.httpPublish("new", 0, "z")
		settle()
		require.Len(t, f.targets.took(), 1)
	})
}

// AWS.md §1: `$aws/events/subscriptions/subscribed|unsubscribed/<clientId>` (with
// `topics`).
func TestSubscriptionEvents(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Subs", "$aws/events/subscriptions/+/+", toKinesis("s"))
		c := f.dial("a", f.thing("a", allowAll))
		c.subscribe(1, "x", "y")
		c.unsubscribe("y")
		settle()
		calls := f.targets.took()
		require.Len(t, calls, 2)
		require.Contains(t, calls[0], `"eventType":"subscribed"`)
		require.Contains(t, calls[0], `"topics":["x","y"]`)
		require.Contains(t, calls[1], `"topics":["y"]`)
	})
}
