package logs_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/require"
)

// actOnMembers uses what else the inputs have, in a group with the streams a and b.
func actOnMembers(t *testing.T, c *sdk.Client) {
	ctx, group, now := t.Context(), aws.String("g"), time.Now()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.PutLogEvents(ctx, &sdk.PutLogEventsInput{LogGroupName: group, LogStreamName: aws.String("b"), SequenceToken: aws.String("any"),
		LogEvents: []types.InputLogEvent{line(now.Add(-time.Second), "1"), line(now, "2"), line(now.Add(time.Second), "3")}})
	must(err) // tokens are ignored, since 2023
	from, to := aws.Int64(now.UnixMilli()), aws.Int64(now.Add(time.Second).UnixMilli())

	get := &sdk.GetLogEventsInput{LogGroupName: group, LogStreamName: aws.String("b"), StartTime: from, EndTime: to, Unmask: true}
	one, err := c.GetLogEvents(ctx, get)
	must(err)
	require.Len(t, one.Events, 1)
	require.Equal(t, "2", *one.Events[0].Message)
	get = &sdk.GetLogEventsInput{LogGroupName: group, LogStreamName: aws.String("b"), StartFromHead: aws.Bool(true), Limit: aws.Int32(1)}
	first, err := c.GetLogEvents(ctx, get)
	must(err)
	require.Equal(t, "1", *first.Events[0].Message)
	get.NextToken = first.NextForwardToken
	second, err := c.GetLogEvents(ctx, get)
	must(err)
	require.Equal(t, "2", *second.Events[0].Message)
	findMembers(t, c, from, to)
	listMembers(t, c)
}

func findMembers(t *testing.T, c *sdk.Client, from, to *int64) {
	group := aws.String("g")
	found := func(in sdk.FilterLogEventsInput) (messages []string, next *string) {
		t.Helper()
		page, err := c.FilterLogEvents(t.Context(), &in)
		require.NoError(t, err)
		for _, e := range page.Events {
			messages = append(messages, *e.Message)
		}
		return messages, page.NextToken
	}
	got, _ := found(sdk.FilterLogEventsInput{LogGroupName: group, StartTime: from, EndTime: to, LogStreamNames: []string{"b"}, Unmask: true})
	require.Equal(t, []string{"2", "3"}, got)
	in := sdk.FilterLogEventsInput{LogGroupIdentifier: group, LogStreamNamePrefix: aws.String("b"), Limit: aws.Int32(2), Interleaved: aws.Bool(true)}
	got, in.NextToken = found(in)
	require.Equal(t, []string{"1", "2"}, got)
	got, _ = found(in)
	require.Equal(t, []string{"3"}, got)
	got, _ = found(sdk.FilterLogEventsInput{LogGroupName: group, LogStreamNames: []string{"b"}, StartFromHead: aws.Bool(false), StartTime: aws.Int64(*from - 5000)})
	require.Equal(t, []string{"3", "2", "1"}, got)
}

func listMembers(t *testing.T, c *sdk.Client) {
	_, err := c.CreateLogGroup(t.Context(), &sdk.CreateLogGroupInput{LogGroupName: aws.String("other/h"), LogGroupClass: types.LogGroupClassStandard})
	require.NoError(t, err)
	names := func(in sdk.DescribeLogGroupsInput) (names []string, next *string) {
		page, err := c.DescribeLogGroups(t.Context(), &in)
		require.NoError(t, err)
		for _, g := range page.LogGroups {
			names = append(names, *g.LogGroupName)
		}
		return names, page.NextToken
	}
	got, _ := names(sdk.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("r/"), LogGroupClass: types.LogGroupClassStandard})
	require.Equal(t, []string{"other/h"}, got)
	got, _ = names(sdk.DescribeLogGroupsInput{LogGroupClass: types.LogGroupClassDelivery})
	require.Empty(t, got)
	got, next := names(sdk.DescribeLogGroupsInput{Limit: aws.Int32(1)})
	require.Equal(t, []string{"g"}, got)
	got, _ = names(sdk.DescribeLogGroupsInput{NextToken: next})
	require.Equal(t, []string{"other/h"}, got)
}
