package emulators

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	logssdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// The log entries of IoT Core are written as the role lets it, into a group that it
// makes: nothing is written before the role may. When group and stream are there the role
// need not be allowed to make them any more.
// https://docs.aws.amazon.com/iot/latest/developerguide/configure-logging.html#logging-role-policy
func TestV2LoggingWritesAsItsRoleLetsIt(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		logs := logssdk.NewFromConfig(c.AWSConfig())
		arn, err := roletest.Make(c.ctx, c.AWSConfig(), "logging", "iot.amazonaws.com", "logs:CreateLogStream", "logs:PutLogEvents")
		require.NoError(t, err)
		_, err = c.rules.SetV2LoggingOptions(c.ctx, &iot.SetV2LoggingOptionsInput{RoleArn: &arn, DefaultLogLevel: iottypes.LogLevelInfo})
		require.NoError(t, err)
		in := &logssdk.FilterLogEventsInput{LogGroupName: aws.String("AWSIotLogsV2")}
		c.publish("a", `{}`)
		_, err = logs.FilterLogEvents(c.ctx, in)
		requireCode(t, err, "ResourceNotFoundException")
		may := func(events int, actions ...string) {
			t.Helper()
			require.NoError(t, roletest.Allow(c.ctx, c.AWSConfig(), "logging", actions...))
			c.publish("a", `{}`)
			found, err := logs.FilterLogEvents(c.ctx, in)
			require.NoError(t, err)
			require.Len(t, found.Events, events)
			if events > 0 {
				require.Contains(t, *found.Events[0].Message, `"status":"Success","eventType":"Publish-In","protocol":"HTTP","topicName":"a"`)
			}
		}
		may(0, "logs:CreateLogGroup", "logs:CreateLogStream")
		may(1, "logs:*")
		may(2, "logs:PutLogEvents")
	})
}
