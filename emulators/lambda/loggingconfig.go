package lambda

import (
	"regexp"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// LoggingConfig says where a function logs, and how. Levels are for the format JSON.
// See https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
type LoggingConfig struct {
	LogFormat           string
	LogGroup            string
	ApplicationLogLevel string `json:",omitempty"`
	SystemLogLevel      string `json:",omitempty"`
}

var (
	logGroupPattern   = regexp.MustCompile(`^[-._/#A-Za-z0-9]{1,512}$`)
	logFormats        = []string{"Text", "JSON"}
	applicationLevels = []string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
	systemLevels      = []string{"DEBUG", "INFO", "WARN"}
)

// apply changes a configuration; nil leaves it as it is. "If you change your function's
// log format to JSON and do not set log level, then Lambda automatically sets your
// function's application log level and system log level to INFO."
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
func (l *LoggingConfig) apply(operation string, c *FunctionConfiguration) error {
	if l == nil {
		return nil
	}
	next := c.LoggingConfig
	for _, member := range []struct {
		name, value string
		to          *string
		of          []string
	}{
		{"LogFormat", l.LogFormat, &next.LogFormat, logFormats},
		{"ApplicationLogLevel", l.ApplicationLogLevel, &next.ApplicationLogLevel, applicationLevels},
		{"SystemLogLevel", l.SystemLogLevel, &next.SystemLogLevel, systemLevels},
	} {
		if member.value == "" {
			continue
		}
		if !slices.Contains(member.of, member.value) {
			return wire.Errorf(codeInvalid, 0, "%s: LoggingConfig.%s %q is not one of %v", operation, member.name, member.value, member.of)
		}
		*member.to = member.value
	}
	if l.LogGroup != "" {
		if !logGroupPattern.MatchString(l.LogGroup) {
			return wire.Errorf(codeInvalid, 0, "%s: LoggingConfig.LogGroup %q does not match %s", operation, l.LogGroup, logGroupPattern)
		}
		next.LogGroup = l.LogGroup
	}
	switch {
	case next.LogFormat == "JSON":
		next.ApplicationLogLevel, next.SystemLogLevel = orInfo(next.ApplicationLogLevel), orInfo(next.SystemLogLevel)
	case l.ApplicationLogLevel != "" || l.SystemLogLevel != "":
		return wire.Errorf(codeInvalid, 0, "%s: LoggingConfig.ApplicationLogLevel and SystemLogLevel are for LogFormat JSON", operation)
	default:
		next.ApplicationLogLevel, next.SystemLogLevel = "", ""
	}
	c.LoggingConfig = next
	return nil
}

func orInfo(level string) string {
	if level == "" {
		return "INFO"
	}
	return level
}

// logging is how lines are written.
func (l *LoggingConfig) logging() process.Logging {
	if l.LogFormat != "JSON" {
		return process.Logging{}
	}
	return process.Logging{JSON: true, Application: process.Levels[l.ApplicationLogLevel], System: process.Levels[l.SystemLogLevel]}
}
