package scheduler_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
)

// asUpdate is the request of UpdateSchedule with the same members.
func asUpdate(in *client.CreateScheduleInput) *client.UpdateScheduleInput {
	return &client.UpdateScheduleInput{
		Name: in.Name, ScheduleExpression: in.ScheduleExpression, ScheduleExpressionTimezone: in.ScheduleExpressionTimezone, StartDate: in.StartDate,
		EndDate: in.EndDate, ActionAfterCompletion: in.ActionAfterCompletion, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target, State: in.State,
	}
}

// TestWhenSchedulesFire: each is made at midnight in UTC on 2000-01-01, a Saturday.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func TestWhenSchedulesFire(t *testing.T) {
	at := func(d time.Duration) *time.Time { return aws.Time(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d)) }
	for name, c := range map[string]struct {
		expression, zone string
		start, end       *time.Time
		want             []time.Duration
		delete, gone     bool
	}{
		"cron": {expression: "cron(30 8 * * ? *)", want: []time.Duration{8*time.Hour + 30*time.Minute, 32*time.Hour + 30*time.Minute}},
		"cron in a time zone": {expression: "cron(30 8 * * ? *)", zone: "America/New_York",
			want: []time.Duration{13*time.Hour + 30*time.Minute, 37*time.Hour + 30*time.Minute}},
		"cron now":                       {expression: "cron(0 0 * * ? *)", want: []time.Duration{0, 24 * time.Hour}},
		"at":                             {expression: "at(2000-01-01T13:00:05)", want: []time.Duration{13*time.Hour + 5*time.Second}},
		"at in a time zone":              {expression: "at(2000-01-01T13:00:00)", zone: "America/Los_Angeles", want: []time.Duration{21 * time.Hour}},
		"at a minute ago":                {expression: "at(1999-12-31T23:59:00)", want: []time.Duration{0}},
		"at ignores the bounds":          {expression: "at(2000-01-01T13:00:00)", start: at(20 * time.Hour), end: at(-10 * time.Hour), want: []time.Duration{13 * time.Hour}},
		"rate from its start":            {expression: "rate(10 hours)", start: at(2 * time.Hour), want: []time.Duration{2 * time.Hour, 12 * time.Hour, 22 * time.Hour, 32 * time.Hour}},
		"rate whose start has just been": {expression: "rate(1 day)", start: at(-time.Minute), want: []time.Duration{0, 24*time.Hour - time.Minute}},
		"rate before its end":            {expression: "rate(10 hours)", end: at(20 * time.Hour), want: []time.Duration{0, 10 * time.Hour}},
		"cron between":                   {expression: "cron(0 0/10 * * ? *)", start: at(10 * time.Hour), end: at(30 * time.Hour), want: []time.Duration{10 * time.Hour, 20 * time.Hour, 24 * time.Hour}},
		"an end that has been":           {expression: "rate(1 hour)", end: at(-time.Hour)},
		"at, and deleted":                {expression: "at(2000-01-01T13:00:00)", delete: true, gone: true, want: []time.Duration{13 * time.Hour}},
		"cron, and deleted":              {expression: "cron(0 12 1 1 ? 2000)", delete: true, gone: true, want: []time.Duration{12 * time.Hour}},
		"rate, and deleted":              {expression: "rate(10 hours)", end: at(20 * time.Hour), delete: true, gone: true, want: []time.Duration{0, 10 * time.Hour}},
		"never deleted":                  {expression: "rate(20 hours)", delete: true, want: []time.Duration{0, 20 * time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &functions{start: time.Now()}
				s := scheduler.New(scheduler.Config{Invoker: f})
				in := input("s", c.expression)
				in.StartDate, in.EndDate = c.start, c.end
				if c.zone != "" {
					in.ScheduleExpressionTimezone = &c.zone
				}
				if c.delete {
					in.ActionAfterCompletion = types.ActionAfterCompletionDelete
				}
				_, err := sdk(s).CreateSchedule(t.Context(), in)
				require.NoError(t, err)
				running(t, s, func() { time.Sleep(39 * time.Hour) })
				require.Equal(t, c.want, f.times())
				got, err := sdk(s).GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name})
				if c.gone {
					var missing *types.ResourceNotFoundException
					require.ErrorAs(t, err, &missing)
					return
				}
				require.NoError(t, err)
				require.Equal(t, c.start, got.StartDate)
				require.Equal(t, c.end, got.EndDate)
			})
		})
	}
}

