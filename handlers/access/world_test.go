package access

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// The people in these tests, and the workspace.
const (
	ana       = "U0ANA"   // on ALLOW_USERS
	bob       = "U0BOB"   // in the user group of ALLOW_USERGROUPS
	carol     = "U0CAROL" // owns the meeting
	dave      = "U0DAVE"  // has no right
	workspace = "T0HOME"
	group     = "S0TEAM"
)

var errAway = errors.New("does not answer")

// slackStub answers about people. Errors that aren't set don't occur.
type slackStub struct {
	people map[bot.UserID]bot.Person
	groups error // from reading a user group
	lookUp error // from finding a person by address
	asked  int   // how often a group was read
}

func (s *slackStub) Identify(context.Context) (bot.Identity, error) {
	return bot.Identity{Team: workspace}, nil
}

func (s *slackStub) GroupMembers(context.Context, bot.GroupID) ([]bot.UserID, error) {
	s.asked++
	if s.groups != nil {
		return nil, s.groups
	}
	return []bot.UserID{bob}, nil
}

func (s *slackStub) Person(_ context.Context, id bot.UserID) (bot.Person, error) {
	p, ok := s.people[id]
	if !ok {
		return bot.Person{}, bot.ErrNoSuchPerson
	}
	return p, nil
}

func (s *slackStub) PersonByEmail(_ context.Context, address string) (bot.Person, error) {
	if s.lookUp != nil {
		return bot.Person{}, s.lookUp
	}
	for _, p := range s.people {
		if p.Email == address {
			return p, nil
		}
	}
	return bot.Person{}, bot.ErrNoSuchPerson
}

// directory is the meeting service's list of users.
type directory struct {
	users map[string]meetingapi.User // by UUID
	err   error
	// search fails a search by address.
	search error
}

func (d *directory) User(_ context.Context, uuid string) (meetingapi.User, error) {
	if d.err != nil {
		return meetingapi.User{}, d.err
	}
	u, ok := d.users[uuid]
	if !ok {
		return meetingapi.User{}, &meetingapi.Error{Class: meetingapi.ClassNotFound}
	}
	return u, nil
}

func (d *directory) UserByEmail(_ context.Context, address string) (meetingapi.User, error) {
	if err := cmp.Or(d.err, d.search); err != nil {
		return meetingapi.User{}, err
	}
	var found []meetingapi.User
	for _, u := range d.users {
		if u.Email == address {
			found = append(found, u)
		}
	}
	switch len(found) {
	case 0:
		return meetingapi.User{}, &meetingapi.Error{Class: meetingapi.ClassNotFound}
	case 1:
		return found[0], nil
	}
	return meetingapi.User{}, &meetingapi.Error{Class: meetingapi.ClassAmbiguous}
}

func (d *directory) Member(_ context.Context, account string) (meetingapi.User, error) {
	if d.err != nil {
		return meetingapi.User{}, d.err
	}
	for _, u := range d.users {
		if u.Account == account {
			return u, nil
		}
	}
	return meetingapi.User{}, &meetingapi.Error{Class: meetingapi.ClassNotFound}
}

// A world is a policy and its sources.
type world struct {
	*Policy
	slack     *slackStub
	directory *directory
}

func person(id, email string) bot.Person {
	return bot.Person{ID: bot.UserID(id), Team: workspace, Email: email, Locale: "en-US"}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		slack: &slackStub{people: map[bot.UserID]bot.Person{
			ana: person(ana, "ana@example.com"), bob: person(bob, "bob@example.com"),
			carol: person(carol, "carol@example.com"), dave: person(dave, "dave@example.com"),
		}},
		directory: &directory{users: map[string]meetingapi.User{"uuid-carol": {UUID: "uuid-carol", Account: "carol@corp", Email: "carol@example.com"}}},
	}
	owners := NewOwners(w.directory, w.slack, nil)
	t.Cleanup(owners.Close)
	w.Policy = &Policy{
		Slack: w.slack, Owners: owners, Log: slog.New(slog.DiscardHandler),
		Settings: Settings{Users: []string{ana}, Groups: []string{group}, Second: cancellation.SecondNever},
	}
	return w
}

// change changes what Slack says about a person.
func (w *world) change(id bot.UserID, f func(*bot.Person)) {
	p := w.slack.people[id]
	f(&p)
	w.slack.people[id] = p
}

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// carols returns a request about Carol's meeting, which starts in an hour.
func carols(change func(*cancellation.Request)) cancellation.Request {
	r := cancellation.Request{
		ID: "r1", State: cancellation.Asked, Asker: ana, Channel: "C0", Scope: cancellation.Whole,
		Meeting: cancellation.Meeting{
			ID: "914087436", Start: noon.Add(time.Hour), End: noon.Add(2 * time.Hour), StateKnown: true, OwnerUUID: "uuid-carol",
		},
	}
	if change != nil {
		change(&r)
	}
	return r
}

// weekly turns the meeting into a series of three dates, the first in an hour.
func weekly(r *cancellation.Request) {
	r.Meeting.Recurring, r.Meeting.DatesKnown, r.Scope = true, true, cancellation.Undecided
	for i, id := range []string{"d0", "d1", "d2"} {
		start := r.Meeting.Start.AddDate(0, 0, 7*i)
		r.Meeting.Occurrences = append(r.Meeting.Occurrences, cancellation.OccurrenceRef{ID: id, Start: start, End: start.Add(time.Hour)})
	}
}

// decided returns r after a decision by button.
func decided(r cancellation.Request, d cancellation.Decision) cancellation.Request {
	return r.Decided(d, noon)
}
