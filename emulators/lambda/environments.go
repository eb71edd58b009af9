package lambda

import (
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// environments are a version's execution environments as its logs show them: each has
// a log stream, and runs one invocation at a time.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
type environments struct{ free []string }

// enter takes the environment that was used last, or a new one.
func (e *environments) enter(version string) string {
	if n := len(e.free); n > 0 {
		stream := e.free[n-1]
		e.free = e.free[:n-1]
		return stream
	}
	return process.StreamName(time.Now(), version, strings.ReplaceAll(wire.NewRequestID(), "-", ""))
}

func (e *environments) leave(stream string) { e.free = append(e.free, stream) }
