package press_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// takeBack ends Carol's delegation to Dave.
func takeBack(t *testing.T, h *steptest.Fixture) {
	t.Helper()
	err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
		d, err := tx.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
		if err != nil {
			return err
		}
		return tx.Delegations.End(h.Context(), d.ID)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestClickByDelegation checks whether a click by the receiver of a delegation counts, and that
// the giver is told of every use.
func TestClickByDelegation(t *testing.T) {
	t.Parallel()
	turnedOff := func(h *steptest.Fixture) { h.Rules.DelegationMax, h.Access.Delegated = 0, nil }
	for _, row := range []struct {
		name   string
		given  func(*steptest.Fixture)
		about  func(*cancellation.Request)
		who    string
		action string
		want   string
		sent   int
		told   string
		used   bool
	}{
		{name: "cancel", who: steptest.Dave, action: action.Cancel, want: "cancelled", sent: 1, used: true},
		{name: "keep", who: steptest.Dave, action: action.Keep, want: "declined"},
		{name: "cancel, without a delegation", who: "U0EVE", given: func(h *steptest.Fixture) {
			h.Chat.Join(bot.Person{ID: "U0EVE", Team: steptest.Team, Email: "eve@example.com"})
		}, action: action.Cancel, want: "asked", told: "can't answer this card"},
		{name: "taken back", given: func(h *steptest.Fixture) { takeBack(t, h) }, who: steptest.Dave, action: action.Cancel, want: "asked", told: "can't answer this card"},
		{name: "expired", given: func(h *steptest.Fixture) { h.Suspend(50 * time.Hour) }, who: steptest.Dave, action: action.Cancel, want: "asked", told: "can't answer this card"},
		{name: "turned off", given: turnedOff, who: steptest.Dave, action: action.Cancel, want: "asked", told: "can't answer this card"},
		{name: "the receiver is deactivated", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Deleted = true }), who: steptest.Dave, action: action.Cancel, want: "asked", told: "Deactivated accounts"},
		{name: "the receiver is a guest now", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Guest = true }), who: steptest.Dave, action: action.Cancel, want: "asked", told: "Guests"},
		{name: "the giver is deactivated", given: steptest.Person(steptest.Carol, func(p *bot.Person) { p.Deleted = true }), who: steptest.Dave, action: action.Cancel, want: "asked", told: "can't answer this card"},
		{name: "too close to the start", given: func(h *steptest.Fixture) { h.Access.LeadTime = 72 * time.Hour }, who: steptest.Dave, action: action.Cancel, want: "asked", told: "close to the start"},
		{name: "by another right", given: func(h *steptest.Fixture) { h.Access.Users = append(h.Access.Users, steptest.Dave) }, who: steptest.Dave, action: action.Cancel, want: "cancelled", sent: 1},
		{name: "the asker, where another must", given: func(h *steptest.Fixture) { h.Access.Second = cancellation.SecondAlways }, about: func(r *cancellation.Request) { r.Asker = steptest.Dave }, who: steptest.Dave, action: action.Cancel, want: "asked", told: "someone else"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) { h.AllowDelegation(48 * time.Hour) }, func(h *steptest.Fixture) {
				steptest.Delegates(h)
				if row.given != nil {
					row.given(h)
				}
				id := h.Insert(steptest.Number, row.about)
				before := len(h.Chat.Texts("dm", steptest.Carol))
				h.Presses(row.who, row.action, id, nil)
				h.Pass(10 * time.Second)
				r := h.Stored(id)
				if got := steptest.Outcome(r); got != row.want || len(h.Service.Sent()) != row.sent || (r.Delegation != "") != row.used {
					t.Errorf("it is %s after %q, by delegation %q; want %s, by delegation: %t", got, h.Service.Sent(), r.Delegation, row.want, row.used)
				}
				h.WantSaid(row.who, row.told, "")
				if got := strings.Contains(h.Trail(), string(store.EventDelegationUsed)); got != row.used {
					t.Errorf("the trail is %q", h.Trail())
				}
				if told := h.Chat.Texts("dm", steptest.Carol)[before:]; (len(told) > 0) != (row.sent > 0) {
					t.Errorf("the giver was told %q", told)
				}
			})
		})
	}
}

