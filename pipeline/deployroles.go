package pipeline

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/shakedown-iot/shakedown/pipeline/devices"
)

// Roles: that of all rules is the source's, those of functions are their own.
const (
	rulesRole     = "iot-rules-role"
	schedulerRole = "iot-scheduler"
)

func roleOf(function string) string { return function + "-role" }

// grant is a statement of a role's policy.
type grant struct {
	Effect   string
	Action   []string
	Resource []string
}

func allow(resource string, actions ...string) grant {
	return grant{"Allow", actions, []string{resource}}
}

// roleStep makes a role that a service may assume, with the policy that it needs. One
// that is there is left as it is.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
func (d *deployment) roleStep(name, service string, grants ...grant) step {
	return step{"role " + name, func(ctx context.Context) (bool, error) {
		_, err := d.roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`)})
		created, err := unlessThere(err, "EntityAlreadyExists")
		if err != nil {
			return false, err
		}
		d.madeRoles = d.madeRoles || created
		_, err = d.roles.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &name, PolicyName: aws.String(policyName)})
		if err == nil || !hasCode(err, "NoSuchEntity") {
			return created, err
		}
		document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": grants})
		if err != nil {
			return created, err
		}
		_, err = d.roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String(policyName), PolicyDocument: aws.String(string(document))})
		return true, err
	}}
}

// policyName is that of the inline policy of each role.
const policyName = "pipeline"

// Lambda and Scheduler refuse a role that IAM has not told it of yet.
const (
	roleTries = 12
	roleWait  = 5 * time.Second
)

// onceRolesAreKnown repeats what they refuse for a role that was made a moment ago:
// "changes that you make in IAM … take time to become visible".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
func (d *deployment) onceRolesAreKnown(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		refused := hasCode(err, "InvalidParameterValueException", "ValidationException")
		if !d.madeRoles || try == roleTries || !refused || !strings.Contains(strings.ToLower(err.Error()), "role") {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(roleWait):
		}
	}
}

func (d *deployment) functionRole(function string) step {
	group := d.arn("logs", "log-group:/aws/lambda/"+function)
	logs := grant{"Allow", []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}, []string{group, group + ":*"}}
	return d.roleStep(roleOf(function), "lambda.amazonaws.com", append(d.grants(function), logs)...)
}

// rulesRole is what the rules' actions need.
func (d *deployment) rulesRole() step {
	return d.roleStep(rulesRole, "iot.amazonaws.com",
		allow(d.arn("kinesis", "stream/"+d.Stream), "kinesis:PutRecord"),
		allow("arn:aws:s3:::"+d.Bucket+"/*", "s3:PutObject"),
		allow(d.arn("sns", d.ErrorTopic), "sns:Publish"))
}

func (d *deployment) schedulerRole() step {
	return d.roleStep(schedulerRole, "scheduler.amazonaws.com", allow(d.FunctionARN(OfflineSweep), "lambda:InvokeFunction"))
}

// grants are the calls of a function's code, and of its mapping.
func (d *deployment) grants(function string) []grant {
	table, index := d.arn("dynamodb", "table/"+d.Table), d.arn("dynamodb", "table/"+d.Table+"/index/"+devices.StatusIndex)
	deadLetters := allow(d.arn("sqs", d.DeadLetters), "sqs:SendMessage")
	commands := allow(d.arn("iot", "topic/devices/*/commands"), "iot:Publish")
	stream := allow(d.arn("kinesis", "stream/"+d.Stream),
		"kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards")
	switch function {
	case StreamProcessor:
		return append(d.points(d.Telemetry), stream, allow(table, "dynamodb:UpdateItem"), deadLetters)
	case AlertHandler:
		return append(d.points(d.Alerts), stream, allow(table, "dynamodb:BatchGetItem", "dynamodb:PutItem"), allow(d.AlertTopicARN(), "sns:Publish"), commands, deadLetters)
	case DeviceStatus, DevicePresence:
		return []grant{allow(table, "dynamodb:UpdateItem")}
	case OfflineSweep:
		return []grant{allow(table, "dynamodb:UpdateItem"), allow(index, "dynamodb:Query")}
	case DeviceAPI:
		return []grant{allow(table, "dynamodb:GetItem"), allow(index, "dynamodb:Query"), commands}
	}
	return nil
}

// points lets points be written into a table of Timestream, whose SDK asks for the
// endpoints first.
func (d *deployment) points(table string) []grant {
	return []grant{
		allow(d.arn("timestream", "database/"+d.Database+"/table/"+table), "timestream:WriteRecords"),
		allow("*", "timestream:DescribeEndpoints"),
	}
}
