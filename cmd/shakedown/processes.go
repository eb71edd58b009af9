package main

import (
	"log/slog"
	"net"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// functionProcesses lets functions that users create run as processes, whose log
// goes to ours.
func functionProcesses(log *slog.Logger) *scenarios.Processes {
	return &scenarios.Processes{
		Listen: func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		Output: func(l process.Line) { log.Info("function", "group", l.Group, "stream", l.Stream, "text", l.Text) },
	}
}
