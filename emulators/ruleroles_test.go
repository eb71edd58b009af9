package emulators

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamsdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

const ownARN = "us-east-1:000000000000:"

// roleActions are the actions that assume a role, and what each does to what. The
// permissions are those that AWS's pages of the actions ask of the role:
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
var roleActions = map[string]struct {
	action iottypes.Action
	needs  []string // permission and resource
}{
	"kinesis": {iottypes.Action{Kinesis: &iottypes.KinesisAction{StreamName: aws.String("s"), PartitionKey: aws.String("${topic()}"), RoleArn: aws.String(rulesRole)}},
		[]string{"kinesis:PutRecord arn:aws:kinesis:" + ownARN + "stream/s"}},
	"dynamoDB": {iottypes.Action{DynamoDB: &iottypes.DynamoDBAction{TableName: aws.String("t"), HashKeyField: aws.String("id"), HashKeyValue: aws.String("1"), RoleArn: aws.String(rulesRole)}},
		[]string{"dynamodb:PutItem arn:aws:dynamodb:" + ownARN + "table/t"}},
	"dynamoDBv2": {iottypes.Action{DynamoDBv2: &iottypes.DynamoDBv2Action{PutItem: &iottypes.PutItemInput{TableName: aws.String("t")}, RoleArn: aws.String(rulesRole)}},
		[]string{"dynamodb:PutItem arn:aws:dynamodb:" + ownARN + "table/t"}},
	"s3": {iottypes.Action{S3: &iottypes.S3Action{BucketName: aws.String("b"), Key: aws.String("${topic()}/k"), RoleArn: aws.String(rulesRole)}},
		[]string{"s3:PutObject arn:aws:s3:::b/a/k"}},
	"sns": {iottypes.Action{Sns: &iottypes.SnsAction{TargetArn: aws.String("arn:aws:sns:" + ownARN + "t"), MessageFormat: "RAW", RoleArn: aws.String(rulesRole)}},
		[]string{"sns:Publish arn:aws:sns:" + ownARN + "t"}},
	"sqs": {iottypes.Action{Sqs: &iottypes.SqsAction{QueueUrl: aws.String("https://sqs.us-east-1.amazonaws.com/000000000000/q"), RoleArn: aws.String(rulesRole)}},
		[]string{"sqs:SendMessage arn:aws:sqs:" + ownARN + "q"}},
	"timestream": {iottypes.Action{Timestream: &iottypes.TimestreamAction{DatabaseName: aws.String("d"), TableName: aws.String("t"), RoleArn: aws.String(rulesRole),
		Dimensions: []iottypes.TimestreamDimension{{Name: aws.String("d"), Value: aws.String("v")}}}},
		[]string{"timestream:WriteRecords arn:aws:timestream:" + ownARN + "database/d/table/t", "timestream:DescribeEndpoints *"}},
	"firehose": {iottypes.Action{Firehose: &iottypes.FirehoseAction{DeliveryStreamName: aws.String("f"), RoleArn: aws.String(rulesRole)}},
		[]string{"firehose:PutRecord arn:aws:firehose:" + ownARN + "deliverystream/f"}},
	"cloudwatchLogs": {iottypes.Action{CloudwatchLogs: &iottypes.CloudwatchLogsAction{LogGroupName: aws.String("g"), RoleArn: aws.String(rulesRole)}},
		[]string{"logs:DescribeLogStreams arn:aws:logs:" + ownARN + "log-group:g:log-stream:",
			"logs:CreateLogStream arn:aws:logs:" + ownARN + "log-group:g:log-stream:R", "logs:PutLogEvents arn:aws:logs:" + ownARN + "log-group:g:log-stream:R"}},
	"cloudwatchMetric": {iottypes.Action{CloudwatchMetric: &iottypes.CloudwatchMetricAction{MetricName: aws.String("m"), MetricNamespace: aws.String("n"), MetricUnit: aws.String("Count"),
		MetricValue: aws.String("1"), RoleArn: aws.String(rulesRole)}}, []string{"cloudwatch:PutMetricData *"}},
	"republish": {iottypes.Action{Republish: &iottypes.RepublishAction{Topic: aws.String("copies/${topic()}"), RoleArn: aws.String(rulesRole)}},
		[]string{"iot:Publish arn:aws:iot:" + ownARN + "topic/copies/a"}},
}

