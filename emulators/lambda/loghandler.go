package lambda

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

// NewLogHandler makes a handler of logs for functions of this process. What is logged
// with the context of an invocation goes to the function's log, as
// lambdacontext.NewLogHandler of github.com/aws/aws-lambda-go writes it in the format
// and from the level of the function's LoggingConfig; everything goes to next.
func NewLogHandler(next slog.Handler) slog.Handler {
	out := &logBuffer{}
	options := &slog.HandlerOptions{Level: process.Levels["TRACE"], ReplaceAttr: lambdacontext.ReplaceAttr}
	return &logHandler{next: next, text: slog.NewTextHandler(out, options), json: slog.NewJSONHandler(out, options), out: out}
}

type logHandler struct {
	next, text, json slog.Handler
	out              *logBuffer // of text and json
}

// logBuffer takes one record at a time.
type logBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func logOf(ctx context.Context) *invocationLog {
	l, _ := ctx.Value(logKey{}).(*invocationLog)
	return l
}

func (h *logHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level) || logOf(ctx).takes(level)
}

func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	if l := logOf(ctx); l.takes(r.Level) {
		line, err := h.line(ctx, r, l.call)
		if err != nil {
			return err
		}
		l.say(line)
	}
	if !h.next.Enabled(ctx, r.Level) {
		return nil
	}
	return h.next.Handle(ctx, r)
}

// takes tells whether a level is logged; that of text is INFO.
func (l *invocationLog) takes(level slog.Level) bool {
	return l != nil && level >= l.call.logging.Application
}

func (h *logHandler) line(ctx context.Context, r slog.Record, c *call) (string, error) {
	r = r.Clone()
	r.AddAttrs(slog.String("requestId", c.id))
	format := h.text
	if c.logging.JSON {
		format = h.json
	}
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	h.out.Reset()
	err := format.Handle(ctx, r)
	return strings.TrimSuffix(h.out.String(), "\n"), err
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &logHandler{next: h.next.WithAttrs(attrs), text: h.text.WithAttrs(attrs), json: h.json.WithAttrs(attrs), out: h.out}
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	return &logHandler{next: h.next.WithGroup(name), text: h.text.WithGroup(name), json: h.json.WithGroup(name), out: h.out}
}
