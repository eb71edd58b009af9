package lambda

import (
	"regexp"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// LoggingConfig says where a function logs. The text format is the one there is: levels
// are for JSON.
// See https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
type LoggingConfig struct {
	LogFormat           string
	LogGroup            string
	ApplicationLogLevel string `json:",omitempty"`
	SystemLogLevel      string `json:",omitempty"`
}

var logGroupPattern = regexp.MustCompile(`^[-._/#A-Za-z0-9]{1,512}$`)

// apply changes a configuration; nil leaves it as it is.
func (l *LoggingConfig) apply(operation string, c *FunctionConfiguration) error {
	switch {
	case l == nil:
		return nil
	case l.LogFormat != "" && l.LogFormat != "Text":
		return wire.Errorf(codeInvalid, 0, "%s: LoggingConfig.LogFormat %q is not implemented by Shakedown; use Text", operation, l.LogFormat)
	case l.ApplicationLogLevel != "" || l.SystemLogLevel != "":
		return wire.Errorf(codeInvalid, 0, "%s: LoggingConfig.ApplicationLogLevel and SystemLogLevel are for LogFormat JSON, which is not implemented by Shakedown", operation)
	case l.LogGroup != "" && !logGroupPattern.MatchString(l.LogGroup):
		return wire.Errorf(codeInvalid, 0, "%s: LoggingConfig.LogGroup %q does not match %s", operation, l.LogGroup, logGroupPattern)
	case l.LogGroup != "":
		c.LoggingConfig.LogGroup = l.LogGroup
	}
	return nil
}
