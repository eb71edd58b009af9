package scheduler_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/scheduler"
)

// actOnGroups uses each operation of groups and tags with all of its members.
func actOnGroups(t *testing.T, c *client.Client) {
	ctx, must := t.Context(), func(err error) { t.Helper(); require.NoError(t, err) }
	in := &client.CreateScheduleGroupInput{
		Name: aws.String("garden"), ClientToken: aws.String("once"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("iot")}}}
	for range 2 {
		made, err := c.CreateScheduleGroup(ctx, in)
		must(err)
		require.Equal(t, "arn:aws:scheduler:us-east-1:000000000000:schedule-group/garden", *made.ScheduleGroupArn)
	}
	_, err := c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: in.Name, ClientToken: in.ClientToken})
	require.ErrorContains(t, err, "ConflictException", "the token is that of another request")
	arn := aws.String("arn:aws:scheduler:us-east-1:000000000000:schedule-group/garden")
	got, err := c.GetScheduleGroup(ctx, &client.GetScheduleGroupInput{Name: in.Name})
	must(err)
	require.Equal(t, []string{"garden", *arn, "ACTIVE"}, []string{*got.Name, *got.Arn, string(got.State)})
	_, err = c.TagResource(ctx, &client.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("stage"), Value: aws.String("test")}}})
	must(err)
	_, err = c.UntagResource(ctx, &client.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team", "none"}})
	must(err)
	tags, err := c.ListTagsForResource(ctx, &client.ListTagsForResourceInput{ResourceArn: arn})
	must(err)
	require.Equal(t, []types.Tag{{Key: aws.String("stage"), Value: aws.String("test")}}, tags.Tags)

	page, err := c.ListScheduleGroups(ctx, &client.ListScheduleGroupsInput{MaxResults: aws.Int32(1)})
	must(err)
	require.Equal(t, "default", *page.ScheduleGroups[0].Name)
	page, err = c.ListScheduleGroups(ctx, &client.ListScheduleGroupsInput{NextToken: page.NextToken})
	must(err)
	require.Len(t, page.ScheduleGroups, 1)
	require.Nil(t, page.NextToken)
	page, err = c.ListScheduleGroups(ctx, &client.ListScheduleGroupsInput{NamePrefix: aws.String("g")})
	must(err)
	require.Equal(t, "garden", *page.ScheduleGroups[0].Name)

	for range 2 {
		_, err = c.DeleteScheduleGroup(ctx, &client.DeleteScheduleGroupInput{Name: in.Name, ClientToken: aws.String("gone")})
		must(err)
	}
	_, err = c.DeleteScheduleGroup(ctx, &client.DeleteScheduleGroupInput{Name: in.Name})
	require.ErrorContains(t, err, "ResourceNotFoundException: Schedule group garden does not exist.")
}

// inGroup makes a group and is a schedule of it.
func inGroup(t *testing.T, c *client.Client, group, name string) *client.CreateScheduleInput {
	t.Helper()
	_, err := c.CreateScheduleGroup(t.Context(), &client.CreateScheduleGroupInput{Name: &group})
	require.NoError(t, err)
	in := input(name, "rate(1 minute)")
	in.GroupName = &group
	return in
}

// TestASchedulesGroupIsPartOfItsName: and goes with it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group-delete.html
func TestASchedulesGroupIsPartOfItsName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &functions{start: time.Now()}
		s := scheduler.New(scheduler.Config{Invoker: f})
		c := sdk(s)
		in := inGroup(t, c, "garden", "sweep")
		in.Target.Input = aws.String(`"<aws.scheduler.schedule-arn>"`)
		made, err := c.CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, "arn:aws:scheduler:us-east-1:000000000000:schedule/garden/sweep", *made.ScheduleArn)
		of := input("sweep", "rate(2 minutes)")
		of.Target.Input = in.Target.Input
		_, err = c.CreateSchedule(t.Context(), of)
		require.NoError(t, err)
		for group, want := range map[string]string{"garden": "rate(1 minute)", "default": "rate(2 minutes)"} {
			got, err := c.GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name, GroupName: &group})
			require.NoError(t, err)
			require.Equal(t, []string{group, want}, []string{*got.GroupName, *got.ScheduleExpression})
			list, err := c.ListSchedules(t.Context(), &client.ListSchedulesInput{GroupName: &group})
			require.NoError(t, err)
			require.Len(t, list.Schedules, 1)
			require.Equal(t, *got.Arn, *list.Schedules[0].Arn)
		}
		running(t, s, func() {
			time.Sleep(90 * time.Second)
			_, err := c.DeleteScheduleGroup(t.Context(), &client.DeleteScheduleGroupInput{Name: aws.String("garden")})
			require.NoError(t, err)
			time.Sleep(time.Minute)
		})
		garden, other := `"arn:aws:scheduler:us-east-1:000000000000:schedule/garden/sweep"`, `"arn:aws:scheduler:us-east-1:000000000000:schedule/default/sweep"`
		require.Equal(t, []call{
			{0, functionARN, other}, {0, functionARN, garden}, {time.Minute, functionARN, garden}, {2 * time.Minute, functionARN, other},
		}, f.calls)
		_, err = c.GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name, GroupName: in.GroupName})
		require.ErrorContains(t, err, "ResourceNotFoundException: Schedule group garden does not exist.")
		inGroup(t, c, "garden", "sweep")
		_, err = c.GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name, GroupName: in.GroupName})
		require.ErrorContains(t, err, "ResourceNotFoundException: Schedule sweep does not exist.")
	})
}

