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
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestChangedBeforeSubmit checks whether the owner is asked, and what the asker is told, after
// something changed while the modal was open.
func TestChangedBeforeSubmit(t *testing.T) {
	t.Parallel()
	disabled, away := []error{steptest.SlackError(t, "user_disabled")}, []error{bot.ErrUnavailable}
	ended := func(h *steptest.Fixture) {
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended })
	}
	theirs := func(h *steptest.Fixture) {
		h.Service.Accounts["uuid-dave"] = meetingapi.User{UUID: "uuid-dave", Email: "dave@example.com"}
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner.UUID = "uuid-dave" })
	}
	for _, row := range []struct {
		name   string
		given  func(*steptest.Fixture)
		change func(*step.Envelope)
		want   string // the question's state or outcome; empty: there is none
		told   string
		owner  int // messages to Carol
	}{
		{name: "nothing", want: "asked", told: "is being asked", owner: 1},
		{name: "another subject", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
		}, want: "asked", told: "is being asked", owner: 1},
		{name: "started", given: steptest.Starts(steptest.Number), want: "asked", told: "is being asked", owner: 1},
		{name: "gone", given: func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, want: "gone", told: "is not among"},
		{name: "over", given: ended, want: "gone", told: "has already ended"},
		{name: "the asker owns it now", given: theirs, want: "refused", told: "yourself"},
		{name: "the asker may cancel any now", given: func(h *steptest.Fixture) { h.Access.Users = append(h.Access.Users, steptest.Dave) }, want: "refused", told: "yourself"},
		{name: "ASK_OWNER turned off", given: func(h *steptest.Fixture) { h.Access.Questions = false }, want: "refused", told: "can't cancel"},
		{name: "the asker is a guest now", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Guest = true }), want: "refused", told: "Guests"},
		{name: "the owner has left", given: steptest.Person(steptest.Carol, func(p *bot.Person) { p.Deleted = true }), want: "refused", told: "can't be reached"},
		{name: "the owner can't be messaged", given: func(h *steptest.Fixture) { h.Chat.Fail("dm", disabled...) }, want: "failed", told: "can't be reached"},
		{name: "Slack down for a while", given: func(h *steptest.Fixture) {
			h.Chat.Fail("dm", bot.ErrUnavailable, bot.ErrUnavailable, bot.ErrUnavailable, nil)
		}, want: "asked", told: "is being asked", owner: 1},
		{name: "the service is away", given: steptest.Unreadable, want: "failed", told: "could not be looked up"},
		{name: "the asker can't be looked up", given: func(h *steptest.Fixture) { h.Chat.Fail("person", away...) }, want: "", told: "Try again"},
		{name: "submitted long ago", change: func(in *step.Envelope) { in.At = time.Now().Add(-16 * time.Minute) }, want: "refused", told: "Too much time has passed"},
		{name: "nothing was typed", change: func(in *step.Envelope) { in.Reason = "\u200b \n" }, told: "needs a reason"},
		{name: "by another person", change: func(in *step.Envelope) { in.Person = steptest.Bob }, told: ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				refused, started := h.Types(steptest.Dave, steptest.Number), cancellation.NewID()
				h.Pass(20 * time.Minute) // so that readings made for the refusal are too old
				if row.given != nil {
					row.given(h)
				}
				before := len(h.Chat.Texts("respond", steptest.Dave))
				h.Presses(steptest.Dave, action.ModalAskOwner, refused, func(in *step.Envelope) {
					submits(started, "the room is flooded")(in)
					if row.change != nil {
						row.change(in)
					}
				})
				h.Pass(time.Minute)
				got := ""
				if r, err := h.Store.Requests.Get(h.Context(), started); err == nil {
					got = steptest.Outcome(r)
				}
				said := strings.Join(h.Chat.Texts("respond", steptest.Dave)[before:], "\n")
				if got != row.want || !strings.Contains(said, row.told) || strings.Contains(said, "Budget") {
					t.Errorf("the question is %q, Dave was told %q; want %q, %q", got, said, row.want, row.told)
				}
				if n := len(h.Chat.Texts("dm", steptest.Carol)); n != row.owner {
					t.Errorf("Carol has %d messages, want %d", n, row.owner)
				}
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestSubmittedTwice checks that a second delivery of a submission asks no second question.
func TestSubmittedTwice(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		refused, started := h.Types(steptest.Dave, steptest.Number), cancellation.NewID()
		for range 2 {
			h.Presses(steptest.Dave, action.ModalAskOwner, refused, submits(started, "flooded"))
		}
		h.Pass(time.Minute)
		if n := len(h.Chat.Texts("dm", steptest.Carol)); n != 1 || strings.Count(h.Trail(), "asked_owner") != 1 {
			t.Errorf("Carol has %d messages, the trail is %q", n, h.Trail())
		}
		if said := h.Chat.Texts("respond", steptest.Dave); len(said) != 2 { // the refusal, and that she is asked
			t.Errorf("Dave was told %q", said)
		}
		h.WantIdle()
	})
}

// TestQuestionResumed checks that a question begun by an earlier run is asked even if the
// refused request has changed since.
func TestQuestionResumed(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		refused, started := h.Types(steptest.Dave, steptest.Number), cancellation.NewID()
		h.Pass(20 * time.Minute)
		h.Service.Set(func(s *steptest.Service) { s.Unknown = steptest.Failure(meetingapi.ClassServer) })
		h.Press(steptest.Dave, action.ModalAskOwner, refused, submits(started, "flooded"))
		h.Pass(time.Second / 2)
		h.Service.Set(func(s *steptest.Service) { s.Unknown = nil })
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			r, err := tx.Requests.Get(h.Context(), refused)
			r.Outcome = cancellation.Failed
			return errors.Join(err, tx.Requests.Save(h.Context(), &r))
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Pass(time.Minute)
		if got := steptest.Outcome(h.Stored(started)); got != "asked" {
			t.Errorf("the question is %q, Dave was told %q; want it asked", got, h.Chat.Texts("respond", steptest.Dave))
		}
		h.WantIdle()
	})
}

