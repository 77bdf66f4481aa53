package press_test

import (
	"cmp"
	"slices"
	"strconv"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestEveryButtonInEveryState checks that on an answered card no button but Undo, Stop and
// Check again has an effect, and that every click is answered.
func TestEveryButtonInEveryState(t *testing.T) {
	t.Parallel()
	ended := func(s cancellation.State, o cancellation.Outcome) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			r.State, r.Outcome, r.ClosedAt = s, o, time.Now()
			if s == cancellation.Done {
				r.ConfirmedBy, r.ConfirmedAt = steptest.Bob, time.Now()
			}
		}
	}
	confirmed := func(change func(*cancellation.Request)) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Bob, time.Now()
			if change != nil {
				change(r)
			}
		}
	}
	calling := func(change func(*cancellation.Request)) func(*cancellation.Request) {
		return confirmed(func(r *cancellation.Request) {
			r.State = cancellation.Calling
			r.Begin(cancellation.CallEffect, time.Now())
			if change != nil {
				change(r)
			}
		})
	}
	stopped := map[string]string{action.Undo: "declined", action.Stop: "declined"}
	waits := func(r *cancellation.Request) { r.WaitUntil = time.Now().Add(time.Hour) }
	for _, row := range []struct {
		name    string
		about   func(*cancellation.Request)
		decided string            // the answer to buttons that decide
		undo    string            // the answer to Undo and Stop; empty: too late
		becomes map[string]string // by action; all others change nothing
		checked string            // the answer to Check again
	}{
		{name: "an undo window", about: confirmed(func(r *cancellation.Request) { r.UndoUntil = time.Now().Add(time.Hour) }), decided: "is being cancelled", becomes: stopped},
		{name: "after the window", about: confirmed(func(r *cancellation.Request) { r.UndoUntil = time.Now().Add(-time.Second) }), decided: "is being cancelled", becomes: stopped},
		{name: "no window", about: confirmed(nil), decided: "is being cancelled", becomes: stopped},
		{name: "waiting before the call", about: confirmed(waits), decided: "is being cancelled", becomes: stopped},
		{name: "called", about: calling(nil), decided: "is being cancelled"},
		{name: "called, unanswered", about: calling(func(r *cancellation.Request) { r.Unanswered = 1 }), decided: "is being cancelled"},
		{name: "refused, waiting", about: calling(waits), decided: "is being cancelled", becomes: stopped},
		{name: "unanswered, waiting", about: calling(func(r *cancellation.Request) { waits(r); r.Unanswered = 1 }), decided: "is being cancelled", becomes: map[string]string{action.Undo: "unknown", action.Stop: "unknown"}},
		{name: "cancelled", about: ended(cancellation.Done, cancellation.Cancelled), decided: "already been answered", checked: "known now"},
		{name: "ended", about: ended(cancellation.Done, cancellation.Ended), decided: "already been answered", checked: "known now"},
		{name: "gone", about: ended(cancellation.Done, cancellation.Gone), decided: "already been answered", checked: "known now"},
		{name: "refused", about: ended(cancellation.Done, cancellation.Refused), decided: "already been answered", checked: "known now"},
		{name: "failed", about: ended(cancellation.Done, cancellation.Failed), decided: "already been answered", checked: "known now"},
		{name: "unknown", about: steptest.Unknown, decided: "already been answered", checked: "still not known"},
		{name: "kept", about: ended(cancellation.Declined, ""), decided: "already been answered", undo: "already been answered", checked: "known now"},
		{name: "expired", about: ended(cancellation.Expired, ""), decided: "has expired"},
		{name: "replaced", about: ended(cancellation.Superseded, ""), decided: "newer card"},
	} {
		told := map[string]string{
			action.Cancel: row.decided, action.End: row.decided, action.Keep: row.decided, action.CancelSeries: row.decided,
			action.CancelOccurrences: row.decided, action.AddReason: row.decided, action.ModalReason: row.decided,
			action.Undo: cmp.Or(row.undo, "too late to undo"), action.Stop: cmp.Or(row.undo, "too late to undo"), action.CheckAgain: cmp.Or(row.checked, "known"),
			action.Mute: "no longer works", action.Review: "no longer works", action.CancelMany: "no longer works", action.Choose: "no longer works",
			action.Inputs()[0]: "", action.InputTell: "", // a tick gets no answer
		}
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				verbs := make([]string, 0, len(told))
				for verb := range told {
					verbs = append(verbs, verb)
				}
				slices.Sort(verbs)
				for i, verb := range verbs {
					place, words := steptest.Channel+strconv.Itoa(i), told[verb]
					id := h.Insert(steptest.Number, func(r *cancellation.Request) {
						row.about(r)
						r.Channel, r.Card.Channel = place, place
					})
					before, heard := h.Stored(id), len(h.Chat.Texts("respond", steptest.Ana))
					h.Presses(steptest.Ana, verb, id, func(in *step.Envelope) {
						in.Channel, in.Message.Channel = place, bot.ChannelID(place)
						if verb == action.ModalReason {
							in.Message, in.Reason = bot.MessageRef{}, "no room"
						}
					})
					after, said := h.Stored(id), h.Chat.Texts("respond", steptest.Ana)[heard:]
					want := steptest.Outcome(before)
					if becomes := row.becomes[verb]; becomes != "" {
						want, words = becomes, ""
					}
					if got := steptest.Outcome(after); got != want || after.Reason != "" || after.ConfirmedBy != before.ConfirmedBy {
						t.Errorf("%s: it is %s, want %s: %+v", verb, got, want, after.Request)
					}
					if words == "" && len(said) > 0 || words != "" && (len(said) != 1 || !h.Chat.WasTold(steptest.Ana, words)) {
						t.Errorf("%s: Ana was told %q, want %q", verb, said, words)
					}
					// The message clicked may be a copy that missed the last draw.
					repaired := len(h.Chat.Texts("update", place+"/1")) > 0
					if final := before.State.Final() && before.State != cancellation.Superseded; final && (words == row.decided || verb == action.Undo || verb == action.Stop) && verb != action.ModalReason && verb != action.AddReason && !repaired {
						t.Errorf("%s: the card that was clicked still has its buttons", verb)
					}
				}
				if h.WantCalls(); h.Chat.Modals.Load() > 0 {
					t.Errorf("%d modals were opened", h.Chat.Modals.Load())
				}
			})
		})
	}
}

