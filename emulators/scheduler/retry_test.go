package scheduler_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// queue keeps dead-letter events.
type queue struct {
	mu   sync.Mutex
	sent []*sqs.SendMessageInput
}

func (q *queue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sent = append(q.sent, in)
	return &sqs.SendMessageOutput{}, nil
}

// attributes are those of the events that have a name.
func (q *queue) attributes(name string) []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []string
	for _, in := range q.sent {
		out = append(out, aws.ToString(in.MessageAttributes[name].StringValue))
	}
	return out
}

func withDeadLetters(in *client.CreateScheduleInput) *client.CreateScheduleInput {
	in.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:given-up")}
	return in
}

// TestRetryPolicy: a firing is tried once and then as often as its policy says, for as
// long as it says; then it is a dead letter.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func TestRetryPolicy(t *testing.T) {
	for name, c := range map[string]struct {
		policy    *types.RetryPolicy
		calls     int // after 3, 7, 15, … 511 s
		condition []string
		retries   []string
	}{
		"none":            {nil, 10, nil, nil},
		"two retries":     {&types.RetryPolicy{MaximumRetryAttempts: aws.Int32(2)}, 3, []string{"MaximumRetryAttempts"}, []string{"2"}},
		"no retry":        {&types.RetryPolicy{MaximumRetryAttempts: aws.Int32(0)}, 1, []string{"MaximumRetryAttempts"}, []string{"0"}},
		"for two minutes": {&types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(120)}, 7, []string{"MaximumEventAgeInSeconds"}, []string{"6"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, dead := &functions{start: time.Now(), fails: 1000}, &queue{}
				s := scheduler.New(scheduler.Config{Invoker: f, Queue: dead})
				in := withDeadLetters(input("sweep", "rate(1 hour)"))
				in.Target.RetryPolicy = c.policy
				_, err := sdk(s).CreateSchedule(t.Context(), in)
				require.NoError(t, err)
				running(t, s, func() { time.Sleep(10 * time.Minute) })
				require.Len(t, f.calls, c.calls)
				require.Equal(t, c.condition, dead.attributes("EXHAUSTED_RETRY_CONDITION"))
				require.Equal(t, c.retries, dead.attributes("RETRY_ATTEMPTS"))
			})
		})
	}
}

// TestAFiringThatTheNextOneEndsIsADeadLetter: when its next try would come too late, and
// when nothing ran meanwhile.
func TestAFiringThatTheNextOneEndsIsADeadLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, dead := &functions{start: time.Now(), fails: 6}, &queue{}
		s := scheduler.New(scheduler.Config{Invoker: f, Queue: dead})
		_, err := sdk(s).CreateSchedule(t.Context(), withDeadLetters(input("sweep", "rate(1 minute)")))
		require.NoError(t, err)
		running(t, s, func() { time.Sleep(90 * time.Second) })
		require.Equal(t, []string{"2000-01-01T00:00:00Z"}, dead.attributes("SCHEDULED_TIME"))
		require.Equal(t, []string{"MaximumEventAgeInSeconds"}, dead.attributes("EXHAUSTED_RETRY_CONDITION"))
		require.Equal(t, []string{"AWS.Scheduler.InternalServerError"}, dead.attributes("ERROR_CODE"))

		f.fails = 1
		running(t, s, func() { time.Sleep(30500 * time.Millisecond) }) // 120 s, and it is to be tried again at 121 s
		time.Sleep(2 * time.Minute)
		running(t, s, func() { time.Sleep(time.Second) })
		require.Equal(t, []string{"2000-01-01T00:00:00Z", "2000-01-01T00:02:00Z"}, dead.attributes("SCHEDULED_TIME"))
	})
}

// TestAnErrorOfTheCallerIsNotTriedAgain, but that of a full queue is.
func TestAnErrorOfTheCallerIsNotTriedAgain(t *testing.T) {
	for code, c := range map[string]struct{ status, calls int }{
		"ResourceNotFoundException": {404, 1}, "AccessDeniedException": {403, 1}, "TooManyRequestsException": {429, 6}, "ServiceException": {500, 6},
	} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, dead := &functions{start: time.Now(), fails: 6, with: wire.Errorf(code, c.status, "no")}, &queue{}
				s := scheduler.New(scheduler.Config{Invoker: f, Queue: dead})
				_, err := sdk(s).CreateSchedule(t.Context(), withDeadLetters(input("sweep", "rate(1 minute)")))
				require.NoError(t, err)
				running(t, s, func() { time.Sleep(59 * time.Second) })
				require.Len(t, f.calls, c.calls)
				require.Equal(t, []string{code}, dead.attributes("ERROR_CODE"))
			})
		})
	}
}
