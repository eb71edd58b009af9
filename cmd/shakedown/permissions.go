package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// maxPermissions bounds what missingPermissions tells.
const maxPermissions = 100

// missingPermissions is a log that says, once each, which permission somebody lacked
// and the command that gives it: nobody else hears of an undelivered message.
type missingPermissions struct {
	out  io.Writer
	mu   sync.Mutex
	told map[string]bool
}

// Enabled implements slog.Handler.
func (m *missingPermissions) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn
}

// Handle implements slog.Handler.
func (m *missingPermissions) Handle(_ context.Context, r slog.Record) error {
	var text string
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "error" && lacksPermission(a.Value) {
			text = a.Value.String()
		}
		return text == ""
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	if text == "" || m.told[text] || len(m.told) >= maxPermissions {
		return nil
	}
	if m.told == nil {
		m.told = map[string]bool{}
	}
	m.told[text] = true
	_, err := fmt.Fprintf(m.out, "permission missing (%s): %s\n", r.Message, text)
	return err
}

// lacksPermission is that an error names the command that mends it, or is of a role
// that no single command mends.
func lacksPermission(v slog.Value) bool {
	if err, ok := v.Any().(error); ok {
		if _, ok := errors.AsType[*policy.Refusal](err); ok {
			return true
		}
	}
	return strings.Contains(v.String(), "; allow it with: ")
}

// WithAttrs implements slog.Handler.
func (m *missingPermissions) WithAttrs([]slog.Attr) slog.Handler { return m }

// WithGroup implements slog.Handler.
func (m *missingPermissions) WithGroup(string) slog.Handler { return m }