// A rule whose role lacks a permission fails on AWS when a message comes, not before: a
// role must exist, trust iot.amazonaws.com and allow the call. Each step of the remedy
// that an error names brings the next.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html
func TestARuleActsAsItsRoleLetsIt(t *testing.T) {
	for name, c := range roleActions {
		t.Run(name, func(t *testing.T) {
			withRules(t, nil, func(t *testing.T, r *ruled) {
				r.unmakeRole("rules")
				r.rule("R", "SELECT * FROM 'a'", c.action)
				refused := func() string {
					r.mu.Lock()
					r.events = nil
					r.mu.Unlock()
					r.publish("a", `{"id":"1"}`)
					failures := slices.DeleteFunc(r.failures(), func(text string) bool { return !strings.Contains(text, "is not authorized to perform") })
					return strings.Join(append(failures, ""), "")
				}
				require.Contains(t, refused(), "iot.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: "+rulesRole+": the role does not exist")
				_, err := roletest.Make(r.ctx, r.AWSConfig(), "rules", "lambda.amazonaws.com")
				require.NoError(t, err)
				require.Contains(t, refused(), "its trust policy does not let iot.amazonaws.com assume it for arn:aws:iot:"+ownARN+"rule/R")
				_, err = iamsdk.NewFromConfig(r.AWSConfig()).UpdateAssumeRolePolicy(r.ctx, &iamsdk.UpdateAssumeRolePolicyInput{RoleName: aws.String("rules"), PolicyDocument: aws.String(policy.Trust("iot.amazonaws.com"))})
				require.NoError(t, err)
				for _, need := range c.needs {
					action, resource, _ := strings.Cut(need, " ")
					text := refused()
					require.Contains(t, text, "User: "+rulesRole+" is not authorized to perform: "+action+" on resource: "+resource+": no identity-based policy allows the "+action+" action")
					require.Contains(t, text, "aws iam put-role-policy --role-name rules --policy-name "+strings.ReplaceAll(action, ":", "-")+" --policy-document '"+policy.Permission(action, resource)+"'")
					_, err := iamsdk.NewFromConfig(r.AWSConfig()).PutRolePolicy(r.ctx, &iamsdk.PutRolePolicyInput{
						RoleName: aws.String("rules"), PolicyName: aws.String(strings.ReplaceAll(action, ":", "-")), PolicyDocument: aws.String(policy.Permission(action, resource))})
					require.NoError(t, err)
				}
				require.Empty(t, refused(), "it has all that it needs")
			})
		})
	}
}

// unmakeRole deletes a role that roletest made.
func (c *ruled) unmakeRole(name string) {
	c.t.Helper()
	roles := iamsdk.NewFromConfig(c.AWSConfig())
	_, err := roles.DeleteRolePolicy(c.ctx, &iamsdk.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("actions")})
	require.NoError(c.t, err)
	_, err = roles.DeleteRole(c.ctx, &iamsdk.DeleteRoleInput{RoleName: &name})
	require.NoError(c.t, err)
}

