package database_test

import (
	"context"
	"log/slog"
)

// newLog returns a logger, and a channel that receives its warnings.
func newLog() (*slog.Logger, <-chan string) {
	c := make(chan string, 9)
	return slog.New(warnings{c}), c
}

type warnings struct{ c chan string }

// Enabled accepts warnings and errors.
func (w warnings) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

// Handle sends the message.
func (w warnings) Handle(_ context.Context, r slog.Record) error {
	select {
	case w.c <- r.Message:
	default:
	}
	return nil
}

// WithAttrs changes nothing.
func (w warnings) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup changes nothing.
func (w warnings) WithGroup(string) slog.Handler { return w }
