package scheduler_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	functionARN = "arn:aws:lambda:us-east-1:000000000000:function:sweep"
	roleARN     = "arn:aws:iam::000000000000:role/scheduler"
)

// memory is an HTTP client that calls a handler.
type memory struct{ http.Handler }

func (m memory) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

func sdk(s *scheduler.State) *client.Client {
	return client.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: memory{scheduler.Handler(s)}, BaseEndpoint: aws.String("http://scheduler.test"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), RetryMaxAttempts: 1,
	})
}

// functions is an Invoker that keeps what it is asked, and fails at first.
type functions struct {
	mu    sync.Mutex
	start time.Time
	fails int
	with  error // nil is one without a type
	calls []call
}

type call struct {
	at       time.Duration
	function string
	payload  string
}

func (f *functions) InvokeAsync(_ context.Context, function string, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call{time.Since(f.start), function, string(payload)})
	if f.fails > 0 {
		f.fails--
		if f.with != nil {
			return f.with
		}
		return errors.New("function not found")
	}
	return nil
}

func (f *functions) times() []time.Duration {
	var out []time.Duration
	for _, c := range f.calls {
		out = append(out, c.at)
	}
	return out
}

func input(name, expression string) *client.CreateScheduleInput {
	return &client.CreateScheduleInput{
		Name: aws.String(name), ScheduleExpression: aws.String(expression),
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target:             &types.Target{Arn: aws.String(functionARN), RoleArn: aws.String(roleARN)},
	}
}

func running(t *testing.T, s *scheduler.State, f func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { require.NoError(t, s.Run(ctx)) })
	f()
	cancel()
	group.Wait()
}

func TestScheduleLifeOverTheWire(t *testing.T) {
	ctx := t.Context()
	c := sdk(scheduler.New(scheduler.Config{Invoker: &functions{}}))
	in := input("sweep", "rate(1 minute)")
	in.Target.Input = aws.String(`{"sweep":true}`)
	made, err := c.CreateSchedule(ctx, in)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:scheduler:us-east-1:000000000000:schedule/default/sweep", *made.ScheduleArn)
	in.ClientToken = nil // the SDK has put one there
	_, err = c.CreateSchedule(ctx, in)
	var conflict *types.ConflictException
	require.ErrorAs(t, err, &conflict)
	in.ClientToken = aws.String("once")
	in.Name = aws.String("again")
	for range 2 {
		_, err = c.CreateSchedule(ctx, in)
		require.NoError(t, err, "the same client token is the same request")
	}
	got, err := c.GetSchedule(ctx, &client.GetScheduleInput{Name: aws.String("sweep")})
	require.NoError(t, err)
	require.Equal(t, "rate(1 minute)", *got.ScheduleExpression)
	require.Equal(t, types.ScheduleStateEnabled, got.State)
	require.Equal(t, `{"sweep":true}`, *got.Target.Input)
	require.Equal(t, types.FlexibleTimeWindowModeOff, got.FlexibleTimeWindow.Mode)
	require.WithinDuration(t, time.Now(), *got.CreationDate, time.Minute)

	update := input("sweep", "rate(2 hours)")
	_, err = c.UpdateSchedule(ctx, &client.UpdateScheduleInput{
		Name: update.Name, ScheduleExpression: update.ScheduleExpression, FlexibleTimeWindow: update.FlexibleTimeWindow,
		Target: update.Target, State: types.ScheduleStateDisabled,
	})
	require.NoError(t, err)
	pages := client.NewListSchedulesPaginator(c, &client.ListSchedulesInput{MaxResults: aws.Int32(1)})
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		for _, s := range page.Schedules {
			names = append(names, *s.Name+" "+string(s.State)+" "+*s.Target.Arn)
		}
	}
	require.Equal(t, []string{"again ENABLED " + functionARN, "sweep DISABLED " + functionARN}, names)
	_, err = c.DeleteSchedule(ctx, &client.DeleteScheduleInput{Name: aws.String("sweep")})
	require.NoError(t, err)
	_, err = c.GetSchedule(ctx, &client.GetScheduleInput{Name: aws.String("sweep")})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
}

