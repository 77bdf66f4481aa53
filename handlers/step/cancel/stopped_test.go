package cancel_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestStoppedDuringCall: someone presses Undo or Stop while the call is under way, or just before
// it is repeated. They are told that it is too late; if the call then changes nothing, it isn't
// made again.
func TestStoppedDuringCall(t *testing.T) {
	t.Parallel()
	const late, again = "too late to undo", "the bot won't try again"
	throttled := func(wait time.Duration) error {
		return &meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: wait}
	}
	for _, row := range []struct {
		name   string
		answer error // to the first call
		given  func(*steptest.Fixture)
		after  time.Duration // of the confirmation; the call takes 2 s
		want   string
		card   string
		undone int // audit rows
	}{
		{"carried out", nil, nil, time.Second, "cancelled", "was cancelled", 0},
		{"refused for now", steptest.Failure(meetingapi.ClassServer), nil, time.Second, "declined", "stopped the cancellation in time", 1},
		{"refused for now, pressed before it is repeated", steptest.Failure(meetingapi.ClassServer), nil, 2500 * time.Millisecond, "declined", "stopped the cancellation in time", 1},
		{"asked to wait a moment", throttled(5 * time.Second), nil, time.Second, "declined", "stopped the cancellation in time", 1},
		{"asked to wait for long", throttled(2 * time.Hour), nil, time.Second, "declined", "stopped the cancellation in time", 1},
		{"refused for now, then unreadable", steptest.Failure(meetingapi.ClassServer), func(h *steptest.Fixture) {
			h.Service.OnCall = failReads(h, steptest.Failure(meetingapi.ClassUnavailable))
		}, time.Second, "declined", "stopped the cancellation in time", 1},
		{"refused for now, and gone", steptest.Failure(meetingapi.ClassServer), func(h *steptest.Fixture) {
			h.Service.OnCall = func() { h.Service.Remove(steptest.Number) }
		}, time.Second, "gone", "was already gone", 0},
		{"refused for now, and changed", steptest.Failure(meetingapi.ClassServer), func(h *steptest.Fixture) {
			start := steptest.Starts(steptest.Number)
			h.Service.OnCall = func() { start(h) }
		}, time.Second, "declined", "stopped the cancellation in time", 1},
		{"refused for good", steptest.Failure(meetingapi.ClassDenied), nil, time.Second, "refused", "unchanged", 0},
		{"not answered", steptest.Failure(meetingapi.ClassUnknownOutcome), nil, time.Second, "failed", "", 0},
		{"not answered, but it had an effect", steptest.Failure(meetingapi.ClassUnknownOutcome), func(h *steptest.Fixture) {
			h.Service.TakesEffect, h.Service.EffectDelay = true, 5*time.Second
		}, time.Second, "cancelled", "was cancelled", 0},
	} {
		for _, verb := range []string{action.Undo, action.Stop} {
			t.Run(row.name+", "+verb, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.Service.Answers, h.Service.CallDelay = []error{row.answer, nil}, 2*time.Second
					if row.given != nil {
						row.given(h)
					}
					id := h.Insert(steptest.Number, nil)
					h.Press(steptest.Ana, action.Cancel, id, nil)
					h.Pass(row.after)
					if got := h.Stored(id).State; got != cancellation.Calling {
						t.Fatalf("the request is %s when %s is pressed", got, verb)
					}
					h.Presses(steptest.Bob, verb, id, nil)
					h.WantSaid(steptest.Bob, late, "")
					h.WantSaid(steptest.Bob, again, "")
					h.Pass(5 * time.Minute)
					if r := h.Stored(id); steptest.Outcome(r) != row.want || r.StoppedBy != steptest.Bob {
						t.Errorf("the request is %s (%s), stopped by %q; want %s, by Bob", steptest.Outcome(r), r.Why, r.StoppedBy, row.want)
					}
					h.WantSaid(steptest.Bob, late, row.card)
					h.WantCalls("cancel")
					h.WantActor(store.EventUndoLate, steptest.Bob, 1)
					h.WantActor(store.EventUndone, steptest.Bob, row.undone)
					h.WantIdle()
				})
			})
		}
	}
}

// TestUndoneBeforeCall: the undo window is over, but the meeting is still being read. Nothing has
// been done yet, so an Undo is obeyed.
func TestUndoneBeforeCall(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		h.Service.ReadDelay = 3 * time.Second
		id := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Pass(6 * time.Second)
		h.Presses(steptest.Bob, action.Undo, id, nil)
		h.Pass(time.Minute)
		if got := steptest.Outcome(h.Stored(id)); got != "declined" {
			t.Errorf("the request is %s, want declined", got)
		}
		h.WantSaid(steptest.Bob, "", "undid the cancellation")
		h.WantCalls()
		h.WantIdle()
	})
}

// TestStoppedDuringOutage: it takes half a minute to find out whether the person who pressed Stop
// during the call may do that. The call isn't repeated before that is known.
func TestStoppedDuringOutage(t *testing.T) {
	t.Parallel()
	for who, want := range map[string]string{steptest.Bob: "declined", steptest.Dave: "cancelled"} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Second}, nil}
			h.Service.CallDelay = 2 * time.Second
			id := h.Insert(steptest.Number, nil)
			h.Press(steptest.Ana, action.Cancel, id, nil)
			h.Pass(time.Second)
			h.Chat.Fail("person", bot.ErrUnavailable)
			h.Press(who, action.Stop, id, nil)
			h.Pass(30 * time.Second)
			h.WantCalls("cancel")
			if n := h.Service.Reads(); n > 25 {
				t.Errorf("meanwhile the meeting was read %d times", n)
			}
			h.Chat.Recover()
			h.Pass(time.Minute)
			if got := steptest.Outcome(h.Stored(id)); got != want {
				t.Errorf("%s presses: the request is %s, want %s", who, got, want)
			}
			h.WantIdle()
		})
	}
}
