package logs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/logs"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

func config(c logs.Config) aws.Config { return configOf(logs.New(c)) }

func configOf(s *logs.State) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: logs.Handler(s)}, RetryMaxAttempts: 1,
	}
}

// start makes the group "g" with the streams "a" and "b".
func start(t *testing.T, c logs.Config) *sdk.Client {
	client := sdk.NewFromConfig(config(c))
	makeGroup(t, client)
	return client
}

func makeGroup(t *testing.T, c *sdk.Client) {
	t.Helper()
	_, err := c.CreateLogGroup(t.Context(), &sdk.CreateLogGroupInput{LogGroupName: aws.String("g"), Tags: map[string]string{"team": "iot"}})
	require.NoError(t, err)
	for _, name := range []string{"a", "b"} {
		_, err = c.CreateLogStream(t.Context(), &sdk.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: &name})
		require.NoError(t, err)
	}
}

func line(at time.Time, message string) types.InputLogEvent {
	return types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: &message}
}

func put(t *testing.T, c *sdk.Client, stream string, lines ...types.InputLogEvent) (*types.RejectedLogEventsInfo, error) {
	t.Helper()
	out, err := c.PutLogEvents(t.Context(), &sdk.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: &stream, LogEvents: lines})
	if err != nil {
		return nil, err
	}
	return out.RejectedLogEventsInfo, nil
}

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	operationtest.Check(t, config(logs.Config{}), func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, actOnAll, operationtest.Fields(nil))
}

func actOnAll(t *testing.T, c *sdk.Client) {
	ctx, group, arn := t.Context(), aws.String("g"), aws.String("arn:aws:logs:us-east-1:000000000000:log-group:g")
	makeGroup(t, c)
	_, err := put(t, c, "a", line(time.Now(), "hello"))
	require.NoError(t, err)
	got, err := c.GetLogEvents(ctx, &sdk.GetLogEventsInput{LogGroupIdentifier: arn, LogStreamName: aws.String("a")})
	require.NoError(t, err)
	require.Equal(t, "hello", *got.Events[0].Message)
	filtered, err := c.FilterLogEvents(ctx, &sdk.FilterLogEventsInput{LogGroupName: group, FilterPattern: aws.String("hello")})
	require.NoError(t, err)
	require.Len(t, filtered.Events, 1)
	_, err = c.PutRetentionPolicy(ctx, &sdk.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(7)})
	require.NoError(t, err)
	_, err = c.TagResource(ctx, &sdk.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"x": "1"}})
	require.NoError(t, err)
	_, err = c.UntagResource(ctx, &sdk.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"team"}})
	require.NoError(t, err)
	//lint:ignore SA1019 older clients call it
	_, err = c.TagLogGroup(ctx, &sdk.TagLogGroupInput{LogGroupName: group, Tags: map[string]string{"y": "2", "z": "3"}})
	require.NoError(t, err)
	//lint:ignore SA1019 older clients call it
	_, err = c.UntagLogGroup(ctx, &sdk.UntagLogGroupInput{LogGroupName: group, Tags: []string{"z"}})
	require.NoError(t, err)
	tags, err := c.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceArn: arn})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"x": "1", "y": "2"}, tags.Tags)
	//lint:ignore SA1019 older clients call it
	_, err = c.ListTagsLogGroup(ctx, &sdk.ListTagsLogGroupInput{LogGroupName: group})
	require.NoError(t, err)
	groups, err := c.DescribeLogGroups(ctx, &sdk.DescribeLogGroupsInput{LogGroupNamePrefix: group})
	require.NoError(t, err)
	require.Equal(t, *arn+":*", *groups.LogGroups[0].Arn)
	require.EqualValues(t, 7, *groups.LogGroups[0].RetentionInDays)
	require.EqualValues(t, len("hello")+26, *groups.LogGroups[0].StoredBytes)
	_, err = c.DeleteRetentionPolicy(ctx, &sdk.DeleteRetentionPolicyInput{LogGroupName: group})
	require.NoError(t, err)
	describeStreams(t, c)
	actOnMembers(t, c)
	_, err = c.DeleteLogStream(ctx, &sdk.DeleteLogStreamInput{LogGroupName: group, LogStreamName: aws.String("a")})
	require.NoError(t, err)
	groups, err = c.DescribeLogGroups(ctx, &sdk.DescribeLogGroupsInput{LogGroupIdentifiers: []string{*arn}})
	require.NoError(t, err)
	require.EqualValues(t, 3*(1+26), *groups.LogGroups[0].StoredBytes, "those of b")
	require.Nil(t, groups.LogGroups[0].RetentionInDays)
	_, err = c.DeleteLogGroup(ctx, &sdk.DeleteLogGroupInput{LogGroupName: group})
	require.NoError(t, err)
}

