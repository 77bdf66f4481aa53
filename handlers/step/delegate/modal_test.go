package delegate_test

import (
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

// TestOpen checks when the two buttons open the modal, and what the person is told otherwise.
// Opening it gives nothing.
func TestOpen(t *testing.T) {
	t.Parallel()
	late := steptest.SlackError(t, "expired_trigger_id")
	blank := func(h *steptest.Fixture) {
		if n, err := h.Store.Blank(h.Context(), h.Store.Now().Add(time.Second), 10); n != 1 || err != nil {
			t.Errorf("%d requests are blanked, %v, want 1", n, err)
		}
	}
	for _, row := range []struct {
		name   string
		who    string
		button string
		card   cancellation.ID // empty: a request about Carol's meeting, answered by her
		given  func(*steptest.Fixture)
		opens  bool
		told   string
	}{
		{name: "on the card, by the owner", who: steptest.Carol, button: action.Delegate, opens: true},
		{name: "on the card, by a person who may cancel any", who: steptest.Ana, button: action.Delegate, told: "Only the owner"},
		{name: "on the card, by others", who: steptest.Dave, button: action.Delegate, told: "Only the owner"},
		{name: "on an unknown card", who: steptest.Carol, button: action.Delegate, card: "nothing", told: "no longer works"},
		{name: "on a blanked card", who: steptest.Carol, button: action.Delegate, given: blank, told: "no longer works"},
		{name: "on the card, when the owner can't be looked up", who: steptest.Carol, button: action.Delegate, given: func(h *steptest.Fixture) {
			h.Service.Unknown = steptest.Failure(meetingapi.ClassUnavailable)
		}, opens: true}, // checked again on submission
		{name: "on the card, when it is given already", who: steptest.Carol, button: action.Delegate, given: func(h *steptest.Fixture) {
			give(h, cancellation.Delegation{Giver: steptest.Carol, Receiver: steptest.Ana, Until: time.Now().Add(day)})
		}, told: "<@U0ANA> can now cancel your meetings"},
		{name: "on the card, when it has run out", who: steptest.Carol, button: action.Delegate, given: func(h *steptest.Fixture) {
			give(h, cancellation.Delegation{Giver: steptest.Carol, Receiver: steptest.Ana, Until: time.Now().Add(-day)})
		}, opens: true},
		{name: "in Home", who: steptest.Carol, button: action.DelegateAdd, opens: true},
		{name: "in Home, by a person without meetings", who: steptest.Dave, button: action.DelegateAdd, opens: true},
		{name: "in Home, turned off", who: steptest.Carol, button: action.DelegateAdd, given: func(h *steptest.Fixture) { h.AllowDelegation(0) }, told: "turned off here"},
		{name: "on the card, turned off", who: steptest.Carol, button: action.Delegate, given: func(h *steptest.Fixture) { h.AllowDelegation(0) }, told: "turned off here"},
		{name: "too late for Slack", who: steptest.Carol, button: action.DelegateAdd, given: func(h *steptest.Fixture) { h.Chat.Fail("modal", late) }, told: "can't be done just now"},
		{name: "Slack is away", who: steptest.Carol, button: action.DelegateAdd, given: func(h *steptest.Fixture) { h.Chat.Fail("modal", bot.ErrUnavailable) }, told: "can't tell whether"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, 90*day, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.State, r.Outcome, r.ConfirmedBy, r.ClosedAt = cancellation.Done, cancellation.Cancelled, steptest.Carol, time.Now()
				})
				if row.card != "" {
					id = row.card
				}
				if row.given != nil {
					row.given(h)
				}
				in := &step.Envelope{Person: row.who, Action: row.button, Trigger: "t"}
				if row.button == action.Delegate {
					in.Request, in.Channel, in.Response = id, steptest.Channel, "https://hooks.example.com/"+row.who
				}
				h.Arrive(step.DelegateStep, in)
				h.Pass(5 * time.Second)
				if opened := h.Chat.Modals.Load() == 1; opened != row.opens {
					t.Errorf("%d modals were opened, want one: %t", h.Chat.Modals.Load(), row.opens)
				}
				if row.told != "" && !told(h, row.who, row.told) && !h.Chat.WasTold(row.who, row.told) {
					t.Errorf("%s was told %q, want %q", row.who, h.Chat.Texts("dm", row.who), row.told)
				}
				if got := h.Trail(); got != "" && got != "blanked" {
					t.Errorf("the trail says %q, want nothing about this", got)
				}
				h.WantIdle()
			})
		})
	}
}

