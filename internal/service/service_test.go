package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot/socket"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/monitor"
)

// TestNotStoredAnswer asserts that people aren't told more than we know.
func TestNotStoredAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want answer.Kind
	}{
		{socket.ErrBusy, answer.NotStored},
		{database.ErrFull, answer.NotStored},
		{errors.New("anything else"), answer.NotStored},
		{fmt.Errorf("begin: %w", errors.Join(database.ErrLocked, context.DeadlineExceeded)), answer.NotStored},
		{fmt.Errorf("begin: %w", context.DeadlineExceeded), answer.NotStored},
		{fmt.Errorf("insert: %w", context.DeadlineExceeded), answer.NotStored},
		{socket.ErrOverdue, answer.MaybeStored},
		{fmt.Errorf("commit: %w", errors.Join(database.ErrUnsettled, context.DeadlineExceeded)), answer.MaybeStored},
	} {
		if got := notStoredAnswer(tt.err); got != tt.want {
			t.Errorf("notStoredAnswer(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}

// TestLogsCauseFirst asserts that the log says what is wrong once, before it says that the bot
// is stopping.
func TestLogsCauseFirst(t *testing.T) {
	t.Parallel()
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":false,"error":"invalid_auth"}`)
	}))
	t.Cleanup(slack.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	log := &logBuffer{}
	err := Run(ctx, config.Config{
		SlackAppToken: "xapp-1", SlackBotToken: "xoxb-1", SlackAPIURL: slack.URL + "/", SlackConnections: 1,
		MeetingAPIURL: slack.URL, MeetingAppID: "app", MeetingAppKey: "key", BotLocale: "en",
		DatabaseURL: config.Secret("sqlite:" + filepath.Join(t.TempDir(), "m.db")), ShutdownTimeout: 10 * time.Second,
	}, "test", slog.New(slog.NewTextHandler(log, nil)))
	if err == nil || ctx.Err() != nil {
		t.Fatalf("Run() with a token that Slack refuses = %v, want its error", err)
	}
	why, stopping := strings.Index(log.String(), "invalid_auth"), strings.Index(log.String(), "msg=stopping")
	if why < 0 || stopping < why {
		t.Errorf("the log says why at %d and that it stops at %d, want why first:\n%s", why, stopping, log)
	}
	isCause := func(line string) bool {
		return strings.Contains(line, "level=ERROR") && strings.Contains(line, "invalid_auth")
	}
	if lines := strings.Split(log.String(), "\n"); len(slices.DeleteFunc(lines, func(l string) bool { return !isCause(l) })) != 1 {
		t.Errorf("want the cause logged once as an error:\n%s", log.String())
	}
	if n := strings.Count(err.Error(), "invalid_auth"); n != 1 {
		t.Errorf("Run() = %v, want the cause once, not %d times", err, n)
	}
}

// TestStopInTooLittleTime asserts that it's not an error to leave work for the next start.
func TestStopInTooLittleTime(t *testing.T) {
	t.Parallel()
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(slack.Close)
	ctx, stop := context.WithCancel(t.Context())
	log, ended := &logBuffer{}, make(chan error, 1)
	go func() {
		ended <- Run(ctx, config.Config{
			SlackAppToken: "xapp-1", SlackBotToken: "xoxb-1", SlackAPIURL: slack.URL + "/", SlackConnections: 1,
			MeetingAPIURL: slack.URL, MeetingAppID: "app", MeetingAppKey: "key", BotLocale: "en",
			DatabaseURL: config.Secret("sqlite:" + filepath.Join(t.TempDir(), "m.db")), ShutdownTimeout: time.Nanosecond,
		}, "test", slog.New(slog.NewTextHandler(log, nil)))
	}()
	log.await(t.Context(), t, "could not be opened")
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Run() = %v after it was stopped, want nil\n%s", err, log)
	}
}

// TestStepsCountFromZero asserts that alerts see a step's first failure.
func TestStepsCountFromZero(t *testing.T) {
	t.Parallel()
	s := &service{log: slog.New(slog.DiscardHandler), metrics: monitor.NewMetrics("test"), cfg: config.Config{
		SlackAppToken: "xapp-1", SlackBotToken: "xoxb-1", SlackAPIURL: "http://127.0.0.1:1/", SlackConnections: 1,
		MeetingAPIURL: "http://127.0.0.1:1", MeetingAppID: "app", MeetingAppKey: "key", BotLocale: "en",
		DatabaseURL: config.Secret("sqlite:" + filepath.Join(t.TempDir(), "m.db")),
	}}
	if err := s.assemble(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	w := httptest.NewRecorder()
	s.metrics.Handler(nil).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, want := range []string{`{result="ok",step="cancel"} 0`, `{result="again",step="cancel"} 0`, `{result="again",step="home"} 0`} {
		if !strings.Contains(w.Body.String(), "meetingbot_steps_total"+want+"\n") {
			t.Errorf("GET /metrics lacks meetingbot_steps_total%s", want)
		}
	}
}
