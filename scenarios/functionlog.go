package scenarios

import (
	"log/slog"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// functionLog is the log of the pipeline's functions: what they log while they are
// invoked stands in CloudWatch Logs, too.
func functionLog(log *slog.Logger) *slog.Logger {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return slog.New(lambda.NewLogHandler(log.Handler()))
}
