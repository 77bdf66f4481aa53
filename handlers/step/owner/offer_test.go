package owner_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
	"meetingbot/meetingapi"
)

// typesAndClicks are the ways to be refused: by a command, and by a click on another
// person's card.
func typesAndClicks() map[string]func(*steptest.Fixture) {
	return map[string]func(*steptest.Fixture){
		"typed": func(h *steptest.Fixture) { h.Types(steptest.Dave, steptest.Number) },
		"clicked": func(h *steptest.Fixture) {
			h.Presses(steptest.Dave, action.Cancel, h.Insert(steptest.Number, nil), nil)
		},
	}
}

// TestOffer checks when a person who may not cancel is offered to ask the owner. They learn
// the number and whose meeting it is, but not the subject.
func TestOffer(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		given  func(*steptest.Fixture)
		offers bool
		told   string
		cant   bool // the owner can't cancel either
	}{
		{name: "an owner in Slack", offers: true, told: "can't"},
		{name: "ASK_OWNER is off", given: func(h *steptest.Fixture) { h.Access.Questions = false }, told: "can't"},
		{name: "an owner who is not in Slack", given: func(h *steptest.Fixture) { h.Chat.Leave(steptest.Carol) }, told: "can't", cant: true},
		{name: "an owner who has left", given: steptest.Person(steptest.Carol, func(p *bot.Person) { p.Deleted = true }), told: "can't", cant: true},
		{name: "an owner who is a guest", given: steptest.Person(steptest.Carol, func(p *bot.Person) { p.Guest = true }), told: "can't", cant: true},
		{name: "an owner of another workspace", given: steptest.Person(steptest.Carol, func(p *bot.Person) { p.Team = "T0FAR" }), told: "can't", cant: true},
		{name: "an unknown owner", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner = meetingapi.Owner{} })
		}, told: "can't"},
		{name: "too close to the start, for the owner too", given: func(h *steptest.Fixture) { h.Access.LeadTime = 72 * time.Hour }, told: "can't", cant: true},
		{name: "the owner has muted the asker", given: func(h *steptest.Fixture) {
			h.Presses(steptest.Carol, action.Mute, asked(h, "please"), func(in *step.Envelope) { in.Message.Channel = "D" + steptest.Carol })
		}, told: "can't"},
		{name: "the owner has been asked", given: func(h *steptest.Fixture) { asked(h, "please") }, told: "has already been asked"},
		{name: "a guest", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Guest = true }), told: "Guests"},
		{name: "in a channel not allowed", given: func(h *steptest.Fixture) { h.Access.Channels = []string{"C0OPS"} }, told: "doesn't work in this conversation"},
	} {
		for way, does := range typesAndClicks() {
			t.Run(row.name+", "+way, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, questions, func(h *steptest.Fixture) {
					if row.given != nil {
						row.given(h)
					}
					before := len(h.Chat.Texts("respond", steptest.Dave))
					does(h)
					said := strings.Join(h.Chat.Texts("respond", steptest.Dave)[before:], "\n")
					if h.Chat.Shows(steptest.Dave, steptest.Button(action.AskOwner)) != row.offers || !strings.Contains(said, row.told) {
						t.Errorf("Dave was told %q, offered to ask: %t; want %q, %t", said, !row.offers, row.told, row.offers)
					}
					if strings.Contains(said, "Budget") || !strings.Contains(said, "914 087 436") && row.told == "can't" {
						t.Errorf("Dave was told %q, want the number and not the subject", said)
					}
					if row.cant && strings.Contains(said, "Its owner can") {
						t.Errorf("Dave was referred to an owner who would be refused too: %q", said)
					}
					h.WantCalls()
				})
			})
		}
	}
}