// groupRoles keeps for which groups a role is asked.
type groupRoles struct{ sources map[string]int }

func (r groupRoles) Decide(u policy.Use) error {
	r.sources[u.Caller.SourceARN]++
	return nil
}

// TestARoleIsToldTheGroup of the schedule, when it is made and when it fires.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func TestARoleIsToldTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := groupRoles{map[string]int{}}
		s := scheduler.New(scheduler.Config{Invoker: &functions{}, Roles: r})
		_, err := sdk(s).CreateSchedule(t.Context(), inGroup(t, sdk(s), "garden", "sweep"))
		require.NoError(t, err)
		running(t, s, func() { time.Sleep(time.Second) })
		require.Equal(t, map[string]int{"arn:aws:scheduler:us-east-1:000000000000:schedule-group/garden": 2}, r.sources)
	})
}

func TestRefusalsOfGroups(t *testing.T) {
	c, ctx := sdk(scheduler.New(scheduler.Config{Invoker: &functions{}})), t.Context()
	refused := func(err error, want string) { t.Helper(); require.ErrorContains(t, err, want) }
	in := input("s", "rate(1 minute)")
	in.GroupName = aws.String("none")
	_, err := c.CreateSchedule(ctx, in)
	refused(err, "ResourceNotFoundException: Schedule group none does not exist.")
	_, err = c.UpdateSchedule(ctx, &client.UpdateScheduleInput{
		Name: in.Name, GroupName: in.GroupName, ScheduleExpression: in.ScheduleExpression, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target})
	refused(err, "ResourceNotFoundException: Schedule group none does not exist.")
	_, err = c.ListSchedules(ctx, &client.ListSchedulesInput{GroupName: in.GroupName})
	refused(err, "ResourceNotFoundException")
	in.GroupName = aws.String("a/b")
	_, err = c.CreateSchedule(ctx, in)
	refused(err, `ValidationException: GroupName "a/b"`)
	_, err = c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: aws.String("a/b")})
	refused(err, `ValidationException: Name "a/b"`)
	_, err = c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: aws.String("default")})
	refused(err, "ConflictException")
	_, err = c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: aws.String("g"), ClientToken: aws.String("a b")})
	refused(err, "ValidationException: ClientToken")
	_, err = c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: aws.String("g"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("")}}})
	refused(err, "ValidationException: The key of a tag")
	_, err = c.DeleteScheduleGroup(ctx, &client.DeleteScheduleGroupInput{Name: aws.String("default")})
	refused(err, "ValidationException")
	_, err = c.ListTagsForResource(ctx, &client.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:scheduler:us-east-1:000000000000:schedule/default/s")})
	refused(err, "ValidationException: ResourceArn")
	var many []types.Tag
	for i := range 201 {
		many = append(many, types.Tag{Key: aws.String(fmt.Sprint(i)), Value: aws.String("v")})
	}
	_, err = c.TagResource(ctx, &client.TagResourceInput{ResourceArn: aws.String("arn:aws:scheduler:us-east-1:000000000000:schedule-group/default"), Tags: many})
	refused(err, "ValidationException: A schedule group has at most 200 tags.")
	for i := range 499 {
		_, err = c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: aws.String(fmt.Sprint("g", i))})
		require.NoError(t, err)
	}
	_, err = c.CreateScheduleGroup(ctx, &client.CreateScheduleGroupInput{Name: aws.String("more")})
	refused(err, "ServiceQuotaExceededException")
}