// give stores a delegation.
func give(h *steptest.Fixture, d cancellation.Delegation) {
	d.ID, d.GivenAt = cancellation.NewID(), time.Now()
	_ = h.Store.Do(h.Context(), func(tx *store.Tx) error {
		_, err := tx.Delegations.Give(h.Context(), d)
		return err
	})
}

// TestOfferWithdrawn checks that the card doesn't go on offering what its owner has given.
func TestOfferWithdrawn(t *testing.T) {
	t.Parallel()
	for receiver, goes := range map[string]bool{steptest.Ana: true, steptest.Dave: false} {
		t.Run(receiver, func(t *testing.T) {
			t.Parallel()
			atNoon(t, 90*day, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, func(r *cancellation.Request) { // asked by Ana
					r.State, r.Outcome, r.ConfirmedBy, r.ClosedAt = cancellation.Done, cancellation.Cancelled, steptest.Carol, time.Now()
					r.OfferDelegationTo = "ana"
				})
				in := submits(receiver, "2026-12-08")
				in.Request = id
				h.Arrive(step.DelegateStep, in)
				h.Pass(5 * time.Second)
				cards := h.Chat.Shown("update", steptest.Channel+"/1")
				if gone := len(cards) > 0 && !strings.Contains(cards[len(cards)-1], steptest.Button(action.Delegate)); gone != goes {
					t.Errorf("the card was drawn as %q, want without its button: %t", cards, goes)
				}
				if offers := h.Stored(id).OfferDelegationTo != ""; offers == goes {
					t.Errorf("the card offers it: %t", offers)
				}
				h.WantIdle()
			})
		})
	}
}

// TestParties checks which kinds of people can receive and give a delegation.
func TestParties(t *testing.T) {
	t.Parallel()
	kinds := map[string]func(*bot.Person){
		"a member": func(*bot.Person) {}, "a guest": func(p *bot.Person) { p.Guest = true }, "an app": func(p *bot.Person) { p.Bot = true },
		"a stranger": func(p *bot.Person) { p.External = true }, "deactivated": func(p *bot.Person) { p.Deleted = true },
	}
	for _, row := range []struct{ kind, receiver, giver string }{
		{"a member", "can now cancel your meetings", "can now cancel your meetings"},
		{"a guest", "guests can't cancel meetings", "Guests can't cancel meetings"},
		{"an app", "is an app", "Deactivated accounts and apps"},
		{"a stranger", "isn't from this workspace", "People from other workspaces"},
		{"deactivated", "account is deactivated", "Deactivated accounts and apps"},
	} {
		for who, want := range map[bot.UserID]string{steptest.Dave: row.receiver, steptest.Carol: row.giver} {
			t.Run(row.kind+"/"+string(who), func(t *testing.T) {
				t.Parallel()
				atNoon(t, 90*day, func(h *steptest.Fixture) {
					h.Chat.Change(who, kinds[row.kind])
					h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-08"))
					h.Pass(5 * time.Second)
					if !told(h, steptest.Carol, want) {
						t.Errorf("Carol was told %q, want %q", h.Chat.Texts("dm", steptest.Carol), want)
					}
					_, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave)
					if given := err == nil; given != (row.kind == "a member") {
						t.Errorf("it is given: %t (%v)", given, err)
					}
					if n := len(h.Chat.Texts("dm", steptest.Dave)); (n == 1) != (row.kind == "a member") || n > 1 {
						t.Errorf("Dave has %d messages", n)
					}
					h.WantIdle()
				})
			})
		}
	}
}

// TestNotice checks that both parties are told once despite trouble in Slack, that errors an
// operator can fix are waited out, and that the delegation is in force in any case.
func TestNotice(t *testing.T) {
	t.Parallel()
	disabled, revoked := steptest.SlackError(t, "user_disabled"), steptest.SlackError(t, "token_revoked")
	for _, row := range []struct {
		name   string
		method string
		errs   []error
		heals  time.Duration // zero: never
		told   bool
	}{
		{"all well", "", nil, 0, true},
		{"busy for a moment", "dm", []error{bot.ErrThrottled, bot.ErrThrottled, nil}, 0, true},
		{"away for an hour", "dm", []error{bot.ErrUnavailable}, time.Hour, true},
		{"the token is revoked for an hour", "dm", []error{revoked}, time.Hour, true},
		{"neither can be messaged", "dm", []error{disabled}, time.Hour, false},
		{"away for two days", "dm", []error{bot.ErrUnavailable}, 49 * time.Hour, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, 90*day, func(h *steptest.Fixture) {
				if row.method != "" {
					h.Chat.Fail(row.method, row.errs...)
				}
				h.Arrive(step.DelegateStep, submits(steptest.Dave, "2027-02-08"))
				h.Pass(max(row.heals, time.Minute))
				if row.heals > 0 {
					h.Chat.Recover()
				}
				h.Pass(2 * time.Hour)
				if _, err := h.Store.Delegations.Between(h.Context(), steptest.Carol, steptest.Dave); err != nil {
					t.Errorf("it isn't in force: %v", err)
				}
				for _, who := range []string{steptest.Carol, steptest.Dave} {
					if n := len(h.Chat.Texts("dm", who)); (n == 1) != row.told || n > 1 {
						t.Errorf("%s has %d messages, want one: %t", who, n, row.told)
					}
				}
				if got := h.Trail(); got != "delegated" {
					t.Errorf("the trail says %q, want one delegated", got)
				}
				h.WantIdle()
			})
		})
	}
}