// TestModal checks when the button that asks the owner opens its modal.
func TestModal(t *testing.T) {
	t.Parallel()
	refused := func(h *steptest.Fixture) cancellation.ID { return h.Types(steptest.Dave, steptest.Number) }
	card := func(change func(*cancellation.Request)) func(*steptest.Fixture) cancellation.ID {
		return func(h *steptest.Fixture) cancellation.ID { return h.Insert(steptest.Number, change) }
	}
	for _, row := range []struct {
		name  string
		of    func(*steptest.Fixture) cancellation.ID
		who   string
		fails error
		opens int32
		told  string
	}{
		{name: "the refused person", of: refused, who: steptest.Dave, opens: 1},
		{name: "another person", of: refused, who: steptest.Bob, told: "no longer works"},
		{name: "on a card", of: card(nil), who: steptest.Dave, opens: 1},
		{name: "on an answered card", of: card(func(r *cancellation.Request) { r.State = cancellation.Declined }), who: steptest.Dave, opens: 1}, // checked on submission
		{name: "on a question", of: card(func(r *cancellation.Request) { r.For = steptest.Carol }), who: steptest.Dave, told: "no longer works"},
		{name: "on a card about several", of: card(func(r *cancellation.Request) { r.Batch = &cancellation.Batch{} }), who: steptest.Dave, told: "no longer works"},
		{name: "on a part", of: card(func(r *cancellation.Request) { r.Parent = "whole" }), who: steptest.Dave, told: "no longer works"},
		{name: "Slack refuses", of: refused, who: steptest.Dave, fails: steptest.SlackError(t, "expired_trigger_id"), told: "can't be done just now"},
		{name: "over the rate limit", of: func(h *steptest.Fixture) cancellation.ID {
			id := refused(h)
			for range 4 {
				h.Types(steptest.Dave, "914000000")
			}
			return id
		}, who: steptest.Dave, told: "a lot of requests"},
		{name: "asked already", of: func(h *steptest.Fixture) cancellation.ID {
			id := refused(h)
			h.Presses(steptest.Dave, action.ModalAskOwner, id, submits(cancellation.NewID(), "flooded"))
			return id
		}, who: steptest.Dave, told: "already been asked"},
		{name: "ASK_OWNER turned off since", of: func(h *steptest.Fixture) cancellation.ID {
			id := refused(h)
			h.Access.Questions = false
			return id
		}, who: steptest.Dave, told: "can't cancel"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				id := row.of(h)
				before := len(h.Chat.Texts("respond", row.who))
				if row.fails != nil {
					h.Chat.Fail("modal", row.fails)
				}
				h.Presses(row.who, action.AskOwner, id, nil)
				said := strings.Join(h.Chat.Texts("respond", row.who)[before:], "\n")
				if h.Chat.Modals.Load() != row.opens || !strings.Contains(said, row.told) || row.told == "" && said != "" {
					t.Errorf("%d modals, and %s was told %q; want %d, %q", h.Chat.Modals.Load(), row.who, said, row.opens, row.told)
				}
				h.Pass(10 * time.Second)
				h.WantIdle()
			})
		})
	}
}

// TestOfferRetried checks that the refusal keeps its button if the database fails at first
// when asked whether the owner may be asked.
func TestOfferRetried(t *testing.T) {
	t.Parallel()
	for way, does := range typesAndClicks() {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, questions, func(h *steptest.Fixture) {
				h.DB.Next("FROM mute", dbfault.Refuse, 1)
				does(h)
				h.Pass(20 * time.Second)
				if said := h.Chat.Texts("respond", steptest.Dave); len(said) != 1 || !h.Chat.Shows(steptest.Dave, steptest.Button(action.AskOwner)) {
					t.Errorf("Dave was told %q, want once that he may ask", said)
				}
				h.WantIdle()
			})
		})
	}
}

// TestOfferIsNoCard: a refusal that reached the person as a direct message isn't a copy of the
// card they pressed, and must not be drawn over.
func TestOfferIsNoCard(t *testing.T) {
	t.Parallel()
	steptest.Run(t, questions, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Presses(steptest.Dave, action.ModalAskOwner, id, submits(cancellation.NewID(), "flooded"))
		h.Presses(steptest.Dave, action.AskOwner, id, func(in *step.Envelope) {
			in.Channel, in.Message = "D"+steptest.Dave, bot.MessageRef{Channel: "D" + steptest.Dave, TS: "9"}
		})
		if r := h.Stored(id); len(r.Copies) > 0 {
			t.Errorf("the card has the copies %+v", r.Copies)
		}
	})
}
