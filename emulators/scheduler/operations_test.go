package scheduler_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	config := aws.Config{
		Region: "us-east-1", HTTPClient: memory{scheduler.Handler(scheduler.New(scheduler.Config{Invoker: &functions{}}))},
		BaseEndpoint: aws.String("http://scheduler.test"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	operationtest.Check(t, config, func(c aws.Config) *client.Client { return client.NewFromConfig(c) }, actOnAll)
}

func actOnAll(t *testing.T, c *client.Client) {
	in := input("sweep", "rate(1 minute)")
	in.ScheduleExpressionTimezone = aws.String("UTC")
	_, err := c.CreateSchedule(t.Context(), in)
	require.NoError(t, err)
	_, err = c.UpdateSchedule(t.Context(), &client.UpdateScheduleInput{
		Name: in.Name, ScheduleExpression: in.ScheduleExpression, Target: in.Target, FlexibleTimeWindow: in.FlexibleTimeWindow})
	require.NoError(t, err)
	_, err = c.ListSchedules(t.Context(), &client.ListSchedulesInput{})
	require.NoError(t, err)
	_, err = c.GetSchedule(t.Context(), &client.GetScheduleInput{Name: in.Name})
	require.NoError(t, err)
	_, err = c.DeleteSchedule(t.Context(), &client.DeleteScheduleInput{Name: in.Name})
	require.NoError(t, err)
}

// A firing is tried once and then as often as its policy says, for as long as it says.
func TestRetryPolicy(t *testing.T) {
	for name, c := range map[string]struct {
		policy *types.RetryPolicy
		calls  int // after 3, 7, 15, … 511 s
	}{
		"none":            {nil, 10},
		"two retries":     {&types.RetryPolicy{MaximumRetryAttempts: aws.Int32(2)}, 3},
		"no retry":        {&types.RetryPolicy{MaximumRetryAttempts: aws.Int32(0)}, 1},
		"for two minutes": {&types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(120)}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &functions{start: time.Now(), fails: 1000}
				s := scheduler.New(scheduler.Config{Invoker: f})
				in := input("sweep", "rate(1 hour)")
				in.Target.RetryPolicy = c.policy
				_, err := sdk(s).CreateSchedule(t.Context(), in)
				require.NoError(t, err)
				running(t, s, func() { time.Sleep(10 * time.Minute) })
				require.Len(t, f.calls, c.calls)
			})
		})
	}
}
