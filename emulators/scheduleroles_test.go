package emulators

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamsdk "github.com/aws/aws-sdk-go-v2/service/iam"
	schedulersdk "github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// everyMinute is a schedule of the function f as a role.
func everyMinute(role string) *schedulersdk.CreateScheduleInput {
	return &schedulersdk.CreateScheduleInput{
		Name: aws.String("sweep"), ScheduleExpression: aws.String("rate(1 minute)"),
		FlexibleTimeWindow: &schedulertypes.FlexibleTimeWindow{Mode: schedulertypes.FlexibleTimeWindowModeOff},
		Target:             &schedulertypes.Target{Arn: aws.String("arn:aws:lambda:us-east-1:000000000000:function:f"), RoleArn: &role},
	}
}

// TestAScheduleNeedsARoleThatSchedulerMayAssume: when it is made and when it is updated,
// for the schedule's group.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func TestAScheduleNeedsARoleThatSchedulerMayAssume(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	ctx, cfg := t.Context(), cloud.AWSConfig()
	schedules, roles := schedulersdk.NewFromConfig(cfg), iamsdk.NewFromConfig(cfg)
	in := everyMinute("arn:aws:iam::000000000000:role/schedules")
	refused := func(err error, why string) {
		t.Helper()
		var invalid *schedulertypes.ValidationException
		require.ErrorAs(t, err, &invalid)
		require.ErrorContains(t, err, "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
		require.ErrorContains(t, err, why)
	}
	_, err = schedules.CreateSchedule(ctx, in)
	refused(err, "role/schedules: the role does not exist; allow it with: aws iam create-role --role-name schedules ")
	_, err = roletest.Make(ctx, cfg, "schedules", "events.amazonaws.com")
	require.NoError(t, err)
	_, err = schedules.CreateSchedule(ctx, in)
	refused(err, "its trust policy does not let scheduler.amazonaws.com assume it")

	trust := func(source string) {
		t.Helper()
		_, err := roles.UpdateAssumeRolePolicy(ctx, &iamsdk.UpdateAssumeRolePolicyInput{RoleName: aws.String("schedules"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole",
				"Condition":{"StringEquals":{"aws:SourceAccount":"000000000000","aws:SourceArn":"arn:aws:scheduler:us-east-1:000000000000:` + source + `"}}}]}`)})
		require.NoError(t, err)
	}
	trust("schedule/default/sweep")
	_, err = schedules.CreateSchedule(ctx, in)
	refused(err, "for arn:aws:scheduler:us-east-1:000000000000:schedule-group/default")
	trust("schedule-group/default")
	_, err = schedules.CreateSchedule(ctx, in)
	require.NoError(t, err, "what the role may do is asked when the schedule fires")

	other := *in.Target
	other.RoleArn = aws.String("arn:aws:iam::000000000000:role/other")
	_, err = schedules.UpdateSchedule(ctx, &schedulersdk.UpdateScheduleInput{
		Name: in.Name, ScheduleExpression: in.ScheduleExpression, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: &other})
	refused(err, "role/other: the role does not exist")
}

// TestALackOfPermissionIsARefusal in the log, where shakedown up finds it.
func TestALackOfPermissionIsARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept refusals
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{Log: slog.New(&kept)})
		require.NoError(t, err)
		cfg := cloud.AWSConfig()
		role, err := roletest.Make(ctx, cfg, "schedules", "scheduler.amazonaws.com", "*")
		require.NoError(t, err)
		_, err = iamsdk.NewFromConfig(cfg).PutRolePolicy(ctx, &iamsdk.PutRolePolicyInput{RoleName: aws.String("schedules"), PolicyName: aws.String("no"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"lambda:*","Resource":"*"}}`)})
		require.NoError(t, err)
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		_, err = schedulersdk.NewFromConfig(cfg).CreateSchedule(ctx, everyMinute(role))
		require.NoError(t, err)
		time.Sleep(time.Second)
		stop()
		require.NoError(t, <-done)
		require.Len(t, kept.all, 1)
		require.Equal(t, "an explicit deny in no", kept.all[0].Reason)
	})
}

// refusals is a log that keeps the refusals of roles.
type refusals struct {
	mu  sync.Mutex
	all []*policy.Refusal
}

func (*refusals) Enabled(context.Context, slog.Level) bool { return true }

func (k *refusals) Handle(_ context.Context, r slog.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		err, _ := a.Value.Any().(error)
		if refusal, ok := errors.AsType[*policy.Refusal](err); ok {
			k.all = append(k.all, refusal)
		}
		return true
	})
	return nil
}

func (k *refusals) WithAttrs([]slog.Attr) slog.Handler { return k }
func (k *refusals) WithGroup(string) slog.Handler      { return k }