func describeStreams(t *testing.T, c *sdk.Client) {
	var names []string
	pages := sdk.NewDescribeLogStreamsPaginator(c, &sdk.DescribeLogStreamsInput{
		LogGroupName: aws.String("g"), OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true), Limit: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, s := range page.LogStreams {
			names = append(names, *s.LogStreamName)
		}
	}
	require.Equal(t, []string{"a", "b"}, names, "b has no event")
}

// The rules of https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
func TestPutLogEventsRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, now, day := start(t, logs.Config{}), time.Now(), 24*time.Hour
		_, err := c.PutRetentionPolicy(t.Context(), &sdk.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(7)})
		require.NoError(t, err)
		rejected, err := put(t, c, "a", line(now.Add(-15*day), "too old"), line(now.Add(-8*day), "expired"),
			line(now.Add(-23*time.Hour), "kept"), line(now, "kept too"), line(now.Add(3*time.Hour), "too new"))
		require.NoError(t, err)
		require.EqualValues(t, 1, *rejected.TooOldLogEventEndIndex)
		require.EqualValues(t, 2, *rejected.ExpiredLogEventEndIndex)
		require.EqualValues(t, 4, *rejected.TooNewLogEventStartIndex)
		require.Equal(t, []string{"kept", "kept too"}, messages(t, c, &sdk.GetLogEventsInput{}))

		for message, lines := range map[string][]types.InputLogEvent{
			"must be in chronological order": {line(now, "2"), line(now.Add(-time.Second), "1")},
			"cannot span more than 24 hours": {line(now.Add(-25*time.Hour), "1"), line(now, "2")},
			"Upload too large: 1048577":      {line(now, strings.Repeat("x", 1<<19)), line(now, strings.Repeat("x", 1<<19-51))},
			"Log event too large":            {line(now, strings.Repeat("x", 1<<20+1))},
			"logEvents.1.member.message":     {line(now, "")},
			"1 to 10000 log events":          make([]types.InputLogEvent, 0),
		} {
			_, err := put(t, c, "a", lines...)
			require.ErrorContains(t, err, message)
			require.ErrorContains(t, err, "InvalidParameterException")
		}
		_, err = put(t, c, "none", line(now, "x"))
		require.ErrorContains(t, err, "The specified log stream does not exist")

		time.Sleep(8 * day)
		require.Empty(t, messages(t, c, &sdk.GetLogEventsInput{}), "the retention has let them go")
	})
}

// messages are those of a page of stream a.
func messages(t *testing.T, c *sdk.Client, in *sdk.GetLogEventsInput) []string {
	t.Helper()
	in.LogGroupName, in.LogStreamName = aws.String("g"), aws.String("a")
	page, err := c.GetLogEvents(t.Context(), in)
	require.NoError(t, err)
	var out []string
	for _, e := range page.Events {
		out = append(out, *e.Message)
	}
	return out
}

func TestGetLogEventsPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, now := start(t, logs.Config{}), time.Now()
		for i := range 5 { // the last comes first
			_, err := put(t, c, "a", line(now.Add(time.Duration(-i)*time.Second), fmt.Sprint(5-i)))
			require.NoError(t, err)
		}
		require.Equal(t, []string{"4", "5"}, messages(t, c, &sdk.GetLogEventsInput{Limit: aws.Int32(2)}), "the latest, in order")
		require.Equal(t, []string{"2", "3"}, messages(t, c, &sdk.GetLogEventsInput{
			StartTime: aws.Int64(now.Add(-3 * time.Second).UnixMilli()), EndTime: aws.Int64(now.Add(-time.Second).UnixMilli())}))

		in := &sdk.GetLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("a"), StartFromHead: aws.Bool(true), Limit: aws.Int32(2)}
		var got []string
		pages := sdk.NewGetLogEventsPaginator(c, in, func(o *sdk.GetLogEventsPaginatorOptions) { o.StopOnDuplicateToken = true })
		var last string
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			require.NoError(t, err)
			for _, e := range page.Events {
				got = append(got, *e.Message)
			}
			last = *page.NextForwardToken
		}
		require.Equal(t, []string{"1", "2", "3", "4", "5"}, got)
		_, err := put(t, c, "a", line(now, "6"))
		require.NoError(t, err)
		require.Equal(t, []string{"6"}, messages(t, c, &sdk.GetLogEventsInput{NextToken: &last}), "the last token finds what came later")

		tail, err := c.GetLogEvents(t.Context(), &sdk.GetLogEventsInput{LogGroupName: in.LogGroupName, LogStreamName: in.LogStreamName, Limit: aws.Int32(4)})
		require.NoError(t, err)
		require.Equal(t, []string{"1", "2"}, messages(t, c, &sdk.GetLogEventsInput{NextToken: tail.NextBackwardToken}))
		_, err = c.GetLogEvents(t.Context(), &sdk.GetLogEventsInput{LogGroupName: in.LogGroupName, LogStreamName: in.LogStreamName, NextToken: aws.String("x")})
		require.ErrorContains(t, err, "nextToken is invalid")
	})
}

func TestFilterLogEventsPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(25 * 366 * 24 * time.Hour) // a search from the tail begins after 2024
		c, now := start(t, logs.Config{}), time.Now()
		for i := range 6 {
			_, err := put(t, c, "ab"[i%2:i%2+1], line(now.Add(time.Duration(i)*time.Second), fmt.Sprintf(`{"n":%d}`, i)))
			require.NoError(t, err)
		}
		find := func(in *sdk.FilterLogEventsInput) string {
			in.LogGroupName, in.FilterPattern = aws.String("g"), aws.String("{ $.n != 3 }")
			var got string
			pages := sdk.NewFilterLogEventsPaginator(c, in)
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				require.NoError(t, err)
				for _, e := range page.Events {
					got += *e.LogStreamName + (*e.Message)[5:6] + " "
				}
				got += "/"
			}
			return got
		}
		require.Equal(t, "a0 b1 /a2 a4 /b5 /", find(&sdk.FilterLogEventsInput{Limit: aws.Int32(2)}))
		require.Equal(t, "b5 a4 /a2 b1 /a0 /", find(&sdk.FilterLogEventsInput{Limit: aws.Int32(2), StartFromHead: aws.Bool(false), StartTime: aws.Int64(now.UnixMilli())}))
		require.Equal(t, "b1 b5 /", find(&sdk.FilterLogEventsInput{LogStreamNames: []string{"b"}}))
		require.Equal(t, "a0 b1 a2 /", find(&sdk.FilterLogEventsInput{EndTime: aws.Int64(now.Add(2 * time.Second).UnixMilli())}), "the end is included")
		require.Equal(t, "a0 a2 a4 /", find(&sdk.FilterLogEventsInput{LogStreamNamePrefix: aws.String("a")}))
		_, err := c.FilterLogEvents(t.Context(), &sdk.FilterLogEventsInput{LogGroupName: aws.String("g"), StartFromHead: aws.Bool(false)})
		require.ErrorContains(t, err, "startFromHead")
	})
}

