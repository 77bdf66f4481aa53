package access

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// fakeSources answers everything that a policy asks, as the test says.
type fakeSources struct {
	people  map[bot.UserID]bot.Person
	lets    map[[2]bot.UserID]bool
	unread  error // from reading delegations
	groups  error
	members []bot.UserID
}

func (w *fakeSources) Identify(context.Context) (bot.Identity, error) {
	return bot.Identity{Team: "T1"}, nil
}

func (w *fakeSources) GroupMembers(context.Context, bot.GroupID) ([]bot.UserID, error) {
	return w.members, w.groups
}

func (w *fakeSources) User(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{Email: "carol@example.com"}, nil
}

func (w *fakeSources) UserByEmail(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{}, nil
}

func (w *fakeSources) Member(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{}, nil
}

func (w *fakeSources) Person(_ context.Context, id bot.UserID) (bot.Person, error) {
	if p, ok := w.people[id]; ok {
		return p, nil
	}
	return bot.Person{}, bot.ErrNoSuchPerson
}

func (w *fakeSources) PersonByEmail(ctx context.Context, _ string) (bot.Person, error) {
	return w.Person(ctx, "U0CAROL")
}

func (w *fakeSources) Delegated(_ context.Context, giver, receiver bot.UserID) (bool, error) {
	return w.lets[[2]bot.UserID{giver, receiver}], w.unread
}

var errUnread = errors.New("the database is down")

// newWorkspace returns a policy for a workspace with Carol, who owns the meeting and has
// delegated to Dave; Ana, who is on the list; and Bob, who has no right at all.
func newWorkspace(t *testing.T) (*fakeSources, *Policy) {
	t.Helper()
	w := &fakeSources{people: map[bot.UserID]bot.Person{}, lets: map[[2]bot.UserID]bool{{"U0CAROL", "U0DAVE"}: true}}
	for _, id := range []bot.UserID{"U0ANA", "U0BOB", "U0CAROL", "U0DAVE"} {
		w.people[id] = bot.Person{ID: id, Team: "T1", Locale: "en-US"}
	}
	owners := NewOwners(w, w, nil)
	t.Cleanup(owners.Close)
	return w, &Policy{
		Slack: w, Owners: owners, Delegated: w.Delegated, Log: slog.New(slog.DiscardHandler), Settings: Settings{Users: []string{"U0ANA"}},
	}
}

var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

func ofCarol() cancellation.Request {
	return cancellation.Request{
		ID: "r", State: cancellation.Asked, Scope: cancellation.Whole, Asker: "U0DAVE",
		Meeting: cancellation.Meeting{ID: "914087436", OwnerUUID: "uuid-carol", Start: now.Add(time.Hour), StateKnown: true},
	}
}