// counter is a function that counts its invocations.
type counter struct{ atomic.Int64 }

func (c *counter) Invoke(context.Context, []byte) ([]byte, error) {
	c.Add(1)
	return []byte("{}"), nil
}

// received are the messages of a queue, which are deleted.
func received(t *testing.T, cfg aws.Config, queue string) []sqstypes.Message {
	t.Helper()
	url := aws.String("https://sqs.us-east-1.amazonaws.com/000000000000/" + queue)
	out, err := sqssdk.NewFromConfig(cfg).ReceiveMessage(t.Context(), &sqssdk.ReceiveMessageInput{
		QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}})
	require.NoError(t, err)
	for _, m := range out.Messages {
		_, err := sqssdk.NewFromConfig(cfg).DeleteMessage(t.Context(), &sqssdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
		require.NoError(t, err)
	}
	return out.Messages
}

// TestAFiringNeedsTheSchedulesRole: each of them, and one that the role does not allow
// is not tried again, but sent to the dead-letter queue, which the role must allow, too.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/troubleshooting.html#troubleshooting-perms
func TestAFiringNeedsTheSchedulesRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		cfg, calls := cloud.AWSConfig(), &counter{}
		cloud.Lambda.Bind("f", calls)
		makeFunction(t, cfg, nil)
		role, err := roletest.Make(ctx, cfg, "schedules", "scheduler.amazonaws.com")
		require.NoError(t, err)
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		_, err = sqssdk.NewFromConfig(cfg).CreateQueue(ctx, &sqssdk.CreateQueueInput{
			QueueName: aws.String("given-up"), Attributes: map[string]string{"Policy": onlyFor("schedules", "sqs:SendMessage")}})
		require.NoError(t, err)
		in := everyMinute(role)
		in.Target.Input = aws.String(`{"try":"<aws.scheduler.attempt-number>"}`)
		in.Target.DeadLetterConfig = &schedulertypes.DeadLetterConfig{Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:given-up")}
		made, err := schedulersdk.NewFromConfig(cfg).CreateSchedule(ctx, in)
		require.NoError(t, err)
		invoked := func() int64 {
			synctest.Wait()
			return calls.Load()
		}

		time.Sleep(90 * time.Second)
		require.Zero(t, invoked())
		require.Empty(t, received(t, cfg, "given-up"), "the role does not allow that either")
		require.NoError(t, roletest.Allow(ctx, cfg, "schedules", "sqs:SendMessage"))
		time.Sleep(time.Minute)
		require.Zero(t, invoked())
		dead := received(t, cfg, "given-up")
		require.Len(t, dead, 1)
		require.JSONEq(t, `{"FunctionName":"arn:aws:lambda:us-east-1:000000000000:function:f","InvocationType":"Event","Payload":"{\"try\":\"1\"}"}`, *dead[0].Body)
		attributes := map[string]string{}
		for name, value := range dead[0].MessageAttributes {
			attributes[name] = *value.StringValue
		}
		require.Contains(t, attributes["ERROR_MESSAGE"], "role/schedules is not authorized to perform: lambda:InvokeFunction on resource: ")
		require.NotEmpty(t, attributes["EXECUTION_ID"])
		delete(attributes, "ERROR_MESSAGE")
		delete(attributes, "EXECUTION_ID")
		require.Equal(t, map[string]string{
			"ERROR_CODE": "AccessDeniedException", "IS_PAYLOAD_TRUNCATED": "false", "RETRY_ATTEMPTS": "0", "SCHEDULED_TIME": "2000-01-01T00:02:00Z",
			"SCHEDULE_ARN": *made.ScheduleArn, "TARGET_ARN": "arn:aws:scheduler:::aws-sdk:lambda:invoke",
		}, attributes, "the error stays: no retry condition is exhausted")

		require.NoError(t, roletest.Allow(ctx, cfg, "schedules", "lambda:InvokeFunction"))
		time.Sleep(20 * time.Second)
		require.Zero(t, invoked(), "what was refused is not tried again")
		time.Sleep(time.Minute)
		require.EqualValues(t, 1, invoked())
		_, err = iamsdk.NewFromConfig(cfg).UpdateAssumeRolePolicy(ctx, &iamsdk.UpdateAssumeRolePolicyInput{
			RoleName: aws.String("schedules"), PolicyDocument: aws.String(policy.Trust("lambda.amazonaws.com"))})
		require.NoError(t, err)
		time.Sleep(5 * time.Minute)
		require.EqualValues(t, 1, invoked(), "the role is assumed for each firing")
		stop()
		require.NoError(t, <-done)
	})
}