// TestOfferDelegation checks when an answered card offers the owner to delegate to the asker.
func TestOfferDelegation(t *testing.T) {
	t.Parallel()
	asker := func(who string) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.Asker = who }
	}
	for _, row := range []struct {
		name   string
		before func(*steptest.Fixture) // the fixture starts
		given  func(*steptest.Fixture)
		about  func(*cancellation.Request)
		who    string
		action string
		want   bool

		overtaken bool // the request is saved after the click has read it
	}{
		{name: "the owner cancels", about: asker(steptest.Dave), who: steptest.Carol, action: action.Cancel, want: true},
		{name: "the owner keeps it", about: asker(steptest.Dave), who: steptest.Carol, action: action.Keep, want: true},
		{name: "the owner cancels at once", about: asker(steptest.Dave), who: steptest.Carol, action: action.Cancel, want: true, overtaken: true},
		{name: "the owner keeps it at once", about: asker(steptest.Dave), who: steptest.Carol, action: action.Keep, want: true, overtaken: true},
		{name: "another person who may", about: asker(steptest.Dave), who: steptest.Bob, action: action.Cancel},
		{name: "the owner is the asker", about: asker(steptest.Carol), who: steptest.Carol, action: action.Cancel},
		{name: "the asker may cancel any", about: asker(steptest.Ana), who: steptest.Carol, action: action.Cancel},
		{name: "already delegated", given: steptest.Delegates, about: asker(steptest.Dave), who: steptest.Carol, action: action.Cancel},
		{name: "delegations turned off", before: func(h *steptest.Fixture) { h.Rules.DelegationMax = 0 }, about: asker(steptest.Dave), who: steptest.Carol, action: action.Cancel},
		{name: "the asker is a guest", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Guest = true }), about: asker(steptest.Dave), who: steptest.Carol, action: action.Cancel},
		{name: "the asker has left", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Deleted = true }), about: asker(steptest.Dave), who: steptest.Carol, action: action.Cancel},
		{name: "the asker is unknown", about: asker("U0NOBODY"), who: steptest.Carol, action: action.Cancel},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) {
				h.AllowDelegation(48 * time.Hour)
				for _, name := range []bot.UserID{steptest.Ana, steptest.Dave, steptest.Carol} {
					steptest.Person(name, func(p *bot.Person) { p.Name = "Name of " + string(name) })(h)
				}
				if row.before != nil {
					row.before(h)
				}
			}, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
				}
				id := h.Insert(steptest.Number, row.about)
				h.Overtaken(&step.Envelope{Person: row.who, Channel: steptest.Channel, Action: row.action, Request: id}, func() {
					if row.overtaken { // the card's place is recorded
						r := h.Stored(id)
						if err := h.Store.Do(h.Context(), func(tx *store.Tx) error { return tx.Requests.Save(h.Context(), &r) }); err != nil {
							t.Error(err)
						}
					}
				})
				h.Pass(2 * time.Second)
				r := h.Stored(id)
				if !r.State.Final() || (r.OfferDelegationTo != "") != row.want || row.want && r.OfferDelegationTo != "Name of "+steptest.Dave {
					t.Errorf("it is %s, offering to delegate to %q, want an offer: %t", steptest.Outcome(r), r.OfferDelegationTo, row.want)
				}
			})
		})
	}
}

// stale is a reading of a delegation from before it ended, until refreshed is set.
type stale struct{ refreshed atomic.Bool }

func (s *stale) Delegated(context.Context, bot.UserID, bot.UserID) (bool, error) {
	return !s.refreshed.Load(), nil
}

// TestRevokedDuringClick checks that a delegation which ends while a click is being checked
// no longer allows it.
func TestRevokedDuringClick(t *testing.T) {
	t.Parallel()
	for _, end := range []func(*steptest.Fixture){
		func(h *steptest.Fixture) { takeBack(t, h) },
		func(h *steptest.Fixture) { h.Suspend(50 * time.Hour) }, // it expires
	} {
		read := &stale{}
		steptest.Run(t, func(h *steptest.Fixture) { h.AllowDelegation(48 * time.Hour); h.Access.Delegated = read.Delegated }, func(h *steptest.Fixture) {
			steptest.Delegates(h)
			end(h)
			id := h.Insert(steptest.Number, nil)
			h.Press(steptest.Dave, action.Cancel, id, nil)
			h.Pass(100 * time.Millisecond)
			read.refreshed.Store(true)
			h.Pass(20 * time.Second)
			if r := h.Stored(id); r.State != cancellation.Asked || r.Delegation != "" || !h.Chat.WasTold(steptest.Dave, "can't answer this card") {
				t.Errorf("it is %s, Dave was told %q", steptest.Outcome(r), h.Chat.Texts("respond", steptest.Dave))
			}
			h.WantCalls()
		})
	}
}
