package home_test

import (
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

// clicks makes a person click a button in their Home and waits for the immediate effects.
func clicks(h *steptest.Fixture, who, button string, value cancellation.ID) cancellation.ID {
	in := &step.Envelope{Person: who, Home: true, Action: button, Request: value, Started: cancellation.NewID()}
	h.Arrive(step.HomeClickStep, in)
	h.Pass(2 * time.Second)
	return in.Started
}

// dms returns all direct messages to a person, cards included.
func dms(h *steptest.Fixture, who string) string { return strings.Join(h.Chat.Texts("dm", who), "\n") }

// TestShowCard checks who gets a copy of a card from Home, by the question's state, and what
// the others are told. The question itself doesn't change.
func TestShowCard(t *testing.T) {
	t.Parallel()
	in := func(s cancellation.State) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			r.State, r.ConfirmedBy, r.ConfirmedAt = s, steptest.Ana, time.Now()
			if s == cancellation.Done {
				r.Outcome, r.ClosedAt = cancellation.Cancelled, time.Now()
			}
		}
	}
	toCarol := func(r *cancellation.Request) {
		r.For, r.Asker = steptest.Carol, steptest.Dave
		r.Card = cancellation.Card{Channel: "D1", TS: "1", Way: cancellation.ByDirect}
	}
	closed := steptest.SlackError(t, "user_disabled")
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		given func(*steptest.Fixture)
		pass  time.Duration
		who   string
		value cancellation.ID // of the button; empty: the request's id
		copy  bool
		told  string
		want  string
	}{
		{name: "asked, by a person who may", who: steptest.Bob, copy: true, want: "asked"},
		{name: "asked, by the owner", who: steptest.Carol, copy: true, want: "asked"},
		{name: "asked, by the asker", who: steptest.Ana, copy: true, want: "asked"},
		{name: "asked, by others", who: steptest.Dave, told: "can't answer this card", want: "asked"},
		{name: "asked, too late", pass: 16 * time.Minute, who: steptest.Bob, told: "has expired", want: "expired"},
		{name: "second person required", given: func(h *steptest.Fixture) { h.Access.Second = cancellation.SecondAlways }, who: steptest.Ana, told: "someone else who may", want: "asked"},
		{name: "second person required, by another person", given: func(h *steptest.Fixture) { h.Access.Second = cancellation.SecondAlways }, who: steptest.Bob, copy: true, want: "asked"},
		{name: "confirmed", about: in(cancellation.Confirmed), who: steptest.Bob, told: "lready", want: "confirmed"},
		{name: "under way", about: in(cancellation.Calling), who: steptest.Bob, told: "lready", want: "calling"},
		{name: "done", about: in(cancellation.Done), who: steptest.Bob, told: "lready", want: "cancelled"},
		{name: "kept", about: in(cancellation.Declined), who: steptest.Bob, told: "lready", want: "declined"},
		{name: "expired", about: in(cancellation.Expired), who: steptest.Bob, told: "has expired", want: "expired"},
		{name: "replaced", about: in(cancellation.Superseded), who: steptest.Bob, told: "newer card", want: "superseded"},
		{name: "put to the owner, by the owner", about: toCarol, who: steptest.Carol, told: "already an open card", want: "asked"},
		{name: "put to the owner, by a person who may cancel any", about: toCarol, who: steptest.Bob, told: "no longer works", want: "asked"},
		{name: "put to the owner, by the asker", about: toCarol, who: steptest.Dave, told: "no longer works", want: "asked"},
		{name: "an unknown card", who: steptest.Bob, value: "nothing", told: "no longer works", want: "asked"},
		{name: "a guest", given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Bob, func(p *bot.Person) { p.Guest = true })
		}, who: steptest.Bob, told: "Guests can't", want: "asked"},
		{name: "the person can't be looked up for a moment", given: func(h *steptest.Fixture) {
			h.Chat.Fail("person", bot.ErrUnavailable, nil)
		}, who: steptest.Bob, copy: true, want: "asked"},
		{name: "messages fail for a moment", given: func(h *steptest.Fixture) {
			h.Chat.Fail("dm", bot.ErrThrottled, bot.ErrUnavailable, nil)
		}, who: steptest.Bob, copy: true, want: "asked"},
		{name: "the person can't be messaged", given: func(h *steptest.Fixture) { h.Chat.Fail("dm", closed) }, who: steptest.Bob, want: "asked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				opens(t, h, row.who, "")
				if row.given != nil {
					row.given(h)
				}
				h.Pass(row.pass)
				value := id
				if row.value != "" {
					value = row.value
				}
				clicks(h, row.who, action.HomeCard, value)
				h.Pass(30 * time.Second)
				r, said := h.Stored(id), dms(h, row.who)
				if got := steptest.Outcome(r); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if got := len(r.Copies) == 1; got != row.copy || len(r.Copies) > 1 {
					t.Errorf("it has the copies %+v, want one: %t", r.Copies, row.copy)
				}
				if n := len(h.Chat.Texts("dm", row.who)); row.copy && n != 1 {
					t.Errorf("%s has %d messages, want the copy", row.who, n)
				}
				if !strings.Contains(said, row.told) || !row.copy && row.told == "" && said != "" {
					t.Errorf("%s was told %q, want %q in it", row.who, said, row.told)
				}
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestCopies checks that a click on a card or its copy counts for both, and that both end in
// the same state.
func TestCopies(t *testing.T) {
	t.Parallel()
	const copied = "D" + steptest.Bob + "/1"
	onCopy := func(in *step.Envelope) {
		in.Channel, in.Message = "D"+steptest.Bob, bot.MessageRef{Channel: "D" + steptest.Bob, TS: "1"}
	}
	for _, row := range []struct {
		name  string
		event func(h *steptest.Fixture, id cancellation.ID)
		both  string
		want  string
	}{
		{"cancelled on the card", func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Ana, action.Cancel, id, nil) }, "was cancelled by", "cancelled"},
		{"cancelled on the copy", func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Bob, action.Cancel, id, onCopy) }, "was cancelled by", "cancelled"},
		{"kept on the copy", func(h *steptest.Fixture, id cancellation.ID) { h.Presses(steptest.Bob, action.Keep, id, onCopy) }, "Nothing was changed", "declined"},
		{"expired", func(h *steptest.Fixture, _ cancellation.ID) {
			h.Pass(16 * time.Minute)
			h.Sweeper.Round(h.Context())
		}, "Nobody answered in time", "expired"},
		{"changed", func(h *steptest.Fixture, id cancellation.ID) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
			h.Presses(steptest.Bob, action.Cancel, id, onCopy)
		}, "", "superseded"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				opens(t, h, steptest.Bob, "")
				clicks(h, steptest.Bob, action.HomeCard, id)
				row.event(h, id)
				h.Pass(30 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				said := h.Chat.Texts("update", copied)
				if len(said) == 0 {
					t.Fatal("the copy was not edited")
				}
				if last := said[len(said)-1]; !strings.Contains(last, row.both) || !strings.Contains(h.Chat.Card(), row.both) {
					t.Errorf("the copy says %q and the card %q, want %q in both", last, h.Chat.Card(), row.both)
				}
				h.WantIdle()
			})
		})
	}
}

