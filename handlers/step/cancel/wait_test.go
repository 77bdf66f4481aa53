package cancel_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/meetingapi"
)

// TestWorkingEnds: "Working…" stays on the card for a minute at most, however many waits the
// service asks for and whatever can't be read.
func TestWorkingEnds(t *testing.T) {
	t.Parallel()
	throttled := func(after time.Duration) error {
		return &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: after}
	}
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		dates bool
		want  string // outcome; empty: it waits, and can be stopped
		card  string
	}{
		{"refused, then unreadable", func(h *steptest.Fixture) {
			h.Service.Answers = []error{throttled(time.Second)}
			h.Service.OnCall = failReads(h, steptest.Failure(meetingapi.ClassUnavailable))
		}, false, "failed", "unchanged"},
		{"refused, then no dates", func(h *steptest.Fixture) {
			h.Service.Answers = []error{throttled(time.Second)}
			h.Service.OnCall = hideDates(h)
		}, true, "failed", "unchanged"},
		{"waits that add up", func(h *steptest.Fixture) {
			h.Service.Answers = []error{throttled(40 * time.Second)}
		}, false, "", "to wait until"},
		{"refused as often as it is tried, the last time for hours", func(h *steptest.Fixture) {
			s := throttled(time.Second)
			h.Service.Answers = []error{s, s, s, s, throttled(2 * time.Hour)}
		}, false, "", "to wait until"},
		{"refused, then told to wait for hours", func(h *steptest.Fixture) {
			h.Service.Answers = []error{throttled(2 * time.Second)}
			h.Service.OnCall = failReads(h, throttled(2*time.Hour))
		}, false, "", "to wait until"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				row.given(h)
				id := confirm(h, row.dates)
				h.Pass(75 * time.Second)
				r := h.Stored(id)
				if got := steptest.Outcome(r); row.want != "" && got != row.want || row.want == "" && r.WaitUntil.IsZero() {
					t.Errorf("the request is %s (%s) and waits until %v, want %q", got, r.Why, r.WaitUntil, row.want)
				}
				if !strings.Contains(h.Chat.Card(), row.card) {
					t.Errorf("the card says %q, want %q in it", h.Chat.Card(), row.card)
				}
				if row.want == "" {
					h.Presses(steptest.Bob, action.Stop, id, nil)
					if got := steptest.Outcome(h.Stored(id)); got != "declined" {
						t.Errorf("stopped, the request is %s", got)
					}
					h.Pass(3 * time.Hour) // the look that was due then finds it stopped
				}
				h.WantIdle()
			})
		})
	}
}

// TestReadingHangs: the meeting can't be read when the undo window is over, because the service
// doesn't answer. "Working…" stays on the card for a minute at most.
func TestReadingHangs(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Service.Set(func(s *steptest.Service) { s.ReadDelay = time.Hour })
		h.Pass(5*time.Second + step.LongestWait)
		if got := steptest.Outcome(h.Stored(id)); got != "failed" || h.Service.Reads() < 4 {
			t.Errorf("the request is %s after %d readings, want failed", got, h.Service.Reads())
		}
		h.WantSaid(steptest.Ana, "", "unchanged")
		h.WantCalls()
		h.WantIdle()
	})
}

// TestThrottledForLong: a service that throttles the bot without saying for how long is
// asked again after a window of its rate limit. The card says that it waits.
func TestThrottledForLong(t *testing.T) {
	t.Parallel()
	throttled := steptest.Failure(meetingapi.ClassThrottled)
	for _, row := range []struct {
		name   string
		begins func(*steptest.Service)
		ends   bool
		want   string
	}{
		{"at the call", func(s *steptest.Service) { s.Answers = []error{throttled} }, true, "cancelled"},
		{"at the reading", func(s *steptest.Service) { s.ReadErrors = []error{throttled} }, true, "cancelled"},
		{"at every call", func(s *steptest.Service) { s.Answers = []error{throttled} }, false, "failed"},
		{"at every reading", func(s *steptest.Service) { s.ReadErrors = []error{throttled} }, false, "superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				h.Rules.UndoWindow = 5 * time.Second // the meeting is read again after it
				h.Service.Set(row.begins)
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				h.Pass(75 * time.Second)
				if r := h.Stored(id); r.State.Final() || r.WaitUntil.IsZero() || !strings.Contains(h.Chat.Card(), "to wait until") {
					t.Errorf("the request is %s and waits until %v, the card says %q", steptest.Outcome(r), r.WaitUntil, h.Chat.Card())
				}
				if row.ends {
					h.Service.Set(func(s *steptest.Service) { s.Answers, s.ReadErrors = nil, nil })
					h.Pass(time.Minute)
				}
				h.Pass(20 * time.Minute)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) > 8 {
					t.Errorf("in the end the request is %s after %q, want %s", got, h.Service.Sent(), row.want)
				}
				if card := h.Chat.Card(); row.want == "superseded" && (!strings.Contains(card, "before the bot could act") || strings.Contains(card, "offline")) {
					t.Errorf("the card says %q, want that it took too long, and not that the bot was offline", card)
				}
				if !row.ends {
					h.Service.Set(func(s *steptest.Service) { s.Answers, s.ReadErrors = nil, nil })
					h.Pass(20 * time.Minute)
				}
				h.WantIdle()
			})
		})
	}
}

