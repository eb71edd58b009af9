package iotcore

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// sink keeps log entries.
type sink struct {
	mu    sync.Mutex
	lines []string // group, text
}

func (s *sink) AppendAs(group, _ string, lines []logging.Line, _ func(action, arn string) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, line := range lines {
		s.lines = append(s.lines, group+" "+line.Text)
	}
	return nil
}

// took answers the entries and forgets them.
func (s *sink) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := s.lines
	s.lines = nil
	return lines
}

// types answers level and event type of each entry that there was, and status if it is a failure.
func (s *sink) types(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, line := range s.took() {
		_, text, _ := strings.Cut(line, " ")
		var e logging.Entry
		require.NoError(t, json.Unmarshal([]byte(text), &e))
		word := string(e.LogLevel) + " " + e.EventType
		if e.Status != "Success" {
			word += " " + e.Status
		}
		all = append(all, word)
	}
	return all
}

func actOnLogging(t *testing.T, c *iot.Client) {
	ctx, ok := context.Background(), succeeds(t)
	target := &types.LogTarget{TargetType: types.LogTargetTypeClientId, TargetName: thingA}
	_, err := c.GetV2LoggingOptions(ctx, &iot.GetV2LoggingOptionsInput{})
	requireCode(t, err, "NotConfiguredException")
	_, err = c.SetV2LoggingLevel(ctx, &iot.SetV2LoggingLevelInput{LogTarget: target, LogLevel: types.LogLevelDebug})
	requireCode(t, err, "NotConfiguredException")
	ok(c.SetV2LoggingOptions(ctx, &iot.SetV2LoggingOptionsInput{
		RoleArn: aws.String(provisioningRole), DefaultLogLevel: types.LogLevelInfo, DisableAllLogs: true,
		EventConfigurations: []types.LogEventConfiguration{{EventType: aws.String("Connect"), LogLevel: types.LogLevelError, LogDestination: aws.String("g")}},
	}))
	ok(c.SetV2LoggingLevel(ctx, &iot.SetV2LoggingLevelInput{LogTarget: target, LogLevel: types.LogLevelDebug}))
	ok(c.SetV2LoggingLevel(ctx, &iot.SetV2LoggingLevelInput{LogTarget: &types.LogTarget{TargetType: types.LogTargetTypeDefault}, LogLevel: types.LogLevelWarn}))
	got, err := c.GetV2LoggingOptions(ctx, &iot.GetV2LoggingOptionsInput{})
	require.NoError(t, err)
	require.Equal(t, []any{types.LogLevelWarn, true, provisioningRole}, []any{got.DefaultLogLevel, got.DisableAllLogs, *got.RoleArn})
	require.Len(t, got.EventConfigurations, 1)
	listed, err := c.ListV2LoggingLevels(ctx, &iot.ListV2LoggingLevelsInput{TargetType: types.LogTargetTypeClientId})
	require.NoError(t, err)
	require.Equal(t, []types.LogTargetConfiguration{{LogLevel: types.LogLevelDebug, LogTarget: target}}, listed.LogTargetConfigurations)
	ok(c.DeleteV2LoggingLevel(ctx, &iot.DeleteV2LoggingLevelInput{TargetType: types.LogTargetTypeClientId, TargetName: thingA}))
	listed, err = c.ListV2LoggingLevels(ctx, &iot.ListV2LoggingLevelsInput{})
	require.NoError(t, err)
	require.Len(t, listed.LogTargetConfigurations, 1, "the default's")
}

func TestLoggingRefusals(t *testing.T) {
	core, err := New(Config{Endpoint: endpoint, Logs: &sink{}})
	require.NoError(t, err)
	c := iot.NewFromConfig(awsConfig(core.Control()))
	set := func(in *iot.SetV2LoggingOptionsInput, text string) {
		t.Helper()
		_, err := c.SetV2LoggingOptions(context.Background(), in)
		requireCode(t, err, "InvalidRequestException", text)
	}
	set(&iot.SetV2LoggingOptionsInput{DefaultLogLevel: types.LogLevelInfo}, "roleArn")
	set(&iot.SetV2LoggingOptionsInput{RoleArn: aws.String(provisioningRole)}, "defaultLogLevel")
	set(&iot.SetV2LoggingOptionsInput{RoleArn: aws.String(provisioningRole), DefaultLogLevel: types.LogLevelInfo,
		EventConfigurations: []types.LogEventConfiguration{{EventType: aws.String("Ping")}}}, `"Ping" is not logged by Shakedown`)
	require.False(t, core.logs.On())
	succeeds(t)(c.SetV2LoggingOptions(context.Background(), &iot.SetV2LoggingOptionsInput{RoleArn: aws.String(provisioningRole), DefaultLogLevel: types.LogLevelInfo}))
	for _, target := range []types.LogTarget{
		{TargetType: types.LogTargetTypeSourceIp, TargetName: aws.String("here")},
		{TargetType: types.LogTargetTypeClientId},
		{TargetType: types.LogTargetTypeDefault, TargetName: aws.String("a")},
	} {
		_, err := c.SetV2LoggingLevel(context.Background(), &iot.SetV2LoggingLevelInput{LogTarget: &target, LogLevel: types.LogLevelInfo})
		requireCode(t, err, "InvalidRequestException", "targetName")
	}
}

