package process_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

// "If the level value field is invalid or missing, Lambda assigns the log output the
// level INFO": https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
func TestPasses(t *testing.T) {
	const debug = `{"level": "debug", "msg": "my debug log", "timestamp": "2024-11-02T16:51:31.587199Z"}` // the page's
	for _, test := range []struct {
		line string
		at   slog.Level // the least that keeps it
	}{
		{debug, slog.LevelDebug}, {"text", slog.LevelInfo}, {`{"level":"loud"}`, slog.LevelInfo}, {`{"level":3}`, slog.LevelInfo}, {`["level"]`, slog.LevelInfo},
		{`{"level":"WARN"}`, slog.LevelWarn}, {`{"level":"Fatal"}`, process.Levels["FATAL"]}, {`{"level":"TRACE"}`, process.Levels["TRACE"]},
	} {
		for name, level := range process.Levels {
			l := process.Logging{JSON: true, Application: level}
			require.Equal(t, test.at >= level, l.Passes(test.line), "%s at %s", test.line, name)
		}
		require.True(t, process.Logging{}.Passes(test.line), "text has no levels")
	}
}
