package many_test

import (
	"fmt"
	"slices"
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

// both is what is typed for a card with two meetings.
const both = steptest.Number + " " + steptest.Second

// stages returns functions that bring a card with two meetings to a stage.
func stages() map[string]func(h *steptest.Fixture, id cancellation.ID) {
	review := func(h *steptest.Fixture, id cancellation.ID) {
		h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
	}
	confirm := func(h *steptest.Fixture, id cancellation.ID) {
		review(h, id)
		h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
	}
	return map[string]func(h *steptest.Fixture, id cancellation.ID){
		"first page":  func(*steptest.Fixture, cancellation.ID) {},
		"second page": review,
		"counting":    confirm,
		"under way": func(h *steptest.Fixture, id cancellation.ID) {
			h.Service.Set(func(s *steptest.Service) { s.CallDelay = time.Hour })
			confirm(h, id)
			h.Pass(14 * time.Second)
		},
		"waiting": func(h *steptest.Fixture, id cancellation.ID) {
			h.Service.Set(func(s *steptest.Service) {
				s.Answers = []error{&meetingapi.Error{Class: meetingapi.ClassThrottled, RetryAfter: 5 * time.Minute}}
			})
			confirm(h, id)
			h.Pass(30 * time.Second)
		},
		"cancelled": func(h *steptest.Fixture, id cancellation.ID) { confirm(h, id); h.Pass(30 * time.Second) },
		"unknown": func(h *steptest.Fixture, id cancellation.ID) {
			h.Service.Set(func(s *steptest.Service) {
				s.Answers = []error{steptest.Failure(meetingapi.ClassUnknownOutcome)}
				s.CallDelay = 2 * time.Second // both are read before either call is made
				s.OnCall = func() {
					h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(meetingapi.ClassUnavailable)} })
				}
			})
			confirm(h, id)
			h.Pass(2 * time.Minute)
		},
		"kept": func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Ana, action.Keep, id, nil) },
		"expired": func(h *steptest.Fixture, _ cancellation.ID) {
			h.Pass(16 * time.Minute)
			h.Sweeper.Round(h.Context())
			h.Pass(time.Second)
		},
	}
}

// TestStates: the stage of a card with two meetings × which button is pressed and by whom →
// the state of the request, and what the presser is told. Every press gets an answer.
func TestStates(t *testing.T) {
	t.Parallel()
	const (
		ana, carol, dave = steptest.Ana, steptest.Carol, steptest.Dave
		answered         = "This card has already been answered"
		late             = "too late to undo"
		moved            = "The card has moved on"
		no               = "can't"
	)
	for _, row := range []struct {
		stage, action, who string
		want               string // the state of the request
		told               string // empty: the card is the answer
	}{
		{"first page", action.Review, ana, "asked", ""},
		{"first page", action.Review, carol, "asked", ""},
		{"first page", action.CancelMany, ana, "asked", moved},
		{"first page", action.Back, ana, "asked", ""},
		{"first page", action.Back, dave, "asked", no},
		{"first page", action.Keep, carol, "declined", ""},
		{"first page", action.Keep, dave, "asked", no},
		{"first page", action.Undo, ana, "asked", late},
		{"first page", action.Stop, ana, "asked", late},
		{"first page", action.End, ana, "asked", "no longer works"},
		{"first page", action.CancelSeries, ana, "asked", "no longer works"},
		{"first page", action.CancelOccurrences, ana, "asked", "no longer works"},

		{"second page", action.Back, ana, "asked", ""},
		{"second page", action.Back, dave, "asked", no},
		{"second page", action.Keep, ana, "declined", ""},
		{"second page", action.CancelMany, carol, "cancelled", ""},
		{"second page", action.CancelMany, dave, "asked", no},
		{"second page", action.Undo, ana, "asked", late},

		{"counting", action.Undo, ana, "declined", ""},
		{"counting", action.Undo, carol, "declined", ""},
		{"counting", action.Undo, dave, "cancelled", no},
		{"counting", action.Stop, ana, "declined", ""},
		{"counting", action.CancelMany, carol, "cancelled", "lready"},
		{"counting", action.Review, carol, "cancelled", "lready"},
		{"counting", action.Back, carol, "cancelled", "lready"},
		{"counting", action.Keep, ana, "cancelled", "lready"},

		{"under way", action.Undo, ana, "failed", late}, // the calls get no answer, and aren't repeated
		{"under way", action.Stop, ana, "failed", late},
		{"under way", action.Keep, ana, "calling", "lready"},
		{"under way", action.CancelMany, ana, "calling", "lready"},

		{"waiting", action.Stop, ana, "declined", ""},
		{"waiting", action.Stop, carol, "declined", ""},
		{"waiting", action.Stop, dave, "calling", no},
		{"waiting", action.Undo, ana, "declined", ""},

		{"cancelled", action.Undo, ana, "cancelled", late},
		{"cancelled", action.Stop, ana, "cancelled", late},
		{"cancelled", action.CancelMany, ana, "cancelled", answered},
		{"cancelled", action.Review, ana, "cancelled", answered},
		{"cancelled", action.Keep, ana, "cancelled", answered},
		{"cancelled", action.CheckAgain, ana, "cancelled", "The outcome is known now"},

		{"unknown", action.CheckAgain, ana, "unknown", "still not known"},
		{"unknown", action.CheckAgain, dave, "unknown", "still not known"},
		{"unknown", action.CancelMany, ana, "unknown", answered},
		{"unknown", action.Undo, ana, "unknown", late},

		{"kept", action.Review, ana, "declined", answered},
		{"kept", action.CancelMany, carol, "declined", answered},
		{"kept", action.Keep, ana, "declined", answered},
		{"expired", action.Review, ana, "expired", "This card has expired"},
		{"expired", action.CancelMany, ana, "expired", "This card has expired"},
		{"expired", action.Keep, ana, "expired", "This card has expired"},
	} {
		t.Run(strings.Join([]string{row.stage, row.action, row.who}, "/"), func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(ana, both)
				stages()[row.stage](h, id)
				sent := slices.Clone(h.Service.Sent())
				edits := len(h.Chat.Texts("update", steptest.Channel+"/1"))
				h.Presses(row.who, row.action, id, func(in *step.Envelope) {
					in.Selected = map[string][]string{"pick_meetings": {"0", "1"}}
					onPage(h.Stored(id).Batch.Revision)(in)
				})
				h.Pass(30 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				h.WantSaid(row.who, row.told, "")
				if row.told == "" && len(h.Chat.Texts("update", steptest.Channel+"/1")) == edits {
					t.Error("the press got no answer: the card was not drawn")
				}
				if row.stage != "second page" && row.stage != "counting" && row.stage != "waiting" && !slices.Equal(h.Service.Sent(), sent) {
					t.Errorf("sent %q after %q", h.Service.Sent(), sent)
				}
			})
		})
	}
}

