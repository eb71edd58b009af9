package pipeline

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
)

// sqlVersion is the rules engine's.
const sqlVersion = "2016-03-23"

func (d *deployment) rule(name, sql string, failed *types.Action, actions ...types.Action) step {
	return step{"rule " + name, func(ctx context.Context) (bool, error) {
		_, err := d.rules.CreateTopicRule(ctx, &iot.CreateTopicRuleInput{
			RuleName: &name,
			TopicRulePayload: &types.TopicRulePayload{
				Sql: &sql, AwsIotSqlVersion: aws.String(sqlVersion), RuleDisabled: aws.Bool(false), Actions: actions, ErrorAction: failed,
			},
		})
		return unlessThere(err, "ResourceAlreadyExistsException")
	}}
}

func (d *deployment) toStream(key string) types.Action {
	return types.Action{Kinesis: &types.KinesisAction{StreamName: &d.Stream, PartitionKey: &key, RoleArn: aws.String(d.role(rulesRole))}}
}

func (d *deployment) toBucket(key string) types.Action {
	return types.Action{S3: &types.S3Action{BucketName: &d.Bucket, Key: &key, RoleArn: aws.String(d.role(rulesRole))}}
}

func (d *deployment) toFunction(name string) types.Action {
	return types.Action{Lambda: &types.LambdaAction{FunctionArn: aws.String(d.FunctionARN(name))}}
}

// defaultRules differ from the source's in what they keep from being lost: the
// identity is the topic's, binary payloads pass (base64), archive keys are
// unique, the status topic is read, and failing actions end in a queue.
func (d *deployment) defaultRules() []step {
	failed := &types.Action{Sns: &types.SnsAction{
		TargetArn: aws.String(d.arn("sns", d.ErrorTopic)), RoleArn: aws.String(d.role(rulesRole)), MessageFormat: types.MessageFormatRaw}}
	return []step{
		d.rule("TelemetryToKinesis",
			`SELECT encode(*, 'base64') AS payload, topic(2) AS thing, topic() AS topic, timestamp() AS received, traceid() AS trace FROM 'devices/+/telemetry'`,
			failed, d.toStream("${topic(2)}")),
		d.rule("ArchiveToS3", `SELECT * FROM 'devices/+/telemetry'`, failed, d.toBucket("${topic()}/${timestamp()}-${newuuid()}")),
		d.rule("DeviceStatus", `SELECT *, topic(2) AS thing, timestamp() AS received FROM 'devices/+/status'`, failed, d.toFunction(DeviceStatus)),
		d.fromRule("DeviceStatus", DeviceStatus),
		d.rule("DevicePresence", `SELECT * FROM '$aws/events/presence/+/+'`, failed, d.toFunction(DevicePresence)),
		d.fromRule("DevicePresence", DevicePresence),
	}
}

// publishedRules are the source's, step 3, word by word. It says nothing of the
// permission that its alert rule needs on AWS; with it the rest can be seen.
func (d *deployment) publishedRules() []step {
	return []step{
		d.rule("TelemetryToKinesis", `SELECT * FROM 'devices/+/telemetry'`, nil, d.toStream("${deviceId}")),
		d.rule("HighTemperatureAlert", `SELECT * FROM 'devices/+/telemetry' WHERE data.temperature > 40`, nil, d.toFunction(AlertHandler)),
		d.fromRule("HighTemperatureAlert", AlertHandler),
		d.rule("ArchiveToS3", `SELECT * FROM 'devices/+/telemetry'`, nil, d.toBucket("${topic()}/${timestamp()}")),
	}
}

// policy makes the devices' policy: the source's, step 1, word by word but for
// the account.
func (d *deployment) policy(ctx context.Context) (bool, error) {
	const own = "devices/${iot:Connection.Thing.ThingName}"
	quoted := func(resources ...string) string {
		for i, r := range resources {
			resources[i] = `"` + d.arn("iot", r) + `"`
		}
		return "[" + strings.Join(resources, ",") + "]"
	}
	document := `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":"iot:Connect","Resource":` + quoted("client/${iot:Connection.Thing.ThingName}") + `},` +
		`{"Effect":"Allow","Action":"iot:Publish","Resource":` + quoted("topic/"+own+"/telemetry", "topic/"+own+"/status") + `},` +
		`{"Effect":"Allow","Action":"iot:Subscribe","Resource":` + quoted("topicfilter/"+own+"/commands") + `},` +
		`{"Effect":"Allow","Action":"iot:Receive","Resource":` + quoted("topic/"+own+"/commands") + `}]}`
	_, err := d.rules.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: &d.Policy, PolicyDocument: &document})
	return unlessThere(err, "ResourceAlreadyExistsException")
}
