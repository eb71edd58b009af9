package process

import (
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Logging is how a function's log is written: as text, or in JSON with levels.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
type Logging struct {
	JSON bool
	// Application and System are the least levels that JSON has.
	Application, System slog.Level
}

// Levels are the names of levels; those of slog lack TRACE and FATAL.
var Levels = map[string]slog.Level{
	"TRACE": slog.LevelDebug - 4, "DEBUG": slog.LevelDebug, "INFO": slog.LevelInfo, "WARN": slog.LevelWarn, "ERROR": slog.LevelError, "FATAL": slog.LevelError + 4,
}

// Passes tells whether a line of what the function prints is kept: its level is that of
// an object with a member "level", or INFO.
func (l Logging) Passes(line string) bool {
	if !l.JSON {
		return true
	}
	var of struct{ Level string }
	level := slog.LevelInfo
	if json.Unmarshal([]byte(line), &of) == nil {
		level = Levels[strings.ToUpper(of.Level)] // 0, which is INFO, where there is none
	}
	return level >= l.Application
}

// level is the name of the application's level.
func (l Logging) level() string {
	for name, level := range Levels {
		if level == l.Application {
			return name
		}
	}
	return ""
}

// Report is what is said of an invocation.
type Report struct {
	ID, Version string
	Took        time.Duration
	MemorySize  int           // MB
	MaxMemory   int           // MB; 0 where nobody has measured it
	Init        time.Duration // of the first invocation, or 0
	// Status is success, error, failure or timeout; Error is the type of an error.
	Status, Error string
}

// AppendStart writes the line before an invocation; nothing where its level is not kept.
func (l Logging) AppendStart(to []byte, at time.Time, r *Report) []byte {
	if l.JSON {
		return l.event(to, slog.LevelInfo, at, "platform.start", map[string]any{"requestId": r.ID, "version": r.Version})
	}
	to = append(append(to, "START RequestId: "...), r.ID...)
	return append(append(to, " Version: "...), r.Version...)
}

// AppendEnd writes the line behind an invocation.
func (l Logging) AppendEnd(to []byte, at time.Time, r *Report) []byte {
	if l.JSON {
		return l.event(to, r.level(slog.LevelDebug), at, "platform.runtimeDone", r.record(map[string]any{"durationMs": milliseconds(r.Took)}))
	}
	return append(append(to, "END RequestId: "...), r.ID...)
}

// AppendReport writes the line behind that.
func (l Logging) AppendReport(to []byte, at time.Time, r *Report) []byte {
	billed := (r.Took + time.Millisecond - 1).Truncate(time.Millisecond).Milliseconds()
	if l.JSON {
		metrics := map[string]any{"durationMs": milliseconds(r.Took), "billedDurationMs": billed, "memorySizeMB": r.MemorySize}
		if r.MaxMemory > 0 {
			metrics["maxMemoryUsedMB"] = r.MaxMemory
		}
		if r.Init > 0 {
			metrics["initDurationMs"] = milliseconds(r.Init)
		}
		return l.event(to, r.level(slog.LevelInfo), at, "platform.report", r.record(metrics))
	}
	to = append(append(to, "REPORT RequestId: "...), r.ID...)
	to = appendDuration(append(to, "\tDuration: "...), r.Took)
	to = strconv.AppendInt(append(to, "\tBilled Duration: "...), billed, 10)
	to = strconv.AppendInt(append(to, " ms\tMemory Size: "...), int64(r.MemorySize), 10)
	to = append(to, " MB"...)
	if r.MaxMemory > 0 {
		to = append(strconv.AppendInt(append(to, "\tMax Memory Used: "...), int64(r.MaxMemory), 10), " MB"...)
	}
	if r.Init > 0 {
		to = appendDuration(append(to, "\tInit Duration: "...), r.Init)
	}
	return to
}

// level is that of an event whose level is success where all went well.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html#monitoring-cloudwatchlogs-log-level-mapping
func (r *Report) level(success slog.Level) slog.Level {
	if r.Status == "success" {
		return success
	}
	return slog.LevelWarn
}

func (r *Report) record(metrics map[string]any) map[string]any {
	record := map[string]any{"requestId": r.ID, "status": r.Status, "metrics": metrics}
	if r.Error != "" {
		record["errorType"] = r.Error
	}
	return record
}

// event writes an event of Lambda's in JSON.
// See https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
func (l Logging) event(to []byte, level slog.Level, at time.Time, kind string, record map[string]any) []byte {
	if level < l.System {
		return to
	}
	text, err := json.Marshal(struct {
		Time   string         `json:"time"`
		Type   string         `json:"type"`
		Record map[string]any `json:"record"`
	}{at.UTC().Format("2006-01-02T15:04:05.000Z"), kind, record})
	if err != nil { // of these there is none
		return to
	}
	return append(to, text...)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func appendDuration(to []byte, d time.Duration) []byte {
	return append(strconv.AppendFloat(to, milliseconds(d), 'f', 2, 64), " ms"...)
}
