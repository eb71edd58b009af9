package logs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/logs"
)

// TestTheNewestOfAServicesLinesAreKept: what a service of the cloud writes takes the place
// of the oldest of its group, whatever their stream, and of nobody else's.
func TestTheNewestOfAServicesLinesAreKept(t *testing.T) {
	s := logs.New(logs.Config{MaxBytes: 1000})
	c := sdk.NewFromConfig(configOf(s))
	now := time.Now().Truncate(time.Second)
	say := func(group, stream string, second int) error {
		text := fmt.Sprintf("%02d%s", second, strings.Repeat("x", 72)) // 100 bytes of an event
		return s.Append(group, stream, []logs.Line{{At: now.Add(time.Duration(second) * time.Second), Text: text}})
	}
	require.NoError(t, say("other", "s", 0))
	for second := range 30 {
		require.NoError(t, say("g", fmt.Sprintf("s%d", second/20), second))
	}
	out, err := c.FilterLogEvents(t.Context(), &sdk.FilterLogEventsInput{LogGroupName: aws.String("g")})
	require.NoError(t, err)
	first := 30 - len(out.Events)
	require.GreaterOrEqual(t, len(out.Events), 5, "half of what there is room for")
	for i, e := range out.Events {
		require.Equal(t, fmt.Sprintf("%02d", first+i), (*e.Message)[:2])
	}
	out, err = c.FilterLogEvents(t.Context(), &sdk.FilterLogEventsInput{LogGroupName: aws.String("other")})
	require.NoError(t, err)
	require.Len(t, out.Events, 1)
	full := logs.New(logs.Config{MaxBytes: 100})
	require.NoError(t, full.Append("g", "s", []logs.Line{{At: now, Text: strings.Repeat("x", 74)}}))
	require.ErrorContains(t, full.Append("new", "s", []logs.Line{{At: now, Text: "x"}}), "ServiceUnavailableException", "of a group that has nothing to drop")
}

// A role is asked for what is needed, and with the ARNs that AWS asks with: whatever the
// policies of its guides allow, <group>:*, covers them.
// https://docs.aws.amazon.com/iot/latest/developerguide/configure-logging.html#logging-role-policy
func TestARoleIsAskedForWhatIsNeeded(t *testing.T) {
	s := logs.New(logs.Config{})
	var asked []string
	say := func(stream string) error {
		asked = nil
		return s.AppendAs("g", stream, []logs.Line{{At: time.Now(), Text: "x"}}, func(action, arn string) error {
			asked = append(asked, action+" "+strings.TrimPrefix(arn, "arn:aws:logs:us-east-1:000000000000:log-group:"))
			return nil
		})
	}
	require.NoError(t, say("a"))
	require.Equal(t, []string{"logs:CreateLogGroup g:log-stream:", "logs:CreateLogStream g:log-stream:a", "logs:PutLogEvents g:log-stream:a"}, asked)
	require.NoError(t, say("a"))
	require.Equal(t, []string{"logs:PutLogEvents g:log-stream:a"}, asked)
	require.NoError(t, say("b"))
	require.Equal(t, []string{"logs:CreateLogStream g:log-stream:b", "logs:PutLogEvents g:log-stream:b"}, asked)
}

// What a service writes has the bounds of PutLogEvents: a batch of 10,000 events, and of
// 1 MB with what AWS adds to each.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
func TestAServicesLinesHaveBounds(t *testing.T) {
	s := logs.New(logs.Config{})
	c := sdk.NewFromConfig(configOf(s))
	line := func(bytes int) logs.Line { return logs.Line{At: time.Now(), Text: strings.Repeat("x", bytes)} }
	require.ErrorContains(t, s.Append("g", "s", []logs.Line{line(1), line(1<<20 - 25), line(2)}), "Log event too large: 1048577 bytes exceeds limit of 1048576")
	require.NoError(t, s.Append("g", "s", []logs.Line{line(1<<20 - 26)}))
	require.ErrorContains(t, s.Append("g", "s", make([]logs.Line, 10_001)), "A batch has 1 to 10000 log events, not 10001.")
	out, err := c.DescribeLogStreams(t.Context(), &sdk.DescribeLogStreamsInput{LogGroupName: aws.String("g")})
	require.NoError(t, err)
	require.Len(t, out.LogStreams, 1)
	groups, err := c.DescribeLogGroups(t.Context(), &sdk.DescribeLogGroupsInput{})
	require.NoError(t, err)
	require.Equal(t, int64(1<<20+26+1+26+2), *groups.LogGroups[0].StoredBytes, "the small ones and the one that fits")
}
