package emulators

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	logssdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// TestWhatAFunctionLogsNeedsItsRole: "To upload logs to CloudWatch Logs", the role allows
// three actions; without one the function runs, and what it logs is lost.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
func TestWhatAFunctionLogsNeedsItsRole(t *testing.T) {
	var warned bytes.Buffer
	cloud, err := New(Config{Log: slog.New(slog.NewTextHandler(&warned, nil))})
	require.NoError(t, err)
	ctx, cfg := t.Context(), cloud.AWSConfig()
	functions, kept := lambdasdk.NewFromConfig(cfg), logssdk.NewFromConfig(cfg)
	cloud.Lambda.Bind("f", fussy{})
	makeFunction(t, cfg, nil)
	starts := func() int {
		out, err := kept.FilterLogEvents(ctx, &logssdk.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/f"), FilterPattern: aws.String("START")})
		if err != nil {
			require.ErrorContains(t, err, "ResourceNotFoundException")
			return -1
		}
		return len(out.Events)
	}
	needed := []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
	for n, there := range []int{-1, 0, 0, 1} { // events after so many are allowed
		require.NoError(t, roletest.Allow(ctx, cfg, "functions", needed[:n]...))
		out, err := functions.Invoke(ctx, &lambdasdk.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{}`), LogType: "Tail"})
		require.NoError(t, err)
		require.Nil(t, out.FunctionError)
		require.NotEmpty(t, *out.LogResult, "is answered, whatever is kept")
		require.Equal(t, there, starts(), needed[:n])
	}
	require.NoError(t, roletest.Allow(ctx, cfg, "functions", needed[1:]...))
	_, err = functions.Invoke(ctx, &lambdasdk.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{}`)})
	require.NoError(t, err)
	require.Equal(t, 2, starts(), "the group is there")
	require.Equal(t, 1, strings.Count(warned.String(), "are lost"))
	require.Contains(t, warned.String(), "role/functions is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:log-stream:: no identity-based policy")
	require.Contains(t, warned.String(), "allow it with: aws iam put-role-policy --role-name functions")
}
