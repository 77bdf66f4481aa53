package sim

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"
)

// clock formats a time for the transcript.
func (w *world) clock(t time.Time) string {
	return fmt.Sprintf("%.3f s", t.Sub(w.began).Seconds())
}

// tell adds a line to the transcript.
func (w *world) tell(format string, args ...any) {
	w.logAt(time.Now(), format, args...)
}

// logAt adds a line to the transcript at an earlier time.
func (w *world) logAt(t time.Time, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.story = append(w.story, fmt.Sprintf("%9.3f  %s", t.Sub(w.began).Seconds(), fmt.Sprintf(format, args...)))
}

// fail records a broken rule.
func (w *world) fail(rule, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = append(w.broken, Violation{Rule: rule, Text: fmt.Sprintf(format, args...)})
}

// logOf adds the log of a process to the transcript if SIM_LOG is set.
func (w *world) logOf(p *process) slog.Handler {
	if os.Getenv("SIM_LOG") == "" {
		return slog.DiscardHandler
	}
	return slog.NewTextHandler(writer(func(line string) {
		w.tell("    %d %s", p.n, strings.TrimSpace(line))
	}), &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
}

type writer func(string)

// Write implements [io.Writer].
func (f writer) Write(b []byte) (int, error) {
	f(string(b))
	return len(b), nil
}
