package scenarios_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// What the pipeline's functions log can be read from CloudWatch Logs.
func TestThePipelineLogs(t *testing.T) {
	w, err := scenarios.NewWorld(t.Context(), scenarios.WorldOptions{})
	require.NoError(t, err)
	defer func() { require.NoError(t, w.Close()) }()
	_, err = dynamodb.NewFromConfig(w.AWS).DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: &w.Pipeline.Table})
	require.NoError(t, err)
	_, err = w.Cloud.Lambda.InvokeSync(t.Context(), pipeline.DeviceAPI, []byte(`{"routeKey":"GET /devices"}`))
	require.NoError(t, err)
	out, err := cloudwatchlogs.NewFromConfig(w.AWS).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String("/aws/lambda/" + pipeline.DeviceAPI), FilterPattern: aws.String("ERROR"),
	})
	require.NoError(t, err)
	require.Len(t, out.Events, 1)
	require.Contains(t, *out.Events[0].Message, `message="device api" route="GET /devices" error=`)
}