// loggedCore runs with a sink and logging at a level.
func loggedCore(t *testing.T, level types.LogLevel, run func(*fixture, *iot.Client, *sink)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &sink{}
		f := newFixture(t, Config{Logs: s, Targets: action.Targets{Web: &tokens{}}})
		defer f.close()
		c := iot.NewFromConfig(awsConfig(f.core.Control()))
		succeeds(t)(c.SetV2LoggingOptions(context.Background(), &iot.SetV2LoggingOptionsInput{RoleArn: aws.String(provisioningRole), DefaultLogLevel: level}))
		run(f, c, s)
	})
}

// The entries of a client, in order, have the attributes of AWS's examples.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html
func TestLogEntriesOfAClient(t *testing.T) {
	loggedCore(t, types.LogLevelDebug, func(f *fixture, c *iot.Client, s *sink) {
		f.rule("R", "a/b", toKinesis("s"))
		cl := f.dial("a", f.thing("a", allowAll))
		cl.subscribe(1, "a/b")
		settle()
		require.Equal(t, []string{"INFO Connect", "INFO Subscribe"}, s.types(t))
		cl.publish("a/b", `{}`)
		settle()
		lines := s.took()
		byType := map[string]map[string]any{}
		for _, line := range lines {
			group, text, _ := strings.Cut(line, " ")
			require.Equal(t, "AWSIotLogsV2", group)
			var e map[string]any
			require.NoError(t, json.Unmarshal([]byte(text), &e))
			byType[e["eventType"].(string)] = e
		}
		in := byType["Publish-In"]
		require.Regexp(t, `^2000-01-01 \d\d:\d\d:\d\d\.\d{3}$`, in["timestamp"])
		require.Regexp(t, `^[0-9a-f]{64}$`, in["principalId"])
		require.NotEmpty(t, in["sourceIp"])
		for _, common := range []string{"timestamp", "sourceIp", "sourcePort", "principalId"} {
			delete(in, common)
		}
		require.Equal(t, map[string]any{
			"logLevel": "INFO", "traceId": in["traceId"], "accountId": "000000000000", "status": "Success", "eventType": "Publish-In",
			"protocol": "MQTT", "topicName": "a/b", "clientId": "a",
		}, in)
		require.Len(t, byType, 5)
		for _, name := range []string{"Publish-Out", "RuleMatch", "StartingRuleExecution", "RuleExecution"} {
			require.Equal(t, in["traceId"], byType[name]["traceId"], name)
		}
		require.Equal(t, "DEBUG", byType["StartingRuleExecution"]["logLevel"])
		require.Equal(t, []any{"KinesisAction", "R", "a"}, []any{byType["RuleExecution"]["ruleAction"], byType["RuleExecution"]["ruleName"], byType["RuleExecution"]["clientId"]})
		cl.publish("$aws/things/a/shadow/get", ``)
		settle()
		require.Contains(t, s.types(t), "ERROR GetThingShadow Failure")
	})
}

// A level of a target overrides the default, and that of an event type too; nothing is
// logged while all logs are disabled.
// https://docs.aws.amazon.com/iot/latest/developerguide/configure-logging.html
func TestLogLevels(t *testing.T) {
	loggedCore(t, types.LogLevelError, func(f *fixture, c *iot.Client, s *sink) {
		cert := f.thing("a", allowAll)
		succeeds(t)(c.CreateThingGroup(context.Background(), &iot.CreateThingGroupInput{ThingGroupName: groupG}))
		succeeds(t)(c.AddThingToThingGroup(context.Background(), &iot.AddThingToThingGroupInput{ThingGroupName: groupG, ThingName: thingA}))
		connect := func() []string {
			f.dial("a", cert)
			settle()
			return s.types(t)
		}
		require.Empty(t, connect(), "a success is not an error")
		target := &types.LogTarget{TargetType: types.LogTargetTypeThingGroup, TargetName: groupG}
		succeeds(t)(c.SetV2LoggingLevel(context.Background(), &iot.SetV2LoggingLevelInput{LogTarget: target, LogLevel: types.LogLevelInfo}))
		require.ElementsMatch(t, []string{"INFO Disconnect", "INFO Connect"}, connect())
		succeeds(t)(c.DeleteV2LoggingLevel(context.Background(), &iot.DeleteV2LoggingLevelInput{TargetType: target.TargetType, TargetName: groupG}))
		succeeds(t)(c.SetV2LoggingOptions(context.Background(), &iot.SetV2LoggingOptionsInput{
			EventConfigurations: []types.LogEventConfiguration{{EventType: aws.String("Connect"), LogLevel: types.LogLevelInfo, LogDestination: aws.String("mine")}},
		}))
		f.dial("a", cert)
		settle()
		lines := s.took()
		require.Len(t, lines, 1)
		require.True(t, strings.HasPrefix(lines[0], "mine {"), lines[0])
		_, err := iotdataplane.NewFromConfig(awsConfig(f.core.Data())).GetThingShadow(context.Background(), &iotdataplane.GetThingShadowInput{ThingName: thingA})
		require.Error(t, err)
		require.Equal(t, []string{"ERROR GetThingShadow Failure"}, s.types(t))
		succeeds(t)(c.SetV2LoggingOptions(context.Background(), &iot.SetV2LoggingOptionsInput{DisableAllLogs: true}))
		require.Empty(t, connect())
	})
}
