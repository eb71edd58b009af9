package lambda

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// NewLogHandler makes a handler of logs for functions of this process. What is logged
// with the context of an invocation goes to the function's log, in the format of
// lambdacontext.NewLogHandler of github.com/aws/aws-lambda-go; everything goes to next.
func NewLogHandler(next slog.Handler) slog.Handler {
	out := &logBuffer{}
	return &logHandler{next: next, text: slog.NewTextHandler(out, &slog.HandlerOptions{ReplaceAttr: lambdacontext.ReplaceAttr}), out: out}
}

type logHandler struct {
	next, text slog.Handler
	out        *logBuffer // of text
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
	return h.next.Enabled(ctx, level) || (logOf(ctx) != nil && h.text.Enabled(ctx, level))
}

func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	if l := logOf(ctx); l != nil && h.text.Enabled(ctx, r.Level) {
		line, err := h.line(ctx, r, l.call.id)
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

func (h *logHandler) line(ctx context.Context, r slog.Record, id string) (string, error) {
	r = r.Clone()
	r.AddAttrs(slog.String("requestId", id))
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	h.out.Reset()
	err := h.text.Handle(ctx, r)
	return strings.TrimSuffix(h.out.String(), "\n"), err
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &logHandler{next: h.next.WithAttrs(attrs), text: h.text.WithAttrs(attrs), out: h.out}
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	return &logHandler{next: h.next.WithGroup(name), text: h.text.WithGroup(name), out: h.out}
}
