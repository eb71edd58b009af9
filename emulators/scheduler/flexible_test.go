package scheduler_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
)

func within(in *client.CreateScheduleInput, minutes int32) *client.CreateScheduleInput {
	in.FlexibleTimeWindow = &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeFlexible, MaximumWindowInMinutes: &minutes}
	return in
}

// dues runs schedules of a flexible window for hours; it answers when their targets were
// invoked, and for which times.
func dues(t *testing.T, hours int, in ...*client.CreateScheduleInput) (events []scheduler.Event) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := scheduler.New(scheduler.Config{Invoker: &functions{}, Tap: func(e scheduler.Event) { events = append(events, e) }})
		for _, in := range in {
			_, err := sdk(s).CreateSchedule(t.Context(), in)
			require.NoError(t, err)
		}
		running(t, s, func() { time.Sleep(time.Duration(hours)*time.Hour - time.Second) })
	})
	return events
}

// TestAFlexibleWindowSpreadsInvocations: each within it, of one schedule and of several, the
// same in each run.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
func TestAFlexibleWindowSpreadsInvocations(t *testing.T) {
	run := func() []scheduler.Event {
		return dues(t, 24, within(input("a", "rate(1 hour)"), 15), within(input("b", "rate(1 hour)"), 15))
	}
	events, late := run(), map[string]map[time.Duration]bool{"a": {}, "b": {}}
	require.Len(t, events, 48)
	for _, e := range events {
		require.Zero(t, e.Due.Unix()%3600)
		wait := e.At.Sub(e.Due)
		require.True(t, wait >= 0 && wait < 15*time.Minute, wait)
		late[e.Schedule][wait] = true
	}
	require.Greater(t, len(late["a"]), 12)
	require.NotEqual(t, late["a"], late["b"])
	for i, e := range run() {
		require.Equal(t, events[i].At.Sub(events[i].Due), e.At.Sub(e.Due))
	}
}

// TestAWindowLongerThanTheInterval: no time is left out.
func TestAWindowLongerThanTheInterval(t *testing.T) {
	events := dues(t, 10, within(input("a", "rate(1 hour)"), 240))
	require.GreaterOrEqual(t, len(events), 6)
	for i, e := range events {
		require.Equal(t, time.Duration(i)*time.Hour, e.Due.Sub(events[0].Due))
		require.Less(t, e.At.Sub(e.Due), 4*time.Hour)
	}
}

// TestAWindowEndsWithItsSchedule, and the age of an event begins with its invocation.
func TestAWindowEndsWithItsSchedule(t *testing.T) {
	in := within(input("a", "rate(1 minute)"), 60)
	in.EndDate = aws.Time(time.Date(2000, 1, 1, 0, 5, 0, 0, time.UTC))
	events := dues(t, 2, in)
	require.Len(t, events, 5)
	for _, e := range events {
		require.True(t, e.At.Before(*in.EndDate))
	}
	synctest.Test(t, func(t *testing.T) {
		f := &functions{start: time.Now(), fails: 1}
		s := scheduler.New(scheduler.Config{Invoker: f})
		in := within(input("a", "rate(1 day)"), 1000)
		in.Target.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(60)}
		_, err := sdk(s).CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		running(t, s, func() { time.Sleep(20 * time.Hour) })
		require.Len(t, f.calls, 2)
		require.Greater(t, f.calls[0].at, time.Minute)
	})
}