// A search takes 10,000 events at a time, and goes on until it has a page.
func TestFilterLogEventsSearchesManyEvents(t *testing.T) {
	c, now := start(t, logs.Config{}), time.Now()
	for batch := range 2 { // a has 15,000 events, b as many in the same seconds
		for _, stream := range []string{"a", "b"} {
			lines := make([]types.InputLogEvent, 7_500)
			for i := range lines {
				lines[i] = line(now.Add(time.Duration(batch*len(lines)+i)*time.Second/10), fmt.Sprint(stream, " ", batch*len(lines)+i))
			}
			_, err := put(t, c, stream, lines...)
			require.NoError(t, err)
		}
	}
	find := func(in sdk.FilterLogEventsInput) string {
		in.LogGroupName = aws.String("g")
		var got []string
		pages := sdk.NewFilterLogEventsPaginator(c, &in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			require.NoError(t, err)
			for _, e := range page.Events {
				got = append(got, *e.Message)
			}
			got = append(got, "/")
		}
		return strings.Join(got, ",")
	}
	some := aws.String(`?"b 14999" ?"a 12345" ?"a 11000" ?"a 3"`)
	require.Equal(t, "a 11000,a 12345,/,b 14999,/", find(sdk.FilterLogEventsInput{FilterPattern: aws.String(`?"b 14999" ?"a 12345" ?"a 11000"`), Limit: aws.Int32(2)}))
	ahead := find(sdk.FilterLogEventsInput{FilterPattern: some})
	require.Equal(t, 1, strings.Count(ahead, "/"))
	back := find(sdk.FilterLogEventsInput{FilterPattern: some, StartFromHead: aws.Bool(false), StartTime: aws.Int64(now.Add(-time.Hour).UnixMilli())})
	forth := strings.Split(strings.TrimSuffix(ahead, ",/"), ",")
	require.Len(t, forth, 1111+3, "a 3, a 30 to 39, … and the three")
	slices.Reverse(forth)
	require.Equal(t, strings.Join(forth, ",")+",/", back)
	all := find(sdk.FilterLogEventsInput{})
	require.Equal(t, 3, strings.Count(all, "/"))
	require.Equal(t, 30_000, strings.Count(all, " "))
}

// Who deletes what a page lists gets the next page nevertheless.
func TestAPageFollowsOneThatIsDeleted(t *testing.T) {
	c := start(t, logs.Config{})
	_, err := c.CreateLogGroup(t.Context(), &sdk.CreateLogGroupInput{LogGroupName: aws.String("h")})
	require.NoError(t, err)
	_, err = put(t, c, "a", line(time.Now(), "x"))
	require.NoError(t, err)
	for _, in := range []*sdk.DescribeLogStreamsInput{
		{OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true)}, {OrderBy: types.OrderByLogStreamName},
	} {
		in.LogGroupName, in.Limit = aws.String("g"), aws.Int32(1)
		page, err := c.DescribeLogStreams(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, "a", *page.LogStreams[0].LogStreamName)
		_, err = c.DeleteLogStream(t.Context(), &sdk.DeleteLogStreamInput{LogGroupName: in.LogGroupName, LogStreamName: aws.String("a")})
		require.NoError(t, err)
		in.NextToken = page.NextToken
		page, err = c.DescribeLogStreams(t.Context(), in)
		require.NoError(t, err)
		require.Len(t, page.LogStreams, 1)
		require.Equal(t, "b", *page.LogStreams[0].LogStreamName)
		require.Nil(t, page.NextToken)
		_, err = c.CreateLogStream(t.Context(), &sdk.CreateLogStreamInput{LogGroupName: in.LogGroupName, LogStreamName: aws.String("a")})
		require.NoError(t, err)
	}
	groups, err := c.DescribeLogGroups(t.Context(), &sdk.DescribeLogGroupsInput{Limit: aws.Int32(1)})
	require.NoError(t, err)
	_, err = c.DeleteLogGroup(t.Context(), &sdk.DeleteLogGroupInput{LogGroupName: groups.LogGroups[0].LogGroupName})
	require.NoError(t, err)
	groups, err = c.DescribeLogGroups(t.Context(), &sdk.DescribeLogGroupsInput{Limit: aws.Int32(1), NextToken: groups.NextToken})
	require.NoError(t, err)
	require.Len(t, groups.LogGroups, 1)
	require.Equal(t, "h", *groups.LogGroups[0].LogGroupName)
}

