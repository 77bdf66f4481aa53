package press_test

import (
	"cmp"
	"slices"
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

// TestReason checks what is recorded of a reason submitted in the modal, and where the person
// sees it, by the state of the card.
func TestReason(t *testing.T) {
	t.Parallel()
	refused := []error{steptest.SlackError(t, "message_not_found")}
	for _, row := range []struct {
		name   string
		about  func(*cancellation.Request)
		given  func(*steptest.Fixture)
		before time.Duration
		who    string
		reason string
		want   string // recorded
		trail  string
		told   string // empty: only the card changes
		drawn  bool
	}{
		{name: "by the asker", who: steptest.Ana, reason: "no  room\n today", want: "no room today", trail: "reason", drawn: true},
		{name: "by the owner", who: steptest.Carol, reason: "no room", want: "no room", trail: "reason", drawn: true},
		{name: "by a person who may not", who: steptest.Dave, reason: "no room", told: "can't answer this card"},
		{name: "taken back", about: func(r *cancellation.Request) { r.Reason = "old" }, who: steptest.Ana, reason: " \n", want: "", trail: "reason", drawn: true},
		{name: "replacing another", about: func(r *cancellation.Request) { r.Reason = "old" }, who: steptest.Bob, reason: "new", want: "new", trail: "reason", drawn: true},
		{name: "too late", before: 16 * time.Minute, who: steptest.Ana, reason: "no room", told: "has expired"},
		{name: "Slack is away for a moment", given: func(h *steptest.Fixture) { h.Chat.Fail("update", bot.ErrUnavailable, nil) }, who: steptest.Ana, reason: "no room", want: "no room", trail: "reason", drawn: true},
		{name: "the card is gone", given: func(h *steptest.Fixture) { h.Chat.Fail("update", refused...) }, who: steptest.Ana, reason: "no room", want: "no room", trail: "reason", told: "Your reason is saved"},
		{name: "the card is gone, and another person's click redraws it", about: drawnBy(steptest.Bob, cancellation.ByMessage), given: func(h *steptest.Fixture) { h.Chat.Fail("update", refused...) }, who: steptest.Ana, reason: "no room", want: "no room", trail: "reason", told: "Your reason is saved"},
		{name: "only another person's click reaches the card", about: drawnBy(steptest.Bob, cancellation.ByResponse), who: steptest.Ana, reason: "no room", want: "no room", trail: "reason", told: "Your reason is saved"},
		{name: "only their own click reaches the card", about: drawnBy(steptest.Ana, cancellation.ByResponse), who: steptest.Ana, reason: "no room", want: "no room", trail: "reason"},
		{name: "the person can't be looked up", given: func(h *steptest.Fixture) { h.Chat.Fail("person", bot.ErrUnavailable) }, who: steptest.Ana, reason: "no room", told: "Try again"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				h.Pass(row.before)
				if row.given != nil {
					row.given(h)
				}
				h.Presses(row.who, action.ModalReason, id, func(in *step.Envelope) { in.Message, in.Channel, in.Reason = bot.MessageRef{}, "", row.reason })
				h.Pass(20 * time.Second)
				want := row.want
				if row.trail == "" && row.about != nil {
					want = "old"
				}
				if r := h.Stored(id); r.Reason != want || row.trail != "" && h.Trail() != row.trail {
					t.Errorf("recorded is %q, the trail is %q; want %q, %q", r.Reason, h.Trail(), want, row.trail)
				}
				h.WantSaid(row.who, row.told, "")
				if drawn := h.Chat.Texts("update", steptest.Channel+"/1"); row.before == 0 && (len(drawn) > 0) != row.drawn {
					t.Errorf("the card was drawn as %q, want it drawn: %t", drawn, row.drawn)
				}
				h.WantCalls()
			})
		})
	}
}

// drawnBy gives a card the response_url of a person's click.
func drawnBy(who string, way cancellation.Way) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.Card.Way = way
		r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/card", At: time.Now(), OfClick: true, By: who}
	}
}

// TestReasonForNewCard checks that a reason typed while the card changes goes to the request
// that took over the card, and that a repeated run doesn't overwrite a newer reason.
func TestReasonForNewCard(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
		h.Presses(steptest.Bob, action.Cancel, id, nil)
		late := &step.Envelope{Person: steptest.Ana, Action: action.ModalReason, Request: id, Reason: "no room", Response: "https://hooks.example.com/" + steptest.Ana}
		h.Chat.Fail("update", bot.ErrUnavailable)
		h.Arrive(step.ClickStep, late)
		h.Pass(time.Second)
		open, err := h.Store.Requests.OpenCards(h.Context(), steptest.Number)
		if err != nil || len(open) != 1 || open[0].Reason != "no room" || h.Stored(id).Reason != "" {
			t.Fatalf("the reason is on %+v (%v), want it on the new card", open, err)
		}
		h.Presses(steptest.Bob, action.ModalReason, open[0].ID, func(in *step.Envelope) { in.Message, in.Reason = bot.MessageRef{}, "flooded" })
		h.Chat.Recover()
		h.Pass(time.Minute)
		if r := h.Stored(open[0].ID); r.Reason != "flooded" {
			t.Errorf("the reason is %q, want the later one", r.Reason)
		}
		h.WantIdle()
	})
}