// TestUnknownSettles: an unknown outcome of one of two is reported once, and corrected in
// place once it is known. Nobody is told twice.
func TestUnknownSettles(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		carried bool // the unanswered call took effect
		want    string
		parts   string
		card    string
	}{
		{"carried out", true, "cancelled", "cancelled cancelled", "2 meetings"},
		{"no effect", false, "failed", "failed failed", "none of the 2 meetings was cancelled"},
	} {
		for _, how := range []string{"by a press", "automatically"} {
			t.Run(row.name+", "+how, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
					id := h.Types(steptest.Ana, both)
					h.Service.Set(func(s *steptest.Service) { s.TakesEffect = row.carried })
					stages()["unknown"](h, id)
					if got := parts(t, h, id); got != "unknown unknown" {
						t.Errorf("the parts are %q", got)
					}
					if said := h.Chat.InThread(); strings.Contains(said, "were cancelled by") {
						t.Errorf("the thread says %q while the outcome is unknown", said)
					}
					sent := len(h.Service.Sent())
					h.Service.Set(func(s *steptest.Service) { s.OnCall, s.ReadErrors = nil, nil })
					h.Chat.Slow("dm", time.Second) // both settle before the owner has the message
					told := len(h.Chat.Texts("dm", steptest.Carol))
					if how == "by a press" {
						h.Presses(steptest.Dave, action.CheckAgain, id, onPage(0))
						h.Pass(10 * time.Second)
					} else {
						h.Pass(10 * time.Minute)
					}
					if got := parts(t, h, id); got != row.parts || steptest.Outcome(h.Stored(id)) != row.want {
						t.Errorf("the request is %s, its parts %q; want %s, %q", steptest.Outcome(h.Stored(id)), got, row.want, row.parts)
					}
					if card := h.Chat.Texts("update", steptest.Channel+"/1"); !slices.ContainsFunc(card, func(s string) bool { return strings.Contains(s, row.card) }) {
						t.Errorf("the card says %q, want %q", h.Chat.Card(), row.card)
					}
					if len(h.Service.Sent()) != sent {
						t.Errorf("sent %q: a call was repeated blindly", h.Service.Sent())
					}
					if n := len(h.Chat.Texts("reply", steptest.Channel+"/1")); n != 1 {
						t.Errorf("the thread has %d replies, want one", n)
					}
					if n := len(h.Chat.Texts("dm", steptest.Carol)); n > 1 || row.carried && n != 1 {
						t.Errorf("the owner has %d messages, %d of them before it was known: %q", n, told, h.Chat.Texts("dm", steptest.Carol))
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestCheckedWhileOneSettles: one of two unknown outcomes has been settled, and the card doesn't
// show it yet, when a person checks again. They are told about the other alone.
func TestCheckedWhileOneSettles(t *testing.T) {
	t.Parallel()
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		stages()["unknown"](h, id)
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			all, err := tx.Requests.Parts(h.Context(), id)
			if err == nil {
				all[0].Outcome = cancellation.Cancelled
				err = tx.Requests.Save(h.Context(), &all[0])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Presses(steptest.Dave, action.CheckAgain, id, onPage(0))
		h.WantSaid(steptest.Dave, "For 1 of the meetings, it is still not known whether it was cancelled", "")
	})
}

// TestPagesFail: what Slack does while a page is turned → in the end the card is on that
// page, and its button counts.
func TestPagesFail(t *testing.T) {
	t.Parallel()
	for name, errs := range map[string][]error{
		"everything works": nil, "busy": {bot.ErrThrottled, bot.ErrThrottled, nil}, "down": {bot.ErrUnavailable, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, both)
				h.Chat.Fail("update", errs...)
				h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
				h.Pass(20 * time.Second)
				b := h.Stored(id).Batch
				if !b.Review {
					t.Error("the card is on its first page")
				}
				drawn := h.Chat.Shown("update", steptest.Channel+"/1")
				if want := fmt.Sprintf("page:%d:", b.Revision); len(drawn) == 0 || !strings.Contains(drawn[len(drawn)-1], want) {
					t.Errorf("the card was drawn %d times, want the current page at last (revision %d): %q", len(drawn), b.Revision, h.Chat.Texts("respond", steptest.Ana))
				}
				h.Presses(steptest.Ana, action.CancelMany, id, onPage(b.Revision))
				h.Pass(30 * time.Second)
				if got := parts(t, h, id); got != "cancelled cancelled" {
					t.Errorf("the parts are %q", got)
				}
				h.WantIdle()
			})
		})
	}
}