func TestMemoryIsBounded(t *testing.T) {
	c := start(t, logs.Config{MaxBytes: 100})
	_, err := put(t, c, "a", line(time.Now(), strings.Repeat("x", 70)))
	require.NoError(t, err)
	_, err = put(t, c, "a", line(time.Now(), "x"))
	require.ErrorContains(t, err, "ServiceUnavailableException")
	_, err = c.DeleteLogStream(t.Context(), &sdk.DeleteLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("a")})
	require.NoError(t, err)
	_, err = put(t, c, "b", line(time.Now(), "x"))
	require.NoError(t, err)
}

func TestWhatExpiredInAGroupMakesRoomInAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, logs.Config{MaxBytes: 100})
		_, err := c.CreateLogGroup(t.Context(), &sdk.CreateLogGroupInput{LogGroupName: aws.String("h")})
		require.NoError(t, err)
		_, err = c.CreateLogStream(t.Context(), &sdk.CreateLogStreamInput{LogGroupName: aws.String("h"), LogStreamName: aws.String("s")})
		require.NoError(t, err)
		_, err = put(t, c, "a", line(time.Now(), strings.Repeat("x", 70)))
		require.NoError(t, err)
		_, err = c.PutRetentionPolicy(t.Context(), &sdk.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(1)})
		require.NoError(t, err)
		other := func() error {
			_, err := c.PutLogEvents(t.Context(), &sdk.PutLogEventsInput{LogGroupName: aws.String("h"), LogStreamName: aws.String("s"), LogEvents: []types.InputLogEvent{line(time.Now(), "x")}})
			return err
		}
		require.ErrorContains(t, other(), "ServiceUnavailableException")
		time.Sleep(25 * time.Hour)
		require.NoError(t, other())
	})
}

func TestWhatIsRefused(t *testing.T) {
	c := start(t, logs.Config{})
	for want, in := range map[string]*sdk.CreateLogGroupInput{
		"ResourceAlreadyExistsException": {LogGroupName: aws.String("g")},
		"kmsKeyId":                       {LogGroupName: aws.String("h"), KmsKeyId: aws.String("k")},
		"logGroupClass DELIVERY":         {LogGroupName: aws.String("h"), LogGroupClass: types.LogGroupClassDelivery},
		"deletionProtectionEnabled":      {LogGroupName: aws.String("h"), DeletionProtectionEnabled: aws.Bool(true)},
		"logGroupName":                   {LogGroupName: aws.String("h:i")},
		"reserved for AWS":               {LogGroupName: aws.String("aws/h")},
	} {
		_, err := c.CreateLogGroup(t.Context(), in)
		require.ErrorContains(t, err, want)
	}
	_, err := c.PutLogEvents(t.Context(), &sdk.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("a"),
		LogEvents: []types.InputLogEvent{line(time.Now(), "x")}, Entity: &types.Entity{KeyAttributes: map[string]string{"Type": "Service"}}})
	require.ErrorContains(t, err, "entity")
	_, err = c.PutRetentionPolicy(t.Context(), &sdk.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(2)})
	require.ErrorContains(t, err, "retentionInDays")
	_, err = c.GetLogEvents(t.Context(), &sdk.GetLogEventsInput{LogGroupName: aws.String("g"), LogGroupIdentifier: aws.String("g"), LogStreamName: aws.String("a")})
	require.ErrorContains(t, err, "InvalidParameterException")
}
