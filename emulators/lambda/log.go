package lambda

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Logs keeps what functions log, as far as a role may have it kept; *logs.State of package
// logs is one.
type Logs interface {
	AppendAs(group, stream string, lines []LogLine, may func(action, arn string) error) error
}

// LogLine is one line of a function's log.
type LogLine = struct {
	At   time.Time
	Text string
}

const (
	maxTail  = 4 << 10 // bytes of the end of an invocation's log that Invoke answers
	maxLines = 256     // that an invocation holds before they are kept
)

// invocationLog is the log of an invocation of a handler of this process: what it logs
// between START and END, in any goroutine. A nil one takes nothing.
type invocationLog struct {
	state *State
	call  *call
	begun time.Time

	mu     sync.Mutex
	report process.Report
	lines  []LogLine
	tail   []byte // where Invoke answers it
	over   bool   // what an abandoned handler still logs is lost, as on AWS
}

type logKey struct{}

// beginLog begins the log of an invocation, if anybody wants it.
func (s *State) beginLog(ctx context.Context, c *call) (context.Context, *invocationLog) {
	if s.config.Logs == nil && c.tail == nil {
		return ctx, nil
	}
	l := &invocationLog{state: s, call: c, begun: time.Now(), report: process.Report{ID: c.id, Version: c.version, MemorySize: c.memory}}
	l.lines = make([]LogLine, 0, 4)
	if text := c.logging.AppendStart(make([]byte, 0, 128), l.begun, &l.report); len(text) > 0 {
		l.lines = append(l.lines, LogLine{l.begun, string(text)})
	}
	return context.WithValue(ctx, logKey{}, l), l
}

// say adds what the handler logs.
func (l *invocationLog) say(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	l.add(text)
}

// add adds a line. The caller holds mu.
func (l *invocationLog) add(text string) {
	now := time.Now()
	for len(text) > process.MaxLine { // is cut in pieces, as a process's is
		n := process.Cut(text)
		l.lines, text = append(l.lines, LogLine{now, text[:n]}), text[n:]
	}
	l.lines = append(l.lines, LogLine{now, text})
	if len(l.lines) >= maxLines {
		l.keep()
	}
}

// end closes the log behind what the function has answered: an error is logged by the
// runtime of Go, a timeout by Lambda.
func (l *invocationLog) end(result Result, timedOut bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	l.over = true
	now := time.Now()
	l.report.Took = now.Sub(l.begun)
	l.report.Status, l.report.Error = statusOf(result, timedOut)
	if result.FunctionError != "" && !timedOut {
		if text := now.UTC().Format("2006/01/02 15:04:05 ") + string(result.Payload); l.call.logging.Passes(text) {
			l.add(text)
		}
	}
	text := l.call.logging.AppendEnd(make([]byte, 0, 320), now, &l.report)
	end := len(text)
	lines := string(l.call.logging.AppendReport(text, now, &l.report)) // the two share it
	for _, text := range []string{lines[:end], lines[end:]} {
		if text != "" { // its level is kept
			l.lines = append(l.lines, LogLine{now, text})
		}
	}
	if timedOut && !l.call.logging.JSON { // which has it in the report
		l.lines = append(l.lines, LogLine{now, errorText(result)})
	}
	l.keep()
}

// statusOf is how an invocation ended, and the type of its error.
func statusOf(r Result, timedOut bool) (status, kind string) {
	var e functionError
	switch {
	case r.FunctionError == "":
		return "success", ""
	case json.Unmarshal(r.Payload, &e) != nil:
		return "error", ""
	case timedOut:
		return "timeout", e.ErrorType
	}
	return "error", e.ErrorType
}

// keep gives away what was logged. The caller holds mu.
func (l *invocationLog) keep() {
	if l.call.tail != nil {
		for _, line := range l.lines {
			l.tail = append(append(l.tail, line.Text...), '\n')
		}
		l.tail = l.tail[max(0, len(l.tail)-maxTail):]
	}
	if len(l.lines) > 0 {
		l.state.keepLines(l.call.role, l.call.group, l.call.stream, l.lines)
	}
	l.lines = nil
}

// answer hands the end of the log to who asked for it.
func (l *invocationLog) answer() {
	if l == nil || l.call.tail == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.call.tail(l.tail)
}

// keepLines keeps lines of a function's log, if there is something that keeps them and the
// function's role allows it. What is lost does not keep the function from running.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
func (s *State) keepLines(role, group, stream string, lines []LogLine) {
	if s.config.Logs == nil || stream == "" {
		return
	}
	err := s.config.Logs.AppendAs(group, stream, lines, func(action, arn string) error {
		return s.ask(policy.Use{Role: role, Action: action, Resource: arn})
	})
	if err != nil && s.lost.first(group) {
		s.config.Log.Warn("lines of functions' logs are lost", "group", group, "error", err)
	}
}

// lost notes of which log groups lines were lost.
type lost struct {
	mu     sync.Mutex
	groups map[string]bool
}

// first tells whether a group is a new one. Not more than a thousand are known.
func (l *lost) first(group string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.groups[group] {
		return false
	}
	if l.groups == nil || len(l.groups) >= 1000 {
		l.groups = map[string]bool{}
	}
	l.groups[group] = true
	return true
}