// TestUsed checks when the receiver of a delegation may cancel, and that the owner is told of
// every use.
func TestUsed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		pass  time.Duration
		who   string
		want  string
		told  string // to the person who clicked, alone
		owner bool
		used  bool
	}{
		{name: "the receiver", who: steptest.Dave, want: "cancelled", owner: true, used: true},
		{name: "another person", who: "U0ERIN", want: "asked", told: "can't"},
		{name: "a person who may cancel any", who: steptest.Ana, want: "cancelled", owner: true},
		{name: "after it expired", pass: 5 * time.Hour, who: steptest.Dave, want: "asked", told: "can't"},
		{name: "after delegations were turned off", given: func(h *steptest.Fixture) { h.AllowDelegation(0) }, who: steptest.Dave, want: "asked", told: "can't"},
		{name: "after DELEGATION_MAX was lowered", pass: 3 * time.Hour, given: func(h *steptest.Fixture) { h.AllowDelegation(2 * time.Hour) }, who: steptest.Dave, want: "asked", told: "can't"},
		{name: "close to the start", given: func(h *steptest.Fixture) { h.Access.LeadTime = 100 * day }, who: steptest.Dave, want: "asked", told: "starts in less than"},
		{name: "the receiver has left", given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Dave, func(p *bot.Person) { p.Deleted = true })
		}, who: steptest.Dave, want: "asked", told: "Deactivated"},
		{name: "the owner has left", given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.Deleted = true })
		}, who: steptest.Dave, want: "asked", told: "can't"},
		{name: "the meeting has another owner now", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner = meetingapi.Owner{Name: "Ana", UUID: "uuid-ana"} })
		}, who: steptest.Dave, want: "superseded", owner: true, used: true},
		{name: "the service refuses", given: func(h *steptest.Fixture) {
			h.Service.Answers = []error{steptest.Failure(meetingapi.ClassDenied)}
		}, who: steptest.Dave, want: "refused", owner: true, used: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, 90*day, func(h *steptest.Fixture) {
				h.Chat.Join(bot.Person{ID: "U0ERIN", Team: steptest.Team, Email: "erin@example.com"})
				h.Arrive(step.DelegateStep, submits(steptest.Dave, "2026-12-01"))
				h.Pass(5 * time.Second)
				h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) {
					m.Start, m.End = noon.Add(2*day), noon.Add(2*day+time.Hour)
				})
				id := h.Insert(steptest.Number, func(r *cancellation.Request) { r.ExpiresAt = r.ExpiresAt.Add(day) })
				h.Pass(row.pass)
				if row.given != nil {
					row.given(h)
				}
				before := len(h.Chat.Texts("dm", steptest.Carol))
				h.Presses(row.who, action.Cancel, id, nil)
				h.Pass(30 * time.Second)
				r := h.Stored(id)
				if got := steptest.Outcome(r); got != row.want {
					t.Errorf("the request is %s, want %s", got, row.want)
				}
				if row.told != "" && !h.Chat.WasTold(row.who, row.told) {
					t.Errorf("%s was told %q, want %q", row.who, h.Chat.Texts("respond", row.who), row.told)
				}
				if n := len(h.Chat.Texts("dm", steptest.Carol)) - before; (n == 1) != row.owner || n > 1 {
					t.Errorf("the owner has %d messages about it, want one: %t", n, row.owner)
				}
				trail := h.Trail()
				if n := strings.Count(trail, string(store.EventDelegationUsed)); (n == 1) != row.used || n > 1 || (r.Delegation != "") != row.used {
					t.Errorf("the trail says %q, the request says delegation %q; want it used: %t", trail, r.Delegation, row.used)
				}
			})
		})
	}
}
