package emulators

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logssdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func toLogs(group string, batch bool) iottypes.Action {
	return iottypes.Action{CloudwatchLogs: &iottypes.CloudwatchLogsAction{LogGroupName: &group, RoleArn: aws.String(rulesRole), BatchMode: &batch}}
}

// TestCloudwatchLogsAction puts messages of devices into a log group, one by one and
// in batches as the guide's example has them.
// https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-logs-rule-action.html
//
// AWS.md §2: cloudwatchLogs.
func TestCloudwatchLogsAction(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		logs := logssdk.NewFromConfig(c.AWSConfig())
		_, err := logs.CreateLogGroup(c.ctx, &logssdk.CreateLogGroupInput{LogGroupName: aws.String("IotLogs")})
		require.NoError(t, err)
		c.rule("One", "SELECT * FROM 'some/topic'", toLogs("IotLogs", false))
		c.rule("Batch", "SELECT * FROM 'logs/+'", toLogs("${topic(2)}", true))
		at := time.Now()
		c.publish("some/topic", `{"n":1}`)
		c.publish("logs/IotLogs", fmt.Sprintf(`[{"timestamp": %d, "message": "Test message 1"}, {"timestamp": %d, "message": "Test message 2"}]`,
			at.UnixMilli()+1, at.UnixMilli()+2))
		require.Empty(t, c.failures())
		found, err := logs.FilterLogEvents(c.ctx, &logssdk.FilterLogEventsInput{LogGroupName: aws.String("IotLogs")})
		require.NoError(t, err)
		var got []string
		for _, e := range found.Events {
			got = append(got, fmt.Sprint(*e.LogStreamName, " ", *e.Timestamp-at.UnixMilli(), " ", *e.Message))
		}
		require.Equal(t, []string{`One 0 {"n":1}`, "Batch 1 Test message 1", "Batch 2 Test message 2"}, got)

		c.publish("logs/none", `[{"timestamp": 1, "message": "x"}]`)
		c.publish("logs/IotLogs", `{"timestamp": 1}`)
		c.publish("logs/IotLogs", `[{"timestamp": 1, "message": "x"}]`)
		failures := c.failures()
		require.Len(t, failures, 3)
		require.Contains(t, failures[0], "The specified log group does not exist")
		require.Contains(t, failures[1], "not a list of objects with timestamp and message")
		require.Contains(t, failures[2], "of 1 events 1 were rejected as too old or expired")
	})
}
