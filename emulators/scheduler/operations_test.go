package scheduler_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/scheduler"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	config := aws.Config{
		Region: "us-east-1", HTTPClient: memory{scheduler.Handler(scheduler.New(scheduler.Config{Invoker: &functions{}, Queue: &queue{}, Stream: stream{}}))},
		BaseEndpoint: aws.String("http://scheduler.test"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	operationtest.Check(t, config, func(c aws.Config) *client.Client { return client.NewFromConfig(c) }, func(t *testing.T, c *client.Client) {
		actOnAll(t, c)
		actOnMembers(t, c)
		actOnGroups(t, c)
	}, operationtest.Fields(nil))
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
