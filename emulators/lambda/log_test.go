package lambda_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logsclient "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/logs"
)

var ids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// chatty logs what it is told, and fails or sleeps.
func chatty() handler {
	log := slog.New(lambda.NewLogHandler(slog.DiscardHandler)).With("part", "a")
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		log.WarnContext(ctx, "got "+string(payload))
		log.Warn("of no invocation")
		switch string(payload) {
		case `"error"`:
			return nil, errors.New("sensor gone")
		case `"slow"`:
			time.Sleep(5 * time.Second)
			log.WarnContext(ctx, "too late")
		case `"long"`:
			for i := range 300 {
				log.WarnContext(ctx, fmt.Sprintf("line %d of 300", i))
			}
		}
		return payload, nil
	}
}

// What a function logs is read back through CloudWatch Logs.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
func TestAFunctionLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, kept := logged(t, chatty())
		out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`"hello"`), LogType: types.LogTypeTail})
		require.NoError(t, err)
		lines := messages(t, kept, "/aws/lambda/f")
		require.Equal(t, []string{
			"START RequestId: ID Version: $LATEST",
			`timestamp=2000-01-01T00:00:00.000Z level=WARN message="got \"hello\"" part=a requestId=ID`,
			"END RequestId: ID",
			"REPORT RequestId: ID\tDuration: 0.00 ms\tBilled Duration: 0 ms\tMemory Size: 128 MB",
		}, lines)
		tail, err := base64.StdEncoding.DecodeString(*out.LogResult)
		require.NoError(t, err)
		require.Equal(t, strings.Join(lines, "\n")+"\n", ids.ReplaceAllString(string(tail), "ID"))
		streams, err := kept.DescribeLogStreams(t.Context(), &logsclient.DescribeLogStreamsInput{LogGroupName: aws.String("/aws/lambda/f")})
		require.NoError(t, err)
		require.Len(t, streams.LogStreams, 1)
		require.Regexp(t, `^2000/01/01/\[\$LATEST\][0-9a-f]{32}$`, *streams.LogStreams[0].LogStreamName)
	})
}

func TestLogsOfErrorsAndTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, kept := logged(t, chatty())
		invoke(t, c, `"error"`)
		require.Equal(t, `2000/01/01 00:00:00 {"errorMessage":"sensor gone","errorType":"errorString"}`, messages(t, kept, "/aws/lambda/f")[2], "as the runtime of Go prints it")
		time.Sleep(time.Second)
		invoke(t, c, `"slow"`)
		time.Sleep(time.Minute)
		lines := messages(t, kept, "/aws/lambda/f")[5:]
		require.Len(t, lines, 5, "what an abandoned handler logs is lost")
		require.Equal(t, "REPORT RequestId: ID\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB", lines[3])
		require.Contains(t, lines[4], "Task timed out after 3.00 seconds")
	})
}

// A log is kept piece by piece, of which Invoke answers the end.
func TestALongLog(t *testing.T) {
	c, kept := logged(t, chatty())
	out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`"long"`), LogType: types.LogTypeTail})
	require.NoError(t, err)
	lines := messages(t, kept, "/aws/lambda/f")
	require.Len(t, lines, 304)
	require.Equal(t, "START RequestId: ID Version: $LATEST", lines[0])
	tail, err := base64.StdEncoding.DecodeString(*out.LogResult)
	require.NoError(t, err)
	require.Len(t, tail, 4096)
	require.Contains(t, string(tail), "line 299 of 300")
	require.True(t, strings.HasSuffix(string(tail), "Memory Size: 128 MB\n"))
}

func TestLoggingConfig(t *testing.T) {
	c, kept := logged(t, chatty())
	f := aws.String("f")
	changed, err := c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{FunctionName: f, LoggingConfig: &types.LoggingConfig{LogGroup: aws.String("/fleet/functions")}})
	require.NoError(t, err)
	require.Equal(t, types.LoggingConfig{LogFormat: types.LogFormatText, LogGroup: aws.String("/fleet/functions")}, *changed.LoggingConfig)
	invoke(t, c, `"hello"`)
	require.Len(t, messages(t, kept, "/fleet/functions"), 4)
	for _, config := range []types.LoggingConfig{
		{LogFormat: "Xml"}, {ApplicationLogLevel: types.ApplicationLogLevelDebug}, {LogFormat: types.LogFormatJson, ApplicationLogLevel: "LOUD"}, {SystemLogLevel: types.SystemLogLevelDebug}, {LogGroup: aws.String("a b")},
	} {
		_, err := c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{FunctionName: f, LoggingConfig: &config})
		var invalid *types.InvalidParameterValueException
		require.ErrorAs(t, err, &invalid)
		require.ErrorContains(t, err, "LoggingConfig.")
	}
}

