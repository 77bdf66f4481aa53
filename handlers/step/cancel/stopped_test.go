package cancel_test

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
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

// TestStoppedBeforeSent: someone presses Undo or Stop while the call waits for a login or the rate
// limit. It is never sent.
func TestStoppedBeforeSent(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{action.Undo, action.Stop} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Service.SendDelay = 2 * time.Second
			id := h.Insert(steptest.Number, nil)
			h.Press(steptest.Ana, action.Cancel, id, nil)
			h.Pass(time.Second)
			h.Presses(steptest.Bob, verb, id, nil)
			h.Pass(2 * time.Second)
			if r := h.Stored(id); steptest.Outcome(r) != "declined" || r.ClosedBy != steptest.Bob {
				t.Errorf("%s: the request is %s, closed by %q; want declined, by Bob", verb, steptest.Outcome(r), r.ClosedBy)
			}
			h.WantCalls()
			h.WantActor(store.EventUndone, steptest.Bob, 1)
			h.WantIdle()
		})
	}
}

// TestStoppedDuringPause: the service has asked to wait for a moment, while the card goes on saying
// "Working…". An Undo or Stop then ends the request at once.
func TestStoppedDuringPause(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{action.Undo, action.Stop} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Service.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 20 * time.Second}, nil}
			id := h.Insert(steptest.Number, nil)
			h.Press(steptest.Ana, action.Cancel, id, nil)
			h.Pass(5 * time.Second)
			h.Presses(steptest.Bob, verb, id, nil)
			h.Pass(time.Second)
			if got := steptest.Outcome(h.Stored(id)); got != "declined" {
				t.Errorf("%s: the request is %s, want declined", verb, got)
			}
			h.Pass(time.Minute)
			h.WantCalls("cancel")
			h.WantIdle()
		})
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

// TestStoppedDuringOutage: it takes a while to find out whether the person who pressed Undo or Stop
// may do that. Before it is known, a call that waits isn't sent, and one that was refused for now
// isn't repeated.
func TestStoppedDuringOutage(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		given func(*steptest.Service)
		press string
		takes time.Duration
		sent  []string // until then
	}{
		{"before it is sent", func(s *steptest.Service) { s.SendDelay = 2 * time.Second }, action.Undo, 10 * time.Second, nil},
		{"before it is repeated", func(s *steptest.Service) {
			s.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Second}, nil}
			s.CallDelay = 2 * time.Second
		}, action.Stop, 30 * time.Second, []string{"cancel"}},
	} {
		for who, want := range map[string]string{steptest.Bob: "declined", steptest.Dave: "cancelled"} {
			t.Run(row.name+", "+who, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					row.given(h.Service)
					id := h.Insert(steptest.Number, nil)
					h.Press(steptest.Ana, action.Cancel, id, nil)
					h.Pass(time.Second)
					h.Chat.Fail("person", bot.ErrUnavailable)
					h.Press(who, row.press, id, nil)
					h.Pass(row.takes)
					h.WantCalls(row.sent...)
					if n := h.Service.Reads(); n > 25 {
						t.Errorf("meanwhile the meeting was read %d times", n)
					}
					h.Chat.Recover()
					h.Pass(time.Minute)
					if got := steptest.Outcome(h.Stored(id)); got != want {
						t.Errorf("the request is %s, want %s", got, want)
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestStoppedInDoubt: the call is refused for good after someone pressed Undo, another card's call may
// have removed the meeting, and it can't be read. The request ends at once, as it does if someone stops
// it while it waits for that.
func TestStoppedInDoubt(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Insert(steptest.Number, func(r *cancellation.Request) {
			steptest.Unknown(r)
			r.Channel, r.ClosedAt = "C0OTHER", time.Now()
		})
		id := h.Insert(steptest.Number, nil)
		h.Service.Answers, h.Service.CallDelay = []error{steptest.Failure(meetingapi.ClassMeetingLocked)}, 2*time.Second
		h.Service.OnCall = func() { steptest.Unreadable(h) }
		h.Service.ReadDelay = 100 * time.Millisecond
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(time.Second)
		h.Presses(steptest.Bob, action.Undo, id, nil)
		h.Pass(time.Minute)
		if n := h.Service.Reads(); n > 10 {
			t.Errorf("within a minute the meeting was read %d times", n)
		}
		if got := steptest.Outcome(h.Stored(id)); got != "declined" {
			t.Errorf("the request is %s, want declined", got)
		}
		h.WantSaid(steptest.Bob, "too late to undo", "may have been cancelled from another card")
		h.WantCalls("cancel")
	})
}

// TestStoppedWhenSaidGone: the service answers the call that there is nothing to cancel, and the
// meeting can't be read for a while. Whoever stops it then, or has during the call, isn't told that the
// meeting stays.
func TestStoppedWhenSaidGone(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		verb  string
		after time.Duration // of the confirmation; the call takes 2 s
	}{
		"during the call": {action.Undo, time.Second},
		"before the wait": {action.Undo, 5 * time.Second},
		"during the wait": {action.Stop, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Service.Answers, h.Service.CallDelay = []error{steptest.Failure(meetingapi.ClassNotFound)}, 2*time.Second
				h.Service.OnCall = func() {
					h.Service.Remove(steptest.Number)
					failReads(h, &meetingapi.Error{Class: meetingapi.ClassLocked, RetryAfter: 5 * time.Minute})()
				}
				id := h.Insert(steptest.Number, nil)
				h.Press(steptest.Ana, action.Cancel, id, nil)
				h.Pass(row.after)
				if got := !h.Stored(id).WaitUntil.IsZero(); got != (row.verb == action.Stop) {
					t.Errorf("when %s is pressed the request waits: %t", row.verb, got)
				}
				h.Presses(steptest.Bob, row.verb, id, nil)
				h.Pass(80 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != "gone" {
					t.Errorf("the request is %s, want gone", got)
				}
				h.WantSaid("", "", "was already gone")
				h.WantCalls("cancel")
				h.Pass(5 * time.Minute)
				h.WantIdle()
			})
		})
	}
}

// TestStoppedJustBegun: the call begins between reading the request for an Undo and storing the click.
func TestStoppedJustBegun(t *testing.T) {
	t.Parallel()
	steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 5 * time.Second }, func(h *steptest.Fixture) {
		h.Service.Answers, h.Service.CallDelay = []error{steptest.Failure(meetingapi.ClassServer), nil}, 3*time.Second
		id := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Overtaken(&step.Envelope{Person: steptest.Bob, Channel: steptest.Channel, Action: action.Undo, Request: id}, func() {
			h.Pass(4 * time.Second)
			if got := h.Stored(id).State; got != cancellation.Calling {
				t.Fatalf("the request is %s when Undo is stored", got)
			}
		})
		h.Pass(time.Minute)
		if r := h.Stored(id); steptest.Outcome(r) != "declined" || r.StoppedBy != steptest.Bob {
			t.Errorf("the request is %s, stopped by %q", steptest.Outcome(r), r.StoppedBy)
		}
		h.WantCalls("cancel")
		h.WantIdle()
	})
}