// "If there is a problem … the rules engine triggers an error action":
// https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
func TestWhatARoleLacksIsTheErrorActions(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		cfg := c.AWSConfig()
		_, err := kinesissdk.NewFromConfig(cfg).CreateStream(c.ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
		require.NoError(t, err)
		queues := sqssdk.NewFromConfig(cfg)
		queue, err := queues.CreateQueue(c.ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("q")})
		require.NoError(t, err)
		_, err = c.rules.CreateTopicRule(c.ctx, &iot.CreateTopicRuleInput{RuleName: aws.String("R"), TopicRulePayload: &iottypes.TopicRulePayload{
			Sql: aws.String("SELECT * FROM 'a'"), AwsIotSqlVersion: aws.String("2016-03-23"), Actions: []iottypes.Action{roleActions["kinesis"].action},
			ErrorAction: &iottypes.Action{Sqs: &iottypes.SqsAction{QueueUrl: queue.QueueUrl, RoleArn: aws.String(rulesRole)}}}})
		require.NoError(t, err)
		c.publish("a", `{}`)
		got, err := queues.ReceiveMessage(c.ctx, &sqssdk.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
		require.NoError(t, err)
		require.Len(t, got.Messages, 1)
		require.Contains(t, *got.Messages[0].Body, `"failedAction":"KinesisAction","failedResource":"s","errorMessage":"put record: User: `+rulesRole+` is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:`+ownARN+`stream/s`)

		require.NoError(t, roletest.Allow(c.ctx, cfg, "rules", "kinesis:PutRecord"))
		c.publish("a", `{}`)
		require.Len(t, c.failures(), 1, "the record is put")
		require.NoError(t, roletest.Allow(c.ctx, cfg, "rules"))
		c.publish("a", `{}`)
		c.mu.Lock()
		defer c.mu.Unlock()
		last := c.events[len(c.events)-1]
		require.Equal(t, event.RuleFailed, last.Kind, "the error action lacks its permission, too")
		require.Contains(t, last.Reason, "sqs:SendMessage on resource: arn:aws:sqs:"+ownARN+"q")
	})
}

// The functions of a rule's SQL that name a role ask it, too:
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
func TestFunctionsOfARuleActAsTheirRoleLetsThem(t *testing.T) {
	for call, need := range map[string]string{
		"get_dynamodb('t', 'id', '1', '" + rulesRole + "')":                      "dynamodb:GetItem on resource: arn:aws:dynamodb:" + ownARN + "table/t:",
		"get_thing_shadow('pump', '" + rulesRole + "')":                          "iot:GetThingShadow on resource: arn:aws:iot:" + ownARN + "thing/pump:",
		"get_thing_shadow('pump', 'flow', '" + rulesRole + "')":                  "iot:GetThingShadow on resource: arn:aws:iot:" + ownARN + "thing/pump/flow:",
		"get_registry_data('DescribeThing', 'pump', '" + rulesRole + "')":        "iot:DescribeThing on resource: arn:aws:iot:" + ownARN + "thing/pump:",
		"get_registry_data('ListThingGroupsForThing', 'p', '" + rulesRole + "')": "iot:ListThingGroupsForThing on resource: arn:aws:iot:" + ownARN + "thing/p:",
	} {
		t.Run(call, func(t *testing.T) {
			withRules(t, nil, func(t *testing.T, c *ruled) {
				require.NoError(t, roletest.Allow(c.ctx, c.AWSConfig(), "rules", "iot:Publish"))
				c.rule("R", "SELECT "+call+" AS x FROM 'a'", roleActions["republish"].action)
				c.publish("a", `{}`)
				require.Contains(t, strings.Join(c.failures(), "\n"), "User: "+rulesRole+" is not authorized to perform: "+need)
			})
		})
	}
}

// TestTopicsOfARepublishAreNotRemembered: what was decided about other things stays so while
// a rule republishes to a topic of each of many devices.
func TestTopicsOfARepublishAreNotRemembered(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		c.rule("R", "SELECT * FROM 'a'", iottypes.Action{Republish: &iottypes.RepublishAction{Topic: aws.String("devices/${id}"), RoleArn: aws.String(rulesRole)}})
		use := policy.Use{Caller: policy.Caller{Service: "lambda.amazonaws.com"}, Role: rulesRole, Action: "dynamodb:GetItem", Resource: "*"}
		decided := c.IAM.Decide(use)
		require.Error(t, decided)
		for i := range 4200 { // more than are remembered
			c.publish("a", fmt.Sprintf(`{"id":%d}`, i))
		}
		c.settle()
		require.Empty(t, c.failures())
		require.Same(t, decided, c.IAM.Decide(use))
	})
}