// The events are those of the pages, and each level has what the table of levels says.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html#monitoring-cloudwatchlogs-log-level-mapping
func TestLogsInJSON(t *testing.T) {
	const start, done = `{"time":"2000-01-01T00:00:00.000Z","type":"platform.start","record":{"requestId":"ID","version":"$LATEST"}}`,
		`{"time":"2000-01-01T00:00:00.000Z","type":"platform.runtimeDone","record":{"metrics":{"durationMs":0},"requestId":"ID","status":"success"}}`
	const report = `{"time":"2000-01-01T00:00:00.000Z","type":"platform.report","record":{"metrics":{"billedDurationMs":0,"durationMs":0,"memorySizeMB":128},"requestId":"ID","status":"success"}}`
	const said = `{"timestamp":"2000-01-01T00:00:00Z","level":"WARN","message":"got \"hello\"","part":"a","requestId":"ID"}`
	const failed = `{"time":"2000-01-01T00:00:00.000Z","type":"platform.report","record":{"errorType":"errorString","metrics":{"billedDurationMs":0,"durationMs":0,"memorySizeMB":128},"requestId":"ID","status":"error"}}`
	for _, test := range []struct {
		application types.ApplicationLogLevel
		system      types.SystemLogLevel
		payload     string
		want        []string
	}{
		{"", "", `"hello"`, []string{start, said, report}},
		{types.ApplicationLogLevelTrace, types.SystemLogLevelDebug, `"hello"`, []string{start, said, done, report}},
		{types.ApplicationLogLevelError, types.SystemLogLevelInfo, `"hello"`, []string{start, report}},
		{types.ApplicationLogLevelFatal, types.SystemLogLevelWarn, `"hello"`, nil},
		{types.ApplicationLogLevelFatal, types.SystemLogLevelWarn, `"error"`, []string{strings.ReplaceAll(strings.ReplaceAll(failed, "report", "runtimeDone"), `"billedDurationMs":0,"durationMs":0,"memorySizeMB":128`, `"durationMs":0`), failed}},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, kept := logged(t, chatty())
			changed, err := c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{
				FunctionName: aws.String("f"), LoggingConfig: &types.LoggingConfig{LogFormat: types.LogFormatJson, ApplicationLogLevel: test.application, SystemLogLevel: test.system},
			})
			require.NoError(t, err)
			require.NotEmpty(t, changed.LoggingConfig.ApplicationLogLevel)
			out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(test.payload), LogType: types.LogTypeTail})
			require.NoError(t, err)
			tail, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
			require.NoError(t, err)
			require.Equal(t, test.want, messagesOf(string(tail)))
			if test.want != nil {
				require.Equal(t, test.want, messages(t, kept, "/aws/lambda/f"))
			}
		})
	}
}

// messagesOf are the lines of a tail, with ID for request ids.
func messagesOf(tail string) []string {
	if tail == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(ids.ReplaceAllString(tail, "ID"), "\n"), "\n")
}

// logged makes a function f and a CloudWatch Logs that keeps what it logs.
func logged(t *testing.T, h handler) (*client.Client, *logsclient.Client) {
	t.Helper()
	kept := logs.New(logs.Config{})
	s := lambda.New(lambda.Config{Logs: kept})
	create(t, s, "f", h)
	return sdk(s), logsclient.NewFromConfig(aws.Config{Region: "us-east-1", HTTPClient: memory{logs.Handler(kept)}, BaseEndpoint: aws.String("http://logs.test"), Credentials: aws.AnonymousCredentials{}})
}

// slowLogs take their time.
type slowLogs struct {
	*logs.State
	delay time.Duration
}

func (s slowLogs) AppendAs(group, stream string, lines []lambda.LogLine, may func(action, arn string) error) error {
	time.Sleep(s.delay)
	return s.State.AppendAs(group, stream, lines, may)
}

// TestWhatIsLoggedIsAnswered of a handler that returns just before its timeout, which
// passes while its log is kept.
func TestWhatIsLoggedIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := logs.New(logs.Config{})
		s := lambda.New(lambda.Config{Logs: slowLogs{kept, time.Second}})
		create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) {
			time.Sleep(3*time.Second - time.Nanosecond)
			return payload, nil
		})
		out, err := sdk(s).Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`"in time"`), LogType: types.LogTypeTail})
		require.NoError(t, err)
		require.Nil(t, out.FunctionError)
		require.Equal(t, `"in time"`, string(out.Payload))
		tail, err := base64.StdEncoding.DecodeString(*out.LogResult)
		require.NoError(t, err)
		require.NotContains(t, string(tail), "Status: timeout")
		require.NotContains(t, string(tail), "Task timed out")
	})
}

func invoke(t *testing.T, c *client.Client, payload string) {
	t.Helper()
	_, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(payload)})
	require.NoError(t, err)
}

// messages are the lines of a group, with ID for request ids.
func messages(t *testing.T, c *logsclient.Client, group string) []string {
	t.Helper()
	out, err := c.FilterLogEvents(t.Context(), &logsclient.FilterLogEventsInput{LogGroupName: &group})
	require.NoError(t, err)
	var lines []string
	for _, e := range out.Events {
		lines = append(lines, ids.ReplaceAllString(*e.Message, "ID"))
	}
	return lines
}

// BenchmarkInvocation is what the log costs an invocation: three lines of it.
func BenchmarkInvocation(b *testing.B) {
	for name, kept := range map[string]lambda.Logs{"log=none": nil, "log=kept": logs.New(logs.Config{})} {
		b.Run(name, func(b *testing.B) {
			s := lambda.New(lambda.Config{Logs: kept})
			create(b, s, "f", echo)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.InvokeSync(b.Context(), "f", []byte(`{}`)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestALongLineIsCutBetweenCharacters, and nothing of it is lost.
func TestALongLineIsCutBetweenCharacters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := strings.Repeat("ö", 100_000)
		log := slog.New(lambda.NewLogHandler(slog.DiscardHandler))
		c, kept := logged(t, func(ctx context.Context, payload []byte) ([]byte, error) {
			log.WarnContext(ctx, "x", "long", long)
			return payload, nil
		})
		_, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{}`)})
		require.NoError(t, err)
		lines := messages(t, kept, "/aws/lambda/f")
		pieces := lines[1 : len(lines)-2]
		require.Len(t, pieces, 4)
		require.Contains(t, strings.Join(pieces, ""), long)
		for _, piece := range pieces {
			require.NotContains(t, piece, "\uFFFD")
		}
	})
}