func TestRefusals(t *testing.T) {
	c := sdk(scheduler.New(scheduler.Config{Invoker: &functions{}, Queue: &queue{}}))
	for name, test := range map[string]struct {
		want   string
		change func(*client.CreateScheduleInput)
	}{
		"cron":     {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("cron(0 12 * * * *)") }},
		"at":       {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("at(2030-01-01 00:00:00)") }},
		"fraction": {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("at(2030-01-01T00:00:00.5)") }},
		"no day":   {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("at(2030-02-30T00:00:00)") }},
		"open":     {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("at(2030-02-03T00:00:00") }},
		"past":     {"is in the past", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("at(2020-02-03T00:00:00)") }},
		"no clock": {"does not show that time", func(in *client.CreateScheduleInput) {
			in.ScheduleExpression, in.ScheduleExpressionTimezone = aws.String("at(2030-03-10T02:30:00)"), aws.String("America/Los_Angeles")
		}},
		"long": {"more than 256", func(in *client.CreateScheduleInput) {
			in.ScheduleExpression = aws.String("cron(0" + strings.Repeat(",0", 130) + " * * * ? *)")
		}},
		"start": {"The StartDate you specify cannot be earlier than 5 minutes ago.", func(in *client.CreateScheduleInput) {
			in.StartDate = aws.Time(time.Now().Add(-time.Hour))
		}},
		"end": {"must be earlier than the EndDate", func(in *client.CreateScheduleInput) {
			in.StartDate, in.EndDate = aws.Time(time.Now().Add(2*time.Hour)), aws.Time(time.Now().Add(time.Hour))
		}},
		"action":      {"ActionAfterCompletion", func(in *client.CreateScheduleInput) { in.ActionAfterCompletion = "KEEP" }},
		"token":       {"ClientToken", func(in *client.CreateScheduleInput) { in.ClientToken = aws.String("a token") }},
		"description": {"more than 512 characters", func(in *client.CreateScheduleInput) { in.Description = aws.String(strings.Repeat("ö", 513)) }},
		"encryption": {`"KmsKeyArn" is not implemented`, func(in *client.CreateScheduleInput) {
			in.KmsKeyArn = aws.String("arn:aws:kms:us-east-1:000000000000:key/k")
		}},
		"seconds":  {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("rate(5 seconds)") }},
		"zero":     {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("rate(0 minutes)") }},
		"overflow": {"Invalid Schedule Expression", func(in *client.CreateScheduleInput) { in.ScheduleExpression = aws.String("rate(999999999 days)") }},
		"flexible": {"MaximumWindowInMinutes of 1 to 1440 is required", func(in *client.CreateScheduleInput) {
			in.FlexibleTimeWindow = &types.FlexibleTimeWindow{Mode: "FLEXIBLE", MaximumWindowInMinutes: nil}
		}},
		"long window": {"MaximumWindowInMinutes of 1 to 1440 is required", func(in *client.CreateScheduleInput) { within(in, 1441) }},
		"window": {"MaximumWindowInMinutes is for Mode FLEXIBLE", func(in *client.CreateScheduleInput) {
			in.FlexibleTimeWindow = &types.FlexibleTimeWindow{Mode: "OFF", MaximumWindowInMinutes: aws.Int32(1)}
		}},
		"target": {"use the ARN of a Lambda function", func(in *client.CreateScheduleInput) {
			in.Target.Arn = aws.String("arn:aws:states:us-east-1:000000000000:stateMachine:m")
		}},
		"universal": {"use the ARN of a Lambda function", func(in *client.CreateScheduleInput) {
			in.Target.Arn = aws.String("arn:aws:scheduler:::aws-sdk:sqs:sendMessage")
		}},
		"another region": {"is not of this account and region", func(in *client.CreateScheduleInput) {
			in.Target.Arn = aws.String("arn:aws:sqs:eu-west-1:000000000000:q")
		}},
		"no client": {"no client of sns", func(in *client.CreateScheduleInput) {
			in.Target.Arn = aws.String("arn:aws:sns:us-east-1:000000000000:t")
		}},
		"fifo": {"SqsParameters.MessageGroupId is required", func(in *client.CreateScheduleInput) {
			in.Target.Arn = aws.String("arn:aws:sqs:us-east-1:000000000000:q.fifo")
		}},
		"group": {"SqsParameters is for SQS queues", func(in *client.CreateScheduleInput) {
			in.Target.SqsParameters = &types.SqsParameters{MessageGroupId: aws.String("g")}
		}},
		"stream": {"KinesisParameters.PartitionKey is required", func(in *client.CreateScheduleInput) {
			in.Target.Arn = aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s")
		}},
		"key": {"KinesisParameters is for Kinesis streams", func(in *client.CreateScheduleInput) {
			in.Target.KinesisParameters = &types.KinesisParameters{PartitionKey: aws.String("k")}
		}},
		"dead letters": {"DeadLetterConfig.Arn", func(in *client.CreateScheduleInput) {
			in.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:q.fifo")}
		}},
		"retry": {"MaximumRetryAttempts is 0 to 185", func(in *client.CreateScheduleInput) {
			in.Target.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(186)}
		}},
		"timezone": {`Invalid Schedule Expression Timezone Europe/Atlantis`, func(in *client.CreateScheduleInput) { in.ScheduleExpressionTimezone = aws.String("Europe/Atlantis") }},
		"input":    {"Target.Input is not JSON", func(in *client.CreateScheduleInput) { in.Target.Input = aws.String("{") }},
	} {
		t.Run(name, func(t *testing.T) {
			in := input("s", "rate(1 minute)")
			test.change(in)
			_, err := c.CreateSchedule(t.Context(), in)
			var invalid *types.ValidationException
			require.ErrorAs(t, err, &invalid)
			require.Contains(t, *invalid.Message, test.want)
		})
	}
}

