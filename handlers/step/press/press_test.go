package press_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestPress checks for each button and state what is recorded, sent and said.
func TestPress(t *testing.T) {
	t.Parallel()
	state := func(s cancellation.State) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			if r.State = s; s == cancellation.Done {
				r.Outcome, r.ConfirmedBy, r.ClosedAt = cancellation.Cancelled, steptest.Bob, time.Now()
			}
		}
	}
	counting := func(r *cancellation.Request) {
		r.State, r.ConfirmedBy, r.ConfirmedAt = cancellation.Confirmed, steptest.Ana, time.Now()
		r.UndoUntil = time.Now().Add(30 * time.Second)
	}
	for _, row := range []struct {
		name    string
		meeting string // empty: the single one
		about   func(*cancellation.Request)
		given   func(*steptest.Fixture)
		before  time.Duration // the click
		who     string
		action  string
		click   func(*step.Envelope)
		want    string   // the request's state or outcome
		sent    []string // to the service
		told    string   // to the person who clicked, alone
		card    string   // the card's text in the end
		owner   bool     // the owner gets a message
	}{
		{name: "cancel", who: steptest.Ana, action: action.Cancel, want: "cancelled", sent: []string{"cancel"}, card: "was cancelled by", owner: true},
		{name: "cancel, by the owner", who: steptest.Carol, action: action.Cancel, want: "cancelled", sent: []string{"cancel"}, card: "was cancelled by"},
		{name: "cancel, by others", who: steptest.Dave, action: action.Cancel, want: "asked", told: "can't"},
		{name: "cancel, too late", before: 16 * time.Minute, who: steptest.Ana, action: action.Cancel, want: "expired", told: "expired", card: "unchanged"},
		{name: "keep", who: steptest.Ana, action: action.Keep, want: "declined", card: "Nothing was changed"},
		{name: "keep, by the owner", who: steptest.Carol, action: action.Keep, want: "declined", card: "Nothing was changed"},
		{name: "keep, by others", who: steptest.Dave, action: action.Keep, want: "asked", told: "can't"},
		{name: "a button the card doesn't have", who: steptest.Ana, action: action.Cancel, meeting: steptest.Weekly, want: "asked", told: "no longer works"},
		{name: "cancel dates, none ticked", who: steptest.Ana, action: action.CancelOccurrences, meeting: steptest.Weekly, want: "asked", told: "Tick"},
		{name: "cancel dates, one ticked", who: steptest.Ana, action: action.CancelOccurrences, meeting: steptest.Weekly, click: steptest.Ticks("1"), want: "cancelled", sent: []string{"dates [d1]"}, card: "One date", owner: true},
		{name: "cancel dates, a position out of range", who: steptest.Ana, action: action.CancelOccurrences, meeting: steptest.Weekly, click: steptest.Ticks("9"), want: "asked", told: "Tick"},
		{name: "cancel dates, every one ticked: the series", who: steptest.Ana, action: action.CancelOccurrences, meeting: steptest.Weekly, click: steptest.Ticks("2", "0", "1"), want: "cancelled", sent: []string{"series"}, card: "The series", owner: true},
		{name: "cancel the series", who: steptest.Ana, action: action.CancelSeries, meeting: steptest.Weekly, want: "cancelled", sent: []string{"series"}, card: "The series", owner: true},
		{name: "cancel the series, running: ends it", who: steptest.Ana, action: action.CancelSeries, meeting: steptest.Weekly, given: steptest.Starts(steptest.Weekly), want: "ended", sent: []string{"series end"}, card: "The series", owner: true},
		{name: "cancel dates, the running one ticked: ends it", who: steptest.Ana, action: action.CancelOccurrences, meeting: steptest.Weekly, given: steptest.Starts(steptest.Weekly), click: steptest.Ticks("0"), want: "ended", sent: []string{"dates [d0] end"}, card: "ended for everyone", owner: true},
		{name: "cancel dates, a later one while one runs", who: steptest.Ana, action: action.CancelOccurrences, meeting: steptest.Weekly, given: steptest.Starts(steptest.Weekly), click: steptest.Ticks("1"), want: "cancelled", sent: []string{"dates [d1]"}, owner: true},
		{name: "end", who: steptest.Ana, action: action.End, given: steptest.Starts(steptest.Number), want: "ended", sent: []string{"cancel end"}, card: "ended", owner: true},
		{name: "end, state unknown", who: steptest.Ana, action: action.End, given: steptest.HideState, want: "cancelled", sent: []string{"cancel end"}, owner: true},
		{name: "end, not started", who: steptest.Ana, action: action.End, want: "cancelled", sent: []string{"cancel"}, owner: true},

		{name: "cancel, when it was cancelled", about: state(cancellation.Done), who: steptest.Ana, action: action.Cancel, want: "cancelled", told: "U0BOB"},
		{name: "cancel, when it was kept", about: state(cancellation.Declined), who: steptest.Ana, action: action.Cancel, want: "declined", told: "lready"},
		{name: "keep, when it has expired", about: state(cancellation.Expired), who: steptest.Ana, action: action.Keep, want: "expired", told: "expired"},
		{name: "cancel, when a newer card has replaced it", about: state(cancellation.Superseded), who: steptest.Ana, action: action.Cancel, want: "superseded", told: "newer card"},
		{name: "undo, without a confirmation", who: steptest.Ana, action: action.Undo, want: "asked", told: "late"},

		{name: "undo", about: counting, who: steptest.Ana, action: action.Undo, want: "declined", card: "undid the cancellation"},
		{name: "undo, by the owner", about: counting, who: steptest.Carol, action: action.Undo, want: "declined", card: "undid the cancellation"},
		{name: "undo, by others", about: counting, who: steptest.Dave, action: action.Undo, want: "confirmed", told: "can't"},
		{name: "undo, after the window, but before the call", about: counting, before: 31 * time.Second, who: steptest.Ana, action: action.Undo, want: "declined", card: "undid the cancellation"},
		{name: "undo, too late", about: func(r *cancellation.Request) { counting(r); r.State = cancellation.Calling }, who: steptest.Ana, action: action.Undo, want: "calling", told: "late"},
		{name: "stop", about: steptest.Waiting, who: steptest.Ana, action: action.Stop, want: "declined", card: "stopped the cancellation"},
		{name: "stop, with a call unanswered", about: func(r *cancellation.Request) { steptest.Waiting(r); r.State, r.Unanswered = cancellation.Calling, 1 }, who: steptest.Ana, action: action.Stop, want: "unknown", card: "not known whether"},

		{name: "check again, gone", about: steptest.Unknown, given: steptest.Gone, who: steptest.Dave, action: action.CheckAgain, want: "cancelled", card: "was cancelled by", owner: true},
		{name: "check again, still there", about: steptest.Unknown, before: time.Minute, who: steptest.Ana, action: action.CheckAgain, want: "failed", card: "unchanged"},
		{name: "check again, still there, but renamed", about: func(r *cancellation.Request) { steptest.Unknown(r); r.Meeting.Subject = "Board" }, before: time.Minute, who: steptest.Ana, action: action.CheckAgain, want: "failed", card: "left alone"},
		{name: "check again, still there, but the call may still go through", about: steptest.Unknown, who: steptest.Ana, action: action.CheckAgain, want: "unknown", told: "still"},
		{name: "check again, can't be read", about: steptest.Unknown, given: steptest.Unreadable, who: steptest.Ana, action: action.CheckAgain, want: "unknown", told: "still"},
		{name: "check again, settled", about: state(cancellation.Done), who: steptest.Ana, action: action.CheckAgain, want: "cancelled", told: "The outcome is known now"},
		{name: "add a reason", who: steptest.Ana, action: action.AddReason, want: "asked"},
		{name: "add a reason, too late", before: 16 * time.Minute, who: steptest.Ana, action: action.AddReason, want: "asked", told: "expired"},
		{name: "submit a reason", who: steptest.Ana, action: action.ModalReason, click: func(in *step.Envelope) { in.Reason = "the room  is\nflooded" }, want: "asked", card: "Cancel this meeting?"},
		{name: "submit a reason, by others", who: steptest.Dave, action: action.ModalReason, click: func(in *step.Envelope) { in.Reason = "ha" }, want: "asked", told: "can't"},
		{name: "a button of an unknown request", who: steptest.Ana, action: action.Cancel, click: func(in *step.Envelope) { in.Request = "nothing" }, want: "asked", told: "no longer works"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
				}
				meeting := row.meeting
				if meeting == "" {
					meeting = steptest.Number
				}
				errs := h.Service.ReadErrors // from reading after the click; Insert reads the meeting, too
				h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil })
				id := h.Insert(meeting, row.about)
				h.Service.Set(func(s *steptest.Service) { s.ReadErrors = errs })
				h.Pass(row.before)
				h.Presses(row.who, row.action, id, row.click)
				r := h.Stored(id)
				if got := steptest.Outcome(r); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				h.WantCalls(row.sent...)
				h.WantSaid(row.who, row.told, row.card)
				if told := len(h.Chat.Texts("dm", steptest.Carol)) > 0; told != row.owner {
					t.Errorf("the owner was told: %t, want %t", told, row.owner)
				}
				if row.action == action.Stop {
					h.WantActor(store.EventUndone, row.who, 1)
				}
				if row.before == 0 {
					h.WantIdle()
				}
			})
		})
	}
}
