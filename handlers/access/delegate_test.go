package access

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// newDelegation returns a world in which Carol has delegated to Dave, and Bob has no right at all.
func newDelegation(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.Groups = nil
	w.Delegated = func(_ context.Context, giver, receiver bot.UserID) (bool, error) {
		return giver == carol && receiver == dave, nil
	}
	return w
}

// unread is a database that doesn't say who has delegated.
func unread(w *world) {
	w.Delegated = func(context.Context, bot.UserID, bot.UserID) (bool, error) { return false, errAway }
}

// TestDelegate: a delegate has the owner's rights, and delegations that can't be read shut out
// only people who depend on them.
func TestDelegate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		verb   Verb
		person bot.UserID
		set    func(*world)
		right  Right
		answer answer.Kind
		err    error
	}{
		{"the delegate asks", Ask, dave, nil, Delegate, "", nil},
		{"the delegate confirms", Confirm, dave, nil, Delegate, "", nil},
		{"a colleague", Confirm, bob, nil, Nobody, answer.NotYourButton, nil},
		{"the owner", Confirm, carol, nil, Owner, "", nil},
		{"delegation is off", Ask, dave, func(w *world) { w.Delegated = nil }, Nobody, answer.NotAllowed, nil},
		{"too close to the start", Ask, dave, func(w *world) { w.LeadTime = 2 * time.Hour }, Nobody, answer.LeadTime, nil},
		{"second person needed, pressed by the asker", Confirm, dave, func(w *world) { w.Second = cancellation.SecondAlways }, Nobody, answer.SecondPersonNeeded, nil},
		{"unread: the delegate", Confirm, dave, unread, Nobody, "", errAway},
		{"unread: the owner", Confirm, carol, unread, Owner, "", nil},
		{"unread: on the list", Confirm, ana, unread, Listed, "", nil},
		{"a group is unread: the delegate", Confirm, dave, func(w *world) { w.Groups, w.slack.groups = []string{group}, errAway }, Delegate, "", nil},
		{"the giver has left", Confirm, dave, func(w *world) {
			w.change(carol, func(p *bot.Person) { p.Deleted = true })
			w.change(dave, func(p *bot.Person) { p.Email = "" }) // so Dave may be the owner
		}, Nobody, answer.NotAllowedOwnerUnknown, nil},
		{"the giver has become a guest", Confirm, dave, func(w *world) { w.change(carol, func(p *bot.Person) { p.Guest = true }) }, Nobody, answer.NotYourButton, nil},
		{"the giver's address is not only theirs", Confirm, dave, twoAccounts, Nobody, answer.NotAllowedOwnerShared, nil},
		{"the delegate has become a guest", Confirm, dave, func(w *world) { w.change(dave, func(p *bot.Person) { p.Guest = true }) }, Nobody, answer.Guest, nil},
		{"the delegate has left", Confirm, dave, func(w *world) { w.change(dave, func(p *bot.Person) { p.Deleted = true }) }, Nobody, answer.Inactive, nil},
		{"in a channel where the command is off", Confirm, dave, func(w *world) { w.Channels = []string{"C0OPS"} }, Nobody, answer.WrongChannel, nil},
		{"any member may delegate", Delegating, dave, nil, Member, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newDelegation(t)
			if tt.set != nil {
				tt.set(w)
			}
			r := carols(nil)
			if tt.answer != answer.NotYourButton {
				r.Asker = dave
			}
			right, a, err := w.May(t.Context(), Query{
				Verb: tt.verb, Person: w.slack.people[tt.person], Place: Place{Channel: "C0GENERAL"}, Request: r, Now: noon,
			})
			kind := answer.Kind("")
			if a != nil {
				kind = a.Kind
			}
			if right != tt.right || kind != tt.answer || !errors.Is(err, tt.err) {
				t.Errorf("May() = %v, %q, %v, want %v, %q, %v", right, kind, err, tt.right, tt.answer, tt.err)
			}
		})
	}
}

// TestMayReceive: everyone who can't receive a delegation gets an answer of their own.
func TestMayReceive(t *testing.T) {
	t.Parallel()
	w := newDelegation(t)
	giver := w.slack.people[carol]
	for _, tt := range []struct {
		name   string
		who    bot.Person
		failed error
		want   answer.Kind
	}{
		{"a colleague", bot.Person{ID: dave, Team: workspace}, nil, ""},
		{"the giver", giver, nil, answer.DelegateSelf},
		{"an unknown id", bot.Person{}, bot.ErrNoSuchPerson, answer.DelegateUnknown},
		{"an app", bot.Person{ID: "U0BOT", Team: workspace, Bot: true}, nil, answer.DelegateBot},
		{"a person who has left", bot.Person{ID: "U0GONE", Team: workspace, Deleted: true}, nil, answer.DelegateGone},
		{"a guest", bot.Person{ID: "U0GINA", Team: workspace, Guest: true}, nil, answer.DelegateGuest},
		{"of another workspace", bot.Person{ID: "U0FAR", Team: "T2"}, nil, answer.DelegateExternal},
		{"a stranger", bot.Person{ID: "U0FAR", External: true}, nil, answer.DelegateExternal},
	} {
		a, err := w.MayReceive(t.Context(), giver, tt.who, tt.failed)
		got := answer.Kind("")
		if a != nil {
			got = a.Kind
		}
		if got != tt.want || err != nil {
			t.Errorf("%s: MayReceive() = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
	if _, err := w.MayReceive(t.Context(), giver, bot.Person{}, errAway); !errors.Is(err, errAway) {
		t.Errorf("MayReceive() of a person who can't be looked up = %v, want %v", err, errAway)
	}
}