func TestRateFiresAtOnceAndThenAtItsInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &functions{start: time.Now()}
		s := scheduler.New(scheduler.Config{Invoker: f})
		c := sdk(s)
		running(t, s, func() {
			_, err := c.CreateSchedule(t.Context(), input("sweep", "rate(5 minutes)"))
			require.NoError(t, err)
			time.Sleep(12 * time.Minute)
			off := input("sweep", "rate(1 hours)")
			_, err = c.UpdateSchedule(t.Context(), &client.UpdateScheduleInput{
				Name: off.Name, ScheduleExpression: off.ScheduleExpression, FlexibleTimeWindow: off.FlexibleTimeWindow, Target: off.Target,
				State: types.ScheduleStateDisabled,
			})
			require.NoError(t, err)
			time.Sleep(3 * time.Hour)
			_, err = c.UpdateSchedule(t.Context(), &client.UpdateScheduleInput{
				Name: off.Name, ScheduleExpression: off.ScheduleExpression, FlexibleTimeWindow: off.FlexibleTimeWindow, Target: off.Target,
			})
			require.NoError(t, err)
			time.Sleep(90 * time.Minute)
			_, err = c.DeleteSchedule(t.Context(), &client.DeleteScheduleInput{Name: aws.String("sweep")})
			require.NoError(t, err)
			time.Sleep(3 * time.Hour)
		})
		again := 3*time.Hour + 12*time.Minute
		require.Equal(t, []time.Duration{0, 5 * time.Minute, 10 * time.Minute, again, again + time.Hour}, f.times())
		var event map[string]any
		require.NoError(t, json.Unmarshal([]byte(f.calls[1].payload), &event))
		delete(event, "id")
		require.Equal(t, map[string]any{
			"version": "0", "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "000000000000",
			"time": "2000-01-01T00:05:00Z", "region": "us-east-1", "detail": "{}",
			"resources": []any{"arn:aws:scheduler:us-east-1:000000000000:schedule/default/sweep"},
		}, event)
		require.Equal(t, functionARN, f.calls[0].function)
	})
}

func TestFailedInvocationIsTriedAgainUntilTheNextIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &functions{start: time.Now(), fails: 7}
		s := scheduler.New(scheduler.Config{Invoker: f})
		in := input("sweep", "rate(1 minute)")
		in.Target.Input = aws.String(`{"at":"<aws.scheduler.scheduled-time>","try":"<aws.scheduler.attempt-number>"}`)
		running(t, s, func() {
			_, err := sdk(s).CreateSchedule(t.Context(), in)
			require.NoError(t, err)
			time.Sleep(90 * time.Second)
		})
		require.Equal(t, []time.Duration{
			0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second, 31 * time.Second, // the next would be at 63 s
			60 * time.Second, 61 * time.Second,
		}, f.times())
		require.Equal(t, `{"at":"2000-01-01T00:00:00Z","try":"6"}`, f.calls[5].payload)
		require.Equal(t, `{"at":"2000-01-01T00:01:00Z","try":"2"}`, f.calls[7].payload)
	})
}

func TestTiesFireInOrderOfName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		s := scheduler.New(scheduler.Config{Invoker: &functions{}, Tap: func(e scheduler.Event) { order = append(order, e.Schedule) }})
		for _, name := range []string{"c", "a", "b"} {
			_, err := sdk(s).CreateSchedule(t.Context(), input(name, "rate(1 day)"))
			require.NoError(t, err)
		}
		running(t, s, func() { time.Sleep(25 * time.Hour) })
		require.Equal(t, []string{"a", "b", "c", "a", "b", "c"}, order)
	})
}