// TestReasonModal checks whether the modal opens, what the person sees if not, and what is
// recorded of the card before the modal is submitted.
func TestReasonModal(t *testing.T) {
	t.Parallel()
	way := func(w cancellation.Way, ts string) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.Card = cancellation.Card{Channel: steptest.Channel, TS: ts, Way: w} }
	}
	for _, row := range []struct {
		name   string
		about  func(*cancellation.Request)
		who    string
		hides  bool // Slack doesn't answer who people are
		fails  error
		told   string
		opened int32
		way    cancellation.Way
	}{
		{name: "a message", about: way(cancellation.ByMessage, "1"), opened: 1, way: cancellation.ByMessage},
		{name: "by response_url", about: way(cancellation.ByResponse, ""), opened: 1, way: cancellation.ByResponse},
		{name: "not recorded yet", about: way("", ""), opened: 1, way: cancellation.ByMessage},
		{name: "Slack refuses", about: way(cancellation.ByMessage, "1"), fails: steptest.SlackError(t, "expired_trigger_id"), told: "can't be done just now", way: cancellation.ByMessage},
		{name: "the owner", about: way(cancellation.ByMessage, "1"), who: steptest.Carol, opened: 1, way: cancellation.ByMessage},
		{name: "not allowed", about: way(cancellation.ByMessage, "1"), who: steptest.Dave, told: "can't answer this card", way: cancellation.ByMessage},
		{name: "not allowed, but can't be looked up", about: way(cancellation.ByMessage, "1"), who: steptest.Dave, hides: true, opened: 1, way: cancellation.ByMessage},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, row.about)
				if row.fails != nil {
					h.Chat.Fail("modal", row.fails)
				}
				if row.hides {
					h.Chat.Fail("person", bot.ErrUnavailable)
				}
				who := cmp.Or(row.who, steptest.Ana)
				h.Presses(who, action.AddReason, id, nil)
				if r := h.Stored(id); h.Chat.Modals.Load() != row.opened || r.Card.TS != "1" || r.Card.Way != row.way || r.State != cancellation.Asked {
					t.Errorf("%d modals; the request is %s, its card %+v", h.Chat.Modals.Load(), r.State, r.Card)
				}
				h.WantSaid(who, row.told, "")
				h.WantIdle()
			})
		})
	}
}

// TestTick checks which ticks a redrawn card shows. A tick gets no answer and decides
// nothing.
func TestTick(t *testing.T) {
	t.Parallel()
	tell := func(values ...string) func(*step.Envelope) {
		return func(in *step.Envelope) { in.Selected = map[string][]string{action.InputTell: values} }
	}
	earlier := func(f func(*step.Envelope)) func(*step.Envelope) {
		return func(in *step.Envelope) { f(in); in.At = time.Now().Add(-time.Minute) }
	}
	ticked := func(r *cancellation.Request) { r.Chosen, r.TickedAt = []string{"d2"}, time.Now() }
	for _, row := range []struct {
		name   string
		about  func(*cancellation.Request)
		given  func(*steptest.Fixture)
		who    string
		verb   string
		click  func(*step.Envelope)
		chosen []string
		tells  bool
	}{
		{name: "dates", who: steptest.Ana, verb: action.Inputs()[0], click: steptest.Ticks("2", "0"), chosen: []string{"d0", "d2"}},
		{name: "dates, by the owner", who: steptest.Carol, verb: action.Inputs()[0], click: steptest.Ticks("1"), chosen: []string{"d1"}},
		{name: "dates, by a person who may not", who: steptest.Dave, verb: action.Inputs()[0], click: steptest.Ticks("1")},
		{name: "dates, unticked", about: ticked, who: steptest.Ana, verb: action.Inputs()[0], click: steptest.Ticks()},
		{name: "dates, before the last stored tick", about: ticked, who: steptest.Ana, verb: action.Inputs()[0], click: earlier(steptest.Ticks("0")), chosen: []string{"d2"}},
		{name: "dates, when typed with the command", about: func(r *cancellation.Request) { r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1"} }, who: steptest.Ana, verb: action.Inputs()[0], click: steptest.Ticks("0"), chosen: []string{"d1"}},
		{name: "dates, when confirmed", about: func(r *cancellation.Request) { r.State = cancellation.Confirmed }, who: steptest.Ana, verb: action.Inputs()[0], click: steptest.Ticks("0")},
		{name: "rights can't be looked up", given: func(h *steptest.Fixture) { h.Chat.Fail("group", bot.ErrUnavailable) }, who: steptest.Dave, verb: action.Inputs()[0], click: steptest.Ticks("1")},
		{name: "tell the invited", who: steptest.Ana, verb: action.InputTell, click: tell(action.TellYes), tells: true},
		{name: "tell the invited, unticked", about: func(r *cancellation.Request) { r.Telling.Wanted = true }, who: steptest.Ana, verb: action.InputTell, click: tell()},
		{name: "tell the invited, turned off", given: func(h *steptest.Fixture) { h.Rules.TellInvited = cancellation.TellNever }, who: steptest.Ana, verb: action.InputTell, click: tell(action.TellYes)},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.Rules.TellInvited = cancellation.TellAsk }, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Weekly, row.about)
				state := h.Stored(id).State
				if row.given != nil {
					row.given(h)
				}
				h.Presses(row.who, row.verb, id, row.click)
				h.Pass(20 * time.Second)
				r := h.Stored(id)
				if !slices.Equal(r.Chosen, row.chosen) || r.Telling.Wanted != row.tells || r.State != state {
					t.Errorf("it is %s with %v, telling %t; want %s, %v, %t", r.State, r.Chosen, r.Telling.Wanted, state, row.chosen, row.tells)
				}
				h.WantSaid(row.who, "", "")
				if h.WantCalls(); h.Trail() != "" || strings.Contains(h.Chat.Card(), "?") {
					t.Errorf("the trail is %q, the card %q", h.Trail(), h.Chat.Card())
				}
				h.WantIdle()
			})
		})
	}
}