// TestDelegate: a delegate has the owner's rights, and delegations that can't be read shut out
// only people who depend on them.
func TestDelegate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		verb   Verb
		person bot.UserID
		set    func(*fakeSources, *Policy)
		right  Right
		answer answer.Kind
		err    error
	}{
		{"the delegate asks", Ask, "U0DAVE", nil, Delegate, "", nil},
		{"the delegate confirms", Confirm, "U0DAVE", nil, Delegate, "", nil},
		{"a colleague", Confirm, "U0BOB", nil, Nobody, answer.NotYourButton, nil},
		{"the owner", Confirm, "U0CAROL", nil, Owner, "", nil},
		{"delegation is off", Ask, "U0DAVE", func(_ *fakeSources, p *Policy) { p.Delegated = nil }, Nobody, answer.NotAllowed, nil},
		{"too close to the start", Ask, "U0DAVE", func(_ *fakeSources, p *Policy) { p.LeadTime = 2 * time.Hour }, Nobody, answer.LeadTime, nil},
		{"second person needed, pressed by the asker", Confirm, "U0DAVE", func(_ *fakeSources, p *Policy) { p.Second = cancellation.SecondAlways }, Nobody, answer.SecondPersonNeeded, nil},
		{"unread: the delegate", Confirm, "U0DAVE", func(w *fakeSources, _ *Policy) { w.unread, w.lets = errUnread, nil }, Nobody, "", errUnread},
		{"unread: the owner", Confirm, "U0CAROL", func(w *fakeSources, _ *Policy) { w.unread = errUnread }, Owner, "", nil},
		{"unread: on the list", Confirm, "U0ANA", func(w *fakeSources, _ *Policy) { w.unread = errUnread }, Listed, "", nil},
		{"a group is unread: the delegate", Confirm, "U0DAVE", func(w *fakeSources, p *Policy) { p.Groups, w.groups = []string{"S1"}, errUnread }, Delegate, "", nil},
		{"the giver has left", Confirm, "U0DAVE", func(w *fakeSources, _ *Policy) {
			w.people["U0CAROL"] = bot.Person{ID: "U0CAROL", Team: "T1", Deleted: true}
		}, Nobody, answer.NotAllowedOwnerUnknown, nil},
		{"the giver has become a guest", Confirm, "U0DAVE", func(w *fakeSources, _ *Policy) {
			w.people["U0CAROL"] = bot.Person{ID: "U0CAROL", Team: "T1", Locale: "en", Guest: true}
		}, Nobody, answer.NotYourButton, nil},
		{"the delegate has become a guest", Confirm, "U0DAVE", func(w *fakeSources, _ *Policy) {
			w.people["U0DAVE"] = bot.Person{ID: "U0DAVE", Team: "T1", Guest: true}
		}, Nobody, answer.Guest, nil},
		{"the delegate has left", Confirm, "U0DAVE", func(w *fakeSources, _ *Policy) {
			w.people["U0DAVE"] = bot.Person{ID: "U0DAVE", Team: "T1", Deleted: true}
		}, Nobody, answer.Inactive, nil},
		{"in a channel where the command is off", Confirm, "U0DAVE", func(_ *fakeSources, p *Policy) { p.Channels = []string{"C0OPS"} }, Nobody, answer.WrongChannel, nil},
		{"any member may delegate", Delegating, "U0DAVE", nil, Member, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, p := newWorkspace(t)
			if tt.set != nil {
				tt.set(w, p)
			}
			r := ofCarol()
			if tt.answer == answer.NotYourButton {
				r.Asker = "U0ANA"
			}
			right, a, err := p.May(t.Context(), Question{
				Verb: tt.verb, Person: w.people[tt.person], Place: Place{Channel: "C0GENERAL"}, Request: r, Now: now,
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

// TestReceiver: everyone who can't receive a delegation gets an answer of their own.
func TestReceiver(t *testing.T) {
	t.Parallel()
	w, p := newWorkspace(t)
	carol := w.people["U0CAROL"]
	for _, tt := range []struct {
		name   string
		who    bot.Person
		failed error
		want   answer.Kind
	}{
		{"a colleague", bot.Person{ID: "U0DAVE", Team: "T1"}, nil, ""},
		{"the giver", carol, nil, answer.DelegateSelf},
		{"an unknown id", bot.Person{}, bot.ErrNoSuchPerson, answer.DelegateUnknown},
		{"an app", bot.Person{ID: "U0BOT", Team: "T1", Bot: true}, nil, answer.DelegateBot},
		{"a person who has left", bot.Person{ID: "U0GONE", Team: "T1", Deleted: true}, nil, answer.DelegateGone},
		{"a guest", bot.Person{ID: "U0GINA", Team: "T1", Guest: true}, nil, answer.DelegateGuest},
		{"of another workspace", bot.Person{ID: "U0FAR", Team: "T2"}, nil, answer.DelegateExternal},
		{"a stranger", bot.Person{ID: "U0FAR", External: true}, nil, answer.DelegateExternal},
	} {
		a, err := p.Receiver(t.Context(), carol, tt.who, tt.failed)
		got := answer.Kind("")
		if a != nil {
			got = a.Kind
		}
		if got != tt.want || err != nil {
			t.Errorf("%s: Receiver() = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
	if _, err := p.Receiver(t.Context(), carol, bot.Person{}, errUnread); !errors.Is(err, errUnread) {
		t.Errorf("Receiver() of a person who can't be looked up = %v, want %v", err, errUnread)
	}
}