// TestThrottledForLongDrawsSparingly: a service that throttles the bot and asks for a few
// seconds each time has the card redrawn once per window of its rate limit, not each time:
// Slack allows some fifty edits a minute, for all cards together. The card keeps its Stop
// button.
func TestThrottledForLongDrawsSparingly(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Service.Set(func(s *steptest.Service) {
			s.ReadErrors = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 4 * time.Second}}
		})
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Pass(2 * time.Minute)
		drawn := func() []string { return h.Chat.Shown("update", steptest.Channel+"/1") }
		before := len(drawn())
		h.Pass(10 * time.Minute)
		during := drawn()[before:]
		if len(during) > 20 {
			t.Errorf("in ten minutes of waiting the card was drawn %d times, want at most twice a minute", len(during))
		}
		for _, card := range during {
			if !strings.Contains(card, steptest.Button(action.Stop)) {
				t.Errorf("while it waits the card says %q, want a button to stop", card)
				break
			}
		}
		h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil })
		h.Pass(time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "cancelled" {
			t.Errorf("a minute after the throttling ended the request is %s, want cancelled", got)
		}
		h.WantIdle()
	})
}

// TestLongWait: the card announces a wait of minutes, the wait can be stopped, and it is
// observed.
func TestLongWait(t *testing.T) {
	t.Parallel()
	for _, stopped := range []bool{true, false} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Minute}, nil}
			id := h.Insert(steptest.Number, nil)
			h.Presses(steptest.Ana, action.Cancel, id, nil)
			if r := h.Stored(id); r.WaitUntil.IsZero() || !strings.Contains(h.Chat.Card(), "wait") {
				t.Errorf("the request waits until %v, the card says %q", r.WaitUntil, h.Chat.Card())
			}
			want, sent := "cancelled", 2
			if stopped {
				h.Presses(steptest.Bob, action.Stop, id, nil)
				want, sent = "declined", 1
			}
			h.Pass(6 * time.Minute)
			if got := steptest.Outcome(h.Stored(id)); got != want || len(h.Service.Sent()) != sent {
				t.Errorf("stopped %t: the request is %s after %q, want %s, %d calls", stopped, got, h.Service.Sent(), want, sent)
			}
			h.WantIdle()
		})
	}
}

// TestLongWaitInDoubt: a call got no answer, and the service makes its repeat wait for long.
// The bot keeps checking whether the first one took effect after all.
func TestLongWaitInDoubt(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Service.Answers = []error{steptest.Failure(meetingapi.ClassUnknownOutcome), &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 30 * time.Minute}}
		h.Service.TakesEffect, h.Service.EffectDelay = true, 40*time.Second
		id := confirm(h, false)
		h.Pass(30 * time.Second)
		if r := h.Stored(id); r.WaitUntil.IsZero() || !strings.Contains(h.Chat.Card(), "to wait until") {
			t.Errorf("the request waits until %v, the card says %q", r.WaitUntil, h.Chat.Card())
		}
		h.Pass(time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "cancelled" || !strings.Contains(h.Chat.Card(), "was cancelled by") {
			t.Errorf("the request is %s, the card says %q", got, h.Chat.Card())
		}
		h.WantIdle()
		h.WantCalls("cancel", "cancel")
	})
}

// TestLongWaitDrawn: the card ends up saying what it waits for and offering to stop, even if
// Slack is down when that should first be drawn.
func TestLongWaitDrawn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		before func(*steptest.Fixture) // runs before the click
	}{
		{"before the call", func(h *steptest.Fixture) {
			h.Service.ReadErrors = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Minute}, nil}
		}},
		{"after the call", func(h *steptest.Fixture) {
			h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Minute}, nil}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				tt.before(h)
				h.Chat.Fail("update", bot.ErrUnavailable)
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				h.Chat.Recover()
				h.Pass(time.Minute)
				if shown := h.Chat.Shown("update", steptest.Channel+"/1"); h.Stored(id).WaitUntil.IsZero() || len(shown) == 0 || !strings.Contains(shown[len(shown)-1], steptest.Button(action.Stop)) {
					t.Errorf("while it waits the card was drawn %q, want a button to stop", shown)
				}
				h.Pass(6 * time.Minute)
				if got := steptest.Outcome(h.Stored(id)); got != "cancelled" || !strings.Contains(h.Chat.Card(), "cancelled") {
					t.Errorf("the request is %s, the card says %q, want cancelled", got, h.Chat.Card())
				}
				h.WantIdle()
			})
		})
	}
}

// TestLockedLogin: the card says that it waits for the login, not for a busy service.
func TestLockedLogin(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: time.Second}, nil}
		h.Service.OnCall = failReads(h, &meetingapi.Error{Class: meetingapi.ClassLocked, RetryAfter: 5 * time.Minute})
		id := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Pass(10 * time.Second)
		if card := h.Chat.Card(); !strings.Contains(card, "login") || strings.Contains(card, "busy") {
			t.Errorf("the card says %q, want that the login is locked", card)
		}
		h.Service.Set(func(s *steptest.Service) { s.OnCall, s.ReadErrors = nil, nil })
		h.Pass(10 * time.Minute)
		if r := h.Stored(id); steptest.Outcome(r) != "cancelled" || r.Why != "" {
			t.Errorf("the request is %s, because of %q", steptest.Outcome(r), r.Why)
		}
	})
}
