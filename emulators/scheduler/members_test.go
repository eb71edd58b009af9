package scheduler_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
)

var in2030 = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// actOnMembers uses what else the inputs have. A client token makes a request that is
// sent again the same one.
func actOnMembers(t *testing.T, c *client.Client) {
	ctx, must := t.Context(), func(err error) { t.Helper(); require.NoError(t, err) }
	in := withDeadLetters(input("members", "rate(1 minute)"))
	in.GroupName, in.ClientToken, in.Description = aws.String("default"), aws.String("made"), aws.String("all of it")
	in.State, in.Target.Input = types.ScheduleStateDisabled, aws.String("{}")
	in.StartDate, in.EndDate, in.ActionAfterCompletion = aws.Time(in2030), aws.Time(in2030.Add(time.Hour)), types.ActionAfterCompletionDelete
	within(in, 5)
	in.Target.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(3), MaximumEventAgeInSeconds: aws.Int32(60)}
	for range 2 {
		_, err := c.CreateSchedule(ctx, in)
		must(err)
	}
	got, err := c.GetSchedule(ctx, &client.GetScheduleInput{Name: in.Name, GroupName: in.GroupName})
	must(err)
	require.Equal(t, in.Target, got.Target)
	require.Equal(t, in.FlexibleTimeWindow, got.FlexibleTimeWindow)
	require.Equal(t, "all of it", *got.Description)
	require.Equal(t, in.StartDate, got.StartDate)
	require.Equal(t, in.EndDate, got.EndDate)
	require.Equal(t, types.ActionAfterCompletionDelete, got.ActionAfterCompletion)
	in.Description = aws.String("another")
	_, err = c.CreateSchedule(ctx, in)
	require.ErrorContains(t, err, "ConflictException", "the token is that of another request")

	update := &client.UpdateScheduleInput{
		Name: in.Name, GroupName: in.GroupName, ClientToken: aws.String("updated"), Description: in.Description, State: in.State,
		ScheduleExpression: in.ScheduleExpression, ScheduleExpressionTimezone: aws.String("Europe/Berlin"), Target: in.Target, FlexibleTimeWindow: in.FlexibleTimeWindow,
		StartDate: in.StartDate, EndDate: in.EndDate, ActionAfterCompletion: in.ActionAfterCompletion,
	}
	_, err = c.UpdateSchedule(ctx, update)
	must(err)
	first, err := c.GetSchedule(ctx, &client.GetScheduleInput{Name: in.Name})
	must(err)
	_, err = c.UpdateSchedule(ctx, update)
	must(err)
	again, err := c.GetSchedule(ctx, &client.GetScheduleInput{Name: in.Name})
	must(err)
	require.Equal(t, "another", *again.Description)
	require.Equal(t, "Europe/Berlin", *again.ScheduleExpressionTimezone)
	require.Equal(t, first.LastModificationDate, again.LastModificationDate)
	listMembers(t, c)
	targetMembers(t, c, update)

	for range 2 {
		_, err = c.DeleteSchedule(ctx, &client.DeleteScheduleInput{Name: in.Name, GroupName: in.GroupName, ClientToken: aws.String("deleted")})
		must(err)
	}
	_, err = c.DeleteSchedule(ctx, &client.DeleteScheduleInput{Name: in.Name})
	require.ErrorContains(t, err, "ResourceNotFoundException", "the client gives it a token of its own")
}

// listMembers lists the schedule members, which is DISABLED, and another.
func listMembers(t *testing.T, c *client.Client) {
	_, err := c.CreateSchedule(t.Context(), input("other", "rate(1 minute)"))
	require.NoError(t, err)
	list := func(in *client.ListSchedulesInput) *client.ListSchedulesOutput {
		t.Helper()
		out, err := c.ListSchedules(t.Context(), in)
		require.NoError(t, err)
		require.Len(t, out.Schedules, 1)
		return out
	}
	page := list(&client.ListSchedulesInput{GroupName: aws.String("default"), MaxResults: aws.Int32(1)})
	require.Equal(t, "members", *page.Schedules[0].Name)
	page = list(&client.ListSchedulesInput{NextToken: page.NextToken})
	require.Equal(t, "other", *page.Schedules[0].Name)
	require.Nil(t, page.NextToken)
	require.Equal(t, "other", *list(&client.ListSchedulesInput{NamePrefix: aws.String("o")}).Schedules[0].Name)
	require.Equal(t, "members", *list(&client.ListSchedulesInput{State: types.ScheduleStateDisabled}).Schedules[0].Name)
}

// TestPagesGoOnBehindTheirLastSchedule, though it is gone by then.
func TestPagesGoOnBehindTheirLastSchedule(t *testing.T) {
	c := sdk(scheduler.New(scheduler.Config{Invoker: &functions{}}))
	for _, name := range []string{"d", "b", "e", "a", "c"} {
		_, err := c.CreateSchedule(t.Context(), input(name, "rate(1 minute)"))
		require.NoError(t, err)
	}
	var names []string
	in := &client.ListSchedulesInput{MaxResults: aws.Int32(2)}
	for {
		page, err := c.ListSchedules(t.Context(), in)
		require.NoError(t, err)
		for _, s := range page.Schedules {
			names = append(names, *s.Name)
			_, err := c.DeleteSchedule(t.Context(), &client.DeleteScheduleInput{Name: s.Name})
			require.NoError(t, err)
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	require.Equal(t, []string{"a", "b", "c", "d", "e"}, names)
	_, err := c.ListSchedules(t.Context(), &client.ListSchedulesInput{NextToken: aws.String("%")})
	require.ErrorContains(t, err, "ValidationException")
}

// stream takes records.
type stream struct{}

func (stream) PutRecord(context.Context, *kinesis.PutRecordInput, ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	return &kinesis.PutRecordOutput{}, nil
}

// targetMembers updates a schedule to targets that have parameters, and makes such ones.
func targetMembers(t *testing.T, c *client.Client, update *client.UpdateScheduleInput) {
	for name, target := range map[string]*types.Target{
		"fifo":   {Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:q.fifo"), SqsParameters: &types.SqsParameters{MessageGroupId: aws.String("g")}},
		"stream": {Arn: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s"), KinesisParameters: &types.KinesisParameters{PartitionKey: aws.String("k")}},
	} {
		target.RoleArn, target.Input, target.RetryPolicy = aws.String(roleARN), aws.String("not JSON"), update.Target.RetryPolicy
		changed := *update
		changed.ClientToken, changed.Target = nil, target
		_, err := c.UpdateSchedule(t.Context(), &changed)
		require.NoError(t, err)
		in := input(name, "rate(1 minute)")
		in.Target = target
		_, err = c.CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		got, err := c.GetSchedule(t.Context(), &client.GetScheduleInput{Name: &name})
		require.NoError(t, err)
		require.Equal(t, target, got.Target)
	}
}
