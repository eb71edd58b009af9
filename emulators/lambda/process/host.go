package process

import (
	"log/slog"
	"net"
	"time"
)

// Host is what processes get from the cloud they run in.
type Host struct {
	// Listen makes the listener of one process's Runtime API, on loopback.
	Listen func() (net.Listener, error)
	// Endpoint is the cloud's base URL: the AWS_ENDPOINT_URL of processes.
	Endpoint string
	Region   string
	// Limit bounds the processes at one time; 16 when zero.
	Limit int
	// Output is told every line of a function's log, in order for each log
	// stream; several streams call at a time. It may be nil.
	Output func(Line)
	// Log is silent when nil.
	Log *slog.Logger
}

func (h Host) orDefault() Host {
	if h.Limit <= 0 {
		h.Limit = 16
	}
	if h.Output == nil {
		h.Output = func(Line) {}
	}
	if h.Log == nil {
		h.Log = slog.New(slog.DiscardHandler)
	}
	return h
}

// Line is one line of a function's log, as CloudWatch Logs has it.
type Line struct {
	At     time.Time
	Group  string // Spec.LogGroup
	Role   string // Spec.Role
	Stream string // one a process
	Text   string
}

// Spec is a function to run.
type Spec struct {
	Name        string
	ARN         string
	Role        string // the ARN of the execution role
	LogGroup    string // /aws/lambda/<Name> when empty
	Logging     Logging
	Version     string
	Runtime     string
	Handler     string
	MemorySize  int // MB
	Environment map[string]string
	Package     []byte // zip
}