// TestUndoWindow checks whether the call is made, by what is clicked during the undo window
// and when that is handled. The call never begins before the window ends.
func TestUndoWindow(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		after  time.Duration // of the confirmation
		who    string        // empty: no click
		action string
		late   time.Duration // until it reaches us
		fails  []error       // from looking up the person
		want   string
		sent   int
	}{
		{name: "no click", want: "cancelled", sent: 1},
		{name: "at once", after: time.Second, who: steptest.Ana, action: action.Undo, want: "declined"},
		{name: "by another person who may", after: time.Second, who: steptest.Bob, action: action.Undo, want: "declined"},
		{name: "by a person who may not", after: time.Second, who: steptest.Dave, action: action.Undo, want: "cancelled", sent: 1},
		{name: "at the last moment", after: 9900 * time.Millisecond, who: steptest.Ana, action: action.Undo, want: "declined"},
		{name: "at the last moment, slow to arrive", after: 9900 * time.Millisecond, late: 150 * time.Millisecond, who: steptest.Ana, action: action.Undo, want: "declined"},
		{name: "too late", after: 11 * time.Second, who: steptest.Ana, action: action.Undo, want: "cancelled", sent: 1},
		{name: "by a person Slack can't look up for half a minute", after: 9 * time.Second, who: steptest.Ana, action: action.Undo, fails: []error{bot.ErrUnavailable}, want: "declined"},
		{name: "stop", after: time.Second, who: steptest.Ana, action: action.Stop, want: "declined"},
		{name: "the same button again", after: time.Second, who: steptest.Bob, action: action.Cancel, want: "cancelled", sent: 1},
		{name: "keep", after: time.Second, who: steptest.Bob, action: action.Keep, want: "cancelled", sent: 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.UndoWindow = 10 * time.Second }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				begun := h.Store.Now()
				var called time.Time
				h.Service.OnCall = func() { called = time.Now() }
				h.Press(steptest.Ana, action.Cancel, id, nil)
				if h.Pass(500 * time.Millisecond); h.Stored(id).State != cancellation.Confirmed || len(h.Service.Sent()) > 0 {
					t.Fatalf("it is %s after %q", steptest.Outcome(h.Stored(id)), h.Service.Sent())
				}
				if row.who != "" {
					h.Pass(row.after - 500*time.Millisecond + row.late)
					h.Chat.Fail("person", row.fails...)
					h.Press(row.who, row.action, id, func(in *step.Envelope) { in.At = begun.Add(row.after) })
					if row.fails != nil {
						h.Pass(30 * time.Second)
						h.Chat.Recover()
					}
				}
				h.Pass(30 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) != row.sent {
					t.Errorf("it is %s after %q, want %s", got, h.Service.Sent(), row.want)
				}
				if row.sent > 0 && called.Sub(begun) < 10*time.Second {
					t.Errorf("the call began %s after the confirmation", called.Sub(begun))
				}
				h.WantIdle()
			})
		})
	}
}