// TestAScheduleIsDeletedBehindItsRetries, and not by a version of it that is no more.
func TestAScheduleIsDeletedBehindItsRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &slow{functions: functions{start: time.Now(), fails: 2, with: errors.New("busy")}, takes: time.Second}
		s := scheduler.New(scheduler.Config{Invoker: f})
		in := input("s", "at(2000-01-01T00:01:00)")
		in.ActionAfterCompletion = types.ActionAfterCompletionDelete
		_, err := sdk(s).CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		there := func() bool {
			_, err := sdk(s).GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name})
			return err == nil
		}
		running(t, s, func() {
			time.Sleep(65 * time.Second)
			require.True(t, there(), "it is to be tried for a third time at 66 s")
			time.Sleep(time.Minute)
			require.False(t, there())

			in.ScheduleExpression = aws.String("at(2000-01-01T00:03:00)")
			_, err := sdk(s).CreateSchedule(t.Context(), in)
			require.NoError(t, err)
			time.Sleep(55*time.Second + 500*time.Millisecond) // its target is being called
			in.ScheduleExpression = aws.String("at(2000-01-01T00:04:00)")
			_, err = sdk(s).UpdateSchedule(t.Context(), asUpdate(in))
			require.NoError(t, err)
			time.Sleep(30 * time.Second)
			require.True(t, there())
			time.Sleep(time.Minute)
			require.False(t, there())
		})
		require.Equal(t, []time.Duration{60 * time.Second, 62 * time.Second, 65 * time.Second, 180 * time.Second, 240 * time.Second}, f.times())
	})
}

// TestAnUpdatedOneTimeScheduleDoesNotFireAgain, unless to another time.
func TestAnUpdatedOneTimeScheduleDoesNotFireAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &functions{start: time.Now()}
		s := scheduler.New(scheduler.Config{Invoker: f})
		in := input("s", "at(2000-01-01T00:01:00)")
		_, err := sdk(s).CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		running(t, s, func() {
			time.Sleep(90 * time.Second)
			_, err := sdk(s).UpdateSchedule(t.Context(), asUpdate(in))
			require.NoError(t, err)
			time.Sleep(time.Hour)
			in.ScheduleExpression = aws.String("at(2000-01-01T02:00:00)")
			_, err = sdk(s).UpdateSchedule(t.Context(), asUpdate(in))
			require.NoError(t, err)
			time.Sleep(3 * time.Hour)
		})
		require.Equal(t, []time.Duration{time.Minute, 2 * time.Hour}, f.times())
	})
}

// TestAScheduleOfTheSameNameStays, though the one before it completes.
func TestAScheduleOfTheSameNameStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &slow{functions: functions{start: time.Now()}, takes: 5 * time.Second}
		s := scheduler.New(scheduler.Config{Invoker: f})
		c := sdk(s)
		in := input("s", "at(2000-01-01T00:01:00)")
		in.ActionAfterCompletion = types.ActionAfterCompletionDelete
		_, err := c.CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		running(t, s, func() {
			time.Sleep(62 * time.Second) // its target is being called
			_, err := c.DeleteSchedule(t.Context(), &client.DeleteScheduleInput{Name: in.Name})
			require.NoError(t, err)
			in.ScheduleExpression, in.ClientToken = aws.String("at(2000-01-01T00:10:00)"), nil
			_, err = c.CreateSchedule(t.Context(), in)
			require.NoError(t, err)
			time.Sleep(time.Minute)
			_, err = c.GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name})
			require.NoError(t, err)
			time.Sleep(10 * time.Minute)
		})
		require.Equal(t, []time.Duration{time.Minute, 10 * time.Minute}, f.times())
	})
}