// TestAskInHome checks that clicking a listed meeting posts a card in the person's direct
// messages, or what they are told instead.
func TestAskInHome(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		number string // the single meeting
		given  func(*steptest.Fixture)
		value  cancellation.ID // of the button; empty: the listed one
		before int             // earlier clicks
		want   string          // state or outcome of the started request; empty: there is none
		card   string          // the card's text
		told   string
	}{
		{name: "planned", want: "asked", card: "Budget review"},
		{name: "running", given: steptest.Starts(steptest.Number), want: "asked", card: "Budget review"},
		{name: "a series", number: steptest.Weekly, want: "asked", card: "Weekly"},
		{name: "an unlisted button", value: "nothing", told: "out of date"},
		{name: "gone since", given: func(h *steptest.Fixture) { h.Service.Remove(steptest.Number) }, want: "gone", told: "not among the upcoming"},
		{name: "ended since", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.State = meetingapi.Ended })
		}, want: "gone", told: "has already ended"},
		{name: "another owner since", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner = meetingapi.Owner{Name: "Dave", UUID: "uuid-dave"} })
		}, want: "refused", told: "can't cancel"},
		{name: "the service is away", given: steptest.Unreadable, want: "failed", told: "could not be looked up"},
		{name: "too soon", given: func(h *steptest.Fixture) { h.Access.LeadTime = 72 * time.Hour }, want: "refused", told: "starts in less than"},
		{name: "Slack goes down after the question has begun", given: func(h *steptest.Fixture) {
			h.Chat.Fail("reply", bot.ErrUnavailable, nil)
			h.Chat.Fail("person", nil, bot.ErrUnavailable, bot.ErrUnavailable, bot.ErrUnavailable, nil)
		}, want: "asked", card: "Budget review"},
		{name: "again", before: 1, want: "refused", told: "already an open card"},
		{name: "more than five a minute", before: 5, told: "a lot of requests"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				opens(t, h, steptest.Carol, "")
				stored, err := h.Store.Homes.Get(h.Context(), steptest.Carol)
				if err != nil {
					t.Fatal(err)
				}
				value, number := row.value, row.number
				if number == "" {
					number = steptest.Number
				}
				for _, l := range stored.Listed {
					if l.Meeting == number && row.value == "" {
						value = l.ID
					}
				}
				if row.given != nil {
					row.given(h)
				}
				for range row.before {
					clicks(h, steptest.Carol, action.HomeMeeting, value)
				}
				id := clicks(h, steptest.Carol, action.HomeMeeting, value)
				h.Pass(20 * time.Second)
				r, err := h.Store.Requests.Get(h.Context(), id)
				if got := steptest.Outcome(r); err == nil && got != row.want || err != nil && row.want != "" {
					t.Errorf("the request is %s (%v), want %s", got, err, row.want)
				}
				if cards := strings.Join(h.Chat.Texts("reply", "D1"), "\n"); (row.before == 0 && (cards == "") != (row.card == "")) || !strings.Contains(cards, row.card) {
					t.Errorf("the card says %q, want %q in it", cards, row.card)
				}
				if said := dms(h, steptest.Carol); !strings.Contains(said, row.told) || row.told == "" && said != "" {
					t.Errorf("Carol was told %q, want %q in it", said, row.told)
				}
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestNeverOpened checks that a click claiming to come from a Home that was never drawn does
// nothing.
func TestNeverOpened(t *testing.T) {
	t.Parallel()
	for _, button := range []string{action.HomeCard, action.HomeMeeting} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			id := h.Insert(steptest.Number, nil)
			started := clicks(h, steptest.Bob, button, id)
			if said := dms(h, steptest.Bob); !strings.Contains(said, "no longer works") {
				t.Errorf("%s: Bob was told %q", button, said)
			}
			if _, err := h.Store.Requests.Get(h.Context(), started); err == nil || len(h.Stored(id).Copies) > 0 {
				t.Errorf("%s: it had an effect (%v)", button, err)
			}
		})
	}
}
