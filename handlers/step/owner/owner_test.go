package owner_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// asked makes Dave, who may not cancel, type a number and ask the owner. It returns the id of
// the question, which exists only if Carol is asked.
func asked(h *steptest.Fixture, reason string) cancellation.ID {
	refused := h.Types(steptest.Dave, steptest.Number)
	started := cancellation.NewID()
	h.Presses(steptest.Dave, action.ModalAskOwner, refused, submits(started, reason))
	return started
}

// submits returns the submission of the modal, which starts the question with this id.
func submits(question cancellation.ID, reason string) func(*step.Envelope) {
	return func(in *step.Envelope) { in.Started, in.Reason, in.Message = question, reason, bot.MessageRef{} }
}

func questions(h *steptest.Fixture) { h.Access.Questions = true }

// TestAsk checks the state of the question and what the asker is told.
func TestAsk(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		given  func(*steptest.Fixture)
		reason string
		want   string // the question's state or outcome; empty: there is none
		told   string // to Dave
		owner  bool   // gets the card
	}{
		{name: "with a reason", reason: "the room is flooded", want: "asked", told: "asked", owner: true},
		{name: "without a reason", told: "reason"},
		{name: "the meeting is gone", reason: "flooded", given: func(h *steptest.Fixture) { delete(h.Service.Meetings, steptest.Number) }},
		{name: "the owner can't be messaged at first", reason: "flooded", given: func(h *steptest.Fixture) {
			h.Chat.Fail("dm", bot.ErrUnavailable, nil)
		}, want: "asked", told: "asked", owner: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
				}
				id := asked(h, row.reason)
				h.Pass(30 * time.Second)
				if row.want != "" {
					if got := steptest.Outcome(h.Stored(id)); got != row.want {
						t.Errorf("the question is %s, want %s", got, row.want)
					}
				}
				if row.told != "" && !h.Chat.WasTold(steptest.Dave, row.told) {
					t.Errorf("Dave was told %q, want %q", h.Chat.Texts("respond", steptest.Dave), row.told)
				}
				if got := len(h.Chat.Texts("dm", steptest.Carol)) > 0; got != row.owner {
					t.Errorf("the owner was asked: %t, want %t", got, row.owner)
				}
				h.WantIdle()
			})
		})
	}
}

// TestAnswer checks what each button on a question records and sends, and what the asker is
// told.
func TestAnswer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		given  func(*steptest.Fixture)
		who    string
		action string
		want   string
		sent   int
		asker  string // in a direct message; empty: nothing
		told   string // to the person who clicked
	}{
		{name: "cancel", who: steptest.Carol, action: action.Cancel, want: "cancelled", sent: 1, asker: "cancelled"},
		{name: "keep", who: steptest.Carol, action: action.Keep, want: "declined", asker: "kept"},
		{name: "don't ask again", who: steptest.Carol, action: action.Mute, want: "declined", asker: "kept"},
		{name: "cancel, by the asker", who: steptest.Dave, action: action.Cancel, want: "asked", told: "can't"},
		{name: "a button the card doesn't have", who: steptest.Carol, action: action.ModalReason, want: "asked", told: "no longer works"},
		{name: "cancel, while it can't be read", given: steptest.Unreadable, who: steptest.Carol, action: action.Cancel, want: "asked", told: "Try again"},
		{name: "cancel, gone since", given: func(h *steptest.Fixture) { delete(h.Service.Meetings, steptest.Number) }, who: steptest.Carol, action: action.Cancel, want: "gone", asker: "gone"},
		{name: "cancel, changed since", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
		}, who: steptest.Carol, action: action.Cancel, want: "superseded", asker: "again"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				id := asked(h, "the room is flooded")
				before := len(h.Chat.Texts("dm", steptest.Dave))
				if row.given != nil {
					row.given(h)
				}
				h.Presses(row.who, row.action, id, func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
				h.Pass(30 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the question is %s, want %s", got, row.want)
				}
				if n := len(h.Service.Sent()); n != row.sent {
					t.Errorf("sent %q, want %d calls", h.Service.Sent(), row.sent)
				}
				if said := h.Chat.Texts("dm", steptest.Dave)[before:]; (len(said) > 0) != (row.asker != "") {
					t.Errorf("the asker was told %q, want %q in it", said, row.asker)
				} else if row.asker != "" && !strings.Contains(strings.Join(said, "\n"), row.asker) {
					t.Errorf("the asker was told %q, want %q in it", said, row.asker)
				}
				if row.told != "" && !h.Chat.WasTold(row.who, row.told) {
					t.Errorf("%s was told %q, want %q in it", row.who, h.Chat.Texts("respond", row.who), row.told)
				}
			})
		})
	}
}