// TestQuestionButtons checks what every button on an answered question tells the owner, and
// that nothing else happens.
func TestQuestionButtons(t *testing.T) {
	t.Parallel()
	decides := []string{action.Cancel, action.End, action.CancelSeries, action.CancelOccurrences, action.Keep, action.Mute}
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		told  string
	}{
		{"kept", func(r *cancellation.Request) { r.State = cancellation.Declined }, "already been answered"},
		{"expired", func(r *cancellation.Request) { r.State = cancellation.Expired }, "has expired"},
		{"replaced", func(r *cancellation.Request) { r.State = cancellation.Superseded }, "newer card"},
		{"confirmed", func(r *cancellation.Request) { r.State, r.ConfirmedBy = cancellation.Confirmed, steptest.Carol }, "is being cancelled"},
		{"called", func(r *cancellation.Request) { r.State, r.ConfirmedBy = cancellation.Calling, steptest.Carol }, "is being cancelled"},
		{"cancelled", func(r *cancellation.Request) { r.State, r.Outcome = cancellation.Done, cancellation.Cancelled }, "already been answered"},
		{"unknown", steptest.Unknown, "already been answered"},
		{"past its expiry", func(r *cancellation.Request) { r.ExpiresAt = time.Now() }, "has expired"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					row.about(r)
					r.For, r.Asker = steptest.Carol, steptest.Dave
					r.Card = cancellation.Card{Channel: "D" + steptest.Carol, TS: "1", Way: cancellation.ByDirect}
				})
				want := steptest.Outcome(h.Stored(id))
				if want == "asked" {
					want = "expired" // the first click closes it
					h.Pass(step.LongestLag)
				}
				for i, verb := range decides {
					h.Presses(steptest.Carol, verb, id, func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
					said := h.Chat.Texts("respond", steptest.Carol)
					if got := steptest.Outcome(h.Stored(id)); got != want || len(said) != i+1 || !strings.Contains(said[i], row.told) {
						t.Errorf("%s: it is %s, Carol was told %q, want %s, %q", verb, got, said, want, row.told)
					}
				}
				if q, err := h.Store.Questions.Limits(h.Context(), steptest.Dave, steptest.Carol, ""); err != nil || !q.MutedUntil.IsZero() {
					t.Errorf("Dave can't ask until %v (%v)", q.MutedUntil, err)
				}
				h.WantCalls()
			})
		})
	}
}

// TestOwnerChangedBeforeClick checks that an answer counts only if the person still owns the
// meeting. If that can't be looked up, the buttons stay.
func TestOwnerChangedBeforeClick(t *testing.T) {
	t.Parallel()
	reassigned := func(h *steptest.Fixture) { // Carol's account is another person's now
		h.Service.Accounts["uuid-carol"] = meetingapi.User{UUID: "uuid-carol", Email: "dave@example.com"}
	}
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		want  string
		told  string
	}{
		{"account reassigned", reassigned, "refused", ""},
		{"the directory is away", func(h *steptest.Fixture) { h.Service.Unknown = steptest.Failure(meetingapi.ClassUnavailable) }, "asked", "Try again"},
		{"the owner is a guest now", steptest.Person(steptest.Carol, func(p *bot.Person) { p.Guest = true }), "refused", "Guests"},
		{"too close to the start now", func(h *steptest.Fixture) { h.Access.LeadTime = 72 * time.Hour }, "", "close to the start"},
	} {
		for _, verb := range []string{action.Cancel, action.Keep} {
			t.Run(row.name+", "+verb, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, questions, func(h *steptest.Fixture) {
					id := asked(h, "the room is flooded")
					h.Pass(20 * time.Minute)
					row.given(h)
					h.Presses(steptest.Carol, verb, id, func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
					h.Pass(2 * time.Minute)
					want, told := row.want, row.told
					if want == "" { // Keep is allowed at any time
						want, told = map[string]string{action.Cancel: "asked", action.Keep: "declined"}[verb], map[string]string{action.Cancel: told}[verb]
					}
					if got := steptest.Outcome(h.Stored(id)); got != want {
						t.Errorf("the question is %s, want %s", got, want)
					}
					h.WantSaid(steptest.Carol, told, "")
					h.WantCalls()
				})
			})
		}
	}
}

// TestDirectoryDownAtClick checks that nothing is done and the buttons stay if the owner was
// found when asked but can't be looked up when they answer.
func TestDirectoryDownAtClick(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		id := asked(h, "the room is flooded")
		h.Pass(10 * time.Second)
		h.Service.Set(func(s *steptest.Service) { s.Unknown = steptest.Failure(meetingapi.ClassUnavailable) })
		h.Presses(steptest.Carol, action.Cancel, id, nil)
		h.Pass(20 * time.Second)
		if got := steptest.Outcome(h.Stored(id)); got != "asked" || len(h.Service.Sent()) > 0 || !h.Chat.WasTold(steptest.Carol, "can't be done just now") {
			t.Errorf("the question is %s after %q, and Carol was told %q", got, h.Service.Sent(), h.Chat.Texts("respond", steptest.Carol))
		}
		h.Service.Set(func(s *steptest.Service) { s.Unknown = nil })
		h.Presses(steptest.Carol, action.Cancel, id, nil)
		if got := steptest.Outcome(h.Stored(id)); got != "cancelled" {
			t.Errorf("the question is %s once the directory answers, want cancelled", got)
		}
	})
}
