package watch_test

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
)

// TestSweep: questions expire, but not while a click made in time is pending.
func TestSweep(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		click time.Duration // if not zero: a click made so long before the end is stored but not handled
		want  string
	}{
		{"asked", nil, 0, "expired"},
		{"received", func(r *cancellation.Request) { r.State, r.Card = cancellation.Received, cancellation.Card{} }, 0, "expired"},
		{"confirmed", func(r *cancellation.Request) { r.State = cancellation.Confirmed }, 0, "confirmed"},
		{"a click in time", nil, time.Second, "asked"},
		{"a click too late", nil, -time.Second, "expired"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				h.Sweeper.Round(h.Context())
				if got := steptest.Outcome(h.Stored(id)); got == "expired" {
					t.Fatal("it expired before its time")
				}
				if row.click != 0 {
					h.StoreOnly(&step.Envelope{Person: steptest.Ana, Action: action.Cancel, Request: id, At: h.Stored(id).ExpiresAt.Add(-row.click)})
				}
				h.Pass(h.Rules.ConfirmTTL + step.LongestLag - time.Millisecond)
				h.Sweeper.Round(h.Context())
				if got := steptest.Outcome(h.Stored(id)); got == "expired" {
					t.Error("it expired while a click that was made in time could still be on its way")
				}
				h.Pass(2 * time.Second)
				h.Sweeper.Round(h.Context())
				h.Pass(time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if row.want == "expired" && row.about == nil && !strings.Contains(h.Chat.Card(), "unchanged") {
					t.Errorf("the card says %q", h.Chat.Card())
				}
			})
		})
	}
}

// withQuestions runs f with n open questions, and passes it the log.
func withQuestions(t *testing.T, n int, f func(h *steptest.Fixture, log fmt.Stringer)) {
	t.Helper()
	var log strings.Builder
	steptest.Run(t, func(h *steptest.Fixture) { h.Log = slog.New(slog.NewTextHandler(&log, nil)) }, func(h *steptest.Fixture) {
		for i := range n {
			h.Insert(steptest.Number, func(r *cancellation.Request) { r.Channel = steptest.Channel + strconv.Itoa(i) })
		}
		f(h, &log)
	})
}

// TestSweepInOutage: a database that is down for long doesn't flood the log.
func TestSweepInOutage(t *testing.T) {
	t.Parallel()
	withQuestions(t, 20, func(h *steptest.Fixture, log fmt.Stringer) {
		sweep := func(rounds int) {
			for range rounds {
				h.Pass(time.Second)
				h.Sweeper.Round(h.Context())
			}
		}
		h.Pass(h.Rules.ConfirmTTL + step.LongestLag)
		h.DB.Next("UPDATE request", dbfault.Refuse, -1)
		sweep(150)
		if n := strings.Count(log.String(), "sweep failed"); n < 2 || n > 4 {
			t.Errorf("%d lines in an outage of two and a half minutes, want one a minute:\n%s", n, log.String())
		}
		h.DB.Heal()
		sweep(2)
		h.DB.Next("FROM request", dbfault.Refuse, -1)
		before := strings.Count(log.String(), "sweep failed")
		sweep(2)
		if n := strings.Count(log.String(), "sweep failed") - before; n != 1 {
			t.Errorf("%d lines when it fails again, want 1", n)
		}
		h.DB.Heal()
	})
}

// TestSweepLogsEveryError: each question may be kept open by a different error.
func TestSweepLogsEveryError(t *testing.T) {
	t.Parallel()
	withQuestions(t, 4, func(h *steptest.Fixture, log fmt.Stringer) {
		h.Pass(h.Rules.ConfirmTTL + step.LongestLag + time.Second)
		h.DB.Next("UPDATE request", dbfault.Refuse, 1)
		h.DB.Next("INTO job", dbfault.Refuse, -1)
		h.Sweeper.Round(h.Context())
		h.DB.Heal()
		for _, want := range []string{"save request", "enqueue"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not say %q:\n%s", want, log.String())
			}
		}
	})
}