// TestLimits checks that an asker has at most one question per meeting and three in all open
// at once, however long a modal was open, and that another is possible once one is answered.
func TestLimits(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		ask := func(number string) (id cancellation.ID, err error) {
			h.Service.Set(func(s *steptest.Service) {
				m := s.Meetings[steptest.Number]
				m.ID, m.Number = meetingapi.ID(number), number
				s.Meetings[meetingapi.ID(number)] = m
			})
			refused, started := h.Types(steptest.Dave, number), cancellation.NewID()
			h.Presses(steptest.Dave, action.ModalAskOwner, refused, submits(started, "the room is flooded"))
			h.Pass(time.Minute)
			r, err := h.Store.Requests.Get(h.Context(), started)
			if err == nil && r.State != cancellation.Asked {
				err = errors.New(r.Why)
			}
			return started, err
		}
		var first cancellation.ID
		for i, number := range []string{"914000001", "914000002", "914000003"} {
			id, err := ask(number)
			if err != nil {
				t.Fatalf("question %d: %v", i+1, err)
			}
			if i == 0 {
				first = id
			}
		}
		if _, err := ask("914000003"); err == nil || !h.Chat.WasTold(steptest.Dave, "already been asked") {
			t.Errorf("asking the same again: %v, told %q", err, h.Chat.Texts("respond", steptest.Dave))
		}
		if _, err := ask("914000004"); err == nil || err.Error() != "too_many_questions" {
			t.Errorf("a fourth question: %v, want too_many_questions", err)
		}
		h.Presses(steptest.Dave, action.AskOwner, h.Types(steptest.Dave, "914000004"), nil)
		if h.Chat.Modals.Load() > 0 {
			t.Error("a modal was opened for a fourth question")
		}
		h.Pass(time.Minute)
		h.Presses(steptest.Carol, action.Keep, first, func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
		if _, err := ask("914000004"); err != nil {
			t.Errorf("another question after one was answered: %v", err)
		}
	})
}

// TestLimitPerMinute checks that a question counts toward the requests that a person may make
// in a minute once it is sent, and that it is refused before anything is typed.
func TestLimitPerMinute(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		refused, started := h.Types(steptest.Dave, steptest.Number), cancellation.NewID()
		tooOften := func(when string, want bool) {
			t.Helper()
			if got := h.Chat.WasTold(steptest.Dave, "a lot of requests"); got != want {
				t.Errorf("%s, Dave was told to wait: %t, want %t", when, got, want)
			}
		}
		for range 5 {
			h.Presses(steptest.Dave, action.AskOwner, refused, nil)
		}
		h.Presses(steptest.Dave, action.ModalAskOwner, refused, submits(cancellation.NewID(), " "))
		for range 4 {
			h.Types(steptest.Dave, steptest.Number)
		}
		if tooOften("after five requests", false); h.Chat.Modals.Load() != 5 {
			t.Errorf("%d modals were opened, want 5", h.Chat.Modals.Load())
		}
		h.Presses(steptest.Dave, action.ModalAskOwner, refused, submits(started, "the room is flooded"))
		if r := h.Stored(started); r.State != cancellation.Asked {
			t.Errorf("what was typed is lost: the question is %s, %s", steptest.Outcome(r), r.Why)
		}
		tooOften("after sending", false)
		h.Presses(steptest.Dave, action.AskOwner, refused, nil)
		if tooOften("after opening another", true); h.Chat.Modals.Load() != 5 {
			t.Errorf("%d modals were opened, want 5", h.Chat.Modals.Load())
		}
	})
}

// TestMute checks that Mute lasts thirty days and applies to this asker alone.
func TestMute(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		id, pressed := asked(h, "the room is flooded"), h.Store.Now()
		h.Presses(steptest.Carol, action.Mute, id, func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
		for who, want := range map[string]time.Time{steptest.Dave: pressed.AddDate(0, 0, 30), steptest.Bob: {}} {
			q, err := h.Store.Questions.Limits(h.Context(), who, steptest.Carol, "")
			if err != nil || q.MutedUntil.Sub(want).Abs() > time.Minute {
				t.Errorf("%s can't ask until %v (%v), want %v", who, q.MutedUntil, err, want)
			}
		}
		if !strings.Contains(strings.Join(h.Chat.Texts("dm", steptest.Dave), "\n"), "kept") {
			t.Errorf("Dave was told %q", h.Chat.Texts("dm", steptest.Dave))
		}
	})
}
