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
