package scheduler_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// slow is an Invoker that takes a while, unless its context ends.
type slow struct {
	functions
	takes time.Duration
}

func (s *slow) InvokeAsync(ctx context.Context, function string, payload []byte) error {
	err := s.functions.InvokeAsync(ctx, function, payload)
	select {
	case <-time.After(s.takes):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stopAfter runs a State for a time, and answers how long it took to stop.
func stopAfter(t *testing.T, s *scheduler.State, d time.Duration) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { require.NoError(t, s.Run(ctx)) })
	time.Sleep(d)
	begun := time.Now()
	cancel()
	group.Wait()
	return time.Since(begun)
}

// TestWhatIsDueWhenRunEndsIsNoAttempt: Run waits for the target that is being called, and
// leaves what is due to the next one.
func TestWhatIsDueWhenRunEndsIsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []scheduler.Event
		f := &slow{functions: functions{start: time.Now()}, takes: 5 * time.Second}
		s := scheduler.New(scheduler.Config{Invoker: f, Tap: func(e scheduler.Event) { events = append(events, e) }})
		for _, name := range []string{"a", "b"} {
			_, err := sdk(s).CreateSchedule(t.Context(), input(name, "rate(1 hour)"))
			require.NoError(t, err)
		}
		require.Equal(t, 4*time.Second, stopAfter(t, s, time.Second))
		require.Len(t, events, 1)
		require.NoError(t, events[0].Err)
		stopAfter(t, s, time.Minute)
		require.Len(t, events, 2)
		require.Equal(t, "b", events[1].Schedule)
		require.Equal(t, 1, events[1].Attempt)
		require.NoError(t, events[1].Err)
	})
}

// contextQueue takes messages as long as their context lasts.
type contextQueue struct {
	queue
	hangs bool
}

func (q *contextQueue) SendMessage(ctx context.Context, in *sqs.SendMessageInput, options ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if q.hangs {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return q.queue.SendMessage(ctx, in, options...)
}

// TestADeadLetterIsSentThoughRunEnds, and waited for no longer than for other calls.
func TestADeadLetterIsSentThoughRunEnds(t *testing.T) {
	for name, c := range map[string]struct {
		hangs bool
		sent  []string
		stops time.Duration
	}{"sent": {false, []string{"AccessDeniedException"}, 4 * time.Second}, "hangs": {true, nil, 14 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &slow{functions: functions{fails: 1, with: wire.Errorf("AccessDeniedException", 403, "no")}, takes: 5 * time.Second}
				dead := &contextQueue{hangs: c.hangs}
				s := scheduler.New(scheduler.Config{Invoker: f, Queue: dead})
				_, err := sdk(s).CreateSchedule(t.Context(), withDeadLetters(input("sweep", "rate(1 hour)")))
				require.NoError(t, err)
				require.Equal(t, c.stops, stopAfter(t, s, time.Second))
				require.Equal(t, c.sent, dead.attributes("ERROR_CODE"))
			})
		})
	}
}

// TestAnUpdateEndsTheRetriesOfTheOldVersion, though its target is being called.
func TestAnUpdateEndsTheRetriesOfTheOldVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &slow{functions: functions{start: time.Now(), fails: 1}, takes: 5 * time.Second}
		s := scheduler.New(scheduler.Config{Invoker: f})
		in := input("sweep", "rate(1 hour)")
		in.Target.Input = aws.String(`"old"`)
		_, err := sdk(s).CreateSchedule(t.Context(), in)
		require.NoError(t, err)
		running(t, s, func() {
			time.Sleep(time.Second)
			in.Target.Input = aws.String(`"new"`)
			_, err := sdk(s).UpdateSchedule(t.Context(), &client.UpdateScheduleInput{
				Name: in.Name, ScheduleExpression: in.ScheduleExpression, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target})
			require.NoError(t, err)
			time.Sleep(90 * time.Minute)
		})
		require.Equal(t, []call{{0, functionARN, `"old"`}, {time.Hour + time.Second, functionARN, `"new"`}}, f.calls)
	})
}
