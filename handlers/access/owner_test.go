package access

import (
	"maps"
	"slices"
	"testing"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestOwner: the owner counts as not found only if every source that would know has answered.
func TestOwner(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		meeting  cancellation.Meeting
		ownerMap map[string]string
		spoil    func(*world)
		want     bot.UserID // empty: not found
		fails    bool       // a source did not answer
	}{
		{name: "by address", want: carol},
		{name: "no owner given", meeting: cancellation.Meeting{ID: "1"}},
		{name: "unknown to the directory", meeting: cancellation.Meeting{OwnerUUID: "uuid-gone"}},
		{name: "unknown to the directory, but invited", meeting: cancellation.Meeting{OwnerUUID: "uuid-gone", OwnerEmail: "dave@example.com"}, want: dave},
		{name: "hidden by the service", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403, Code: "USG.201080002"})},
		{name: "hidden, said in a 200 body", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 200})},
		{
			name: "hidden, but invited", meeting: cancellation.Meeting{OwnerUUID: "uuid-carol", OwnerEmail: "carol@example.com"},
			spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403, Code: "USG.201080002"}), want: carol,
		},
		{name: "a proxy's 403", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403}), fails: true},
		{
			name: "a proxy's 403, but invited", meeting: cancellation.Meeting{OwnerUUID: "uuid-carol", OwnerEmail: "carol@example.com"},
			spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403}), fails: true,
		},
		{name: "the gateway's 403", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403, Code: "APIG.0302"}), fails: true},
		{name: "the conference service's 403", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403, Code: "MMC.111070002"}), fails: true},
		{name: "the login is locked", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassLocked, Code: "USG.201040007"}), fails: true},
		{name: "the service is down", spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassUnavailable}), fails: true},
		{name: "Slack is down", spoil: func(w *world) { w.slack.lookUp = errAway }, fails: true},
		{name: "not in Slack", spoil: func(w *world) { delete(w.slack.people, carol) }},
		{name: "deactivated in Slack", spoil: withPerson(carol, func(p *bot.Person) { p.Deleted = true })},
		{name: "a stranger in Slack", spoil: withPerson(carol, func(p *bot.Person) { p.External = true })},
		{name: "mapped by account to an id", ownerMap: map[string]string{"carol@corp": bob}, want: bob},
		{name: "mapped by UUID to an address", ownerMap: map[string]string{"uuid-carol": "dave@example.com"}, want: dave},
		{
			name: "mapped, while the service is down", ownerMap: map[string]string{"uuid-carol": bob},
			spoil: refuses(&meetingapi.Error{Class: meetingapi.ClassUnavailable}), want: bob,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			owners := NewOwners(w.directory, w.slack, row.ownerMap)
			t.Cleanup(owners.Close)
			if row.spoil != nil {
				row.spoil(w)
			}
			m := row.meeting
			if m.ID == "" && m.OwnerUUID == "" {
				m.OwnerUUID = "uuid-carol"
			}
			got, err := owners.Of(t.Context(), m)
			if (err != nil) != row.fails || got.Person.ID != row.want || got.Found != (row.want != "") {
				t.Errorf("Of(%+v) = %+v, %v; want %q, an error: %t", m, got, err, row.want, row.fails)
			}
		})
	}
}

func refuses(err error) func(*world) { return func(w *world) { w.directory.err = err } }

// TestAccounts checks whose meetings are listed for a person.
func TestAccounts(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		who      bot.Person
		ownerMap map[string]string
		err      error
		want     []string
		fails    bool
	}{
		{name: "by address", who: person(carol, "carol@example.com"), want: []string{"uuid-carol"}},
		{name: "none", who: person(dave, "dave@example.com")},
		{name: "no address", who: person(dave, "")},
		{name: "mapped by account", who: person(dave, ""), ownerMap: map[string]string{"carol@corp": dave}, want: []string{"uuid-carol"}},
		{name: "mapped by UUID", who: person(dave, "dave@example.com"), ownerMap: map[string]string{"uuid-x": "DAVE@example.com"}, want: []string{"uuid-x"}},
		{name: "both, once", who: person(carol, "carol@example.com"), ownerMap: map[string]string{"carol@corp": carol}, want: []string{"uuid-carol"}},
		{name: "mapped to another person", who: person(carol, "carol@example.com"), ownerMap: map[string]string{"carol@corp": dave}},
		{name: "mapped to another person by UUID", who: person(carol, "carol@example.com"), ownerMap: map[string]string{"uuid-carol": dave}},
		{name: "mapped to another person after they left", who: bot.Person{Email: "carol@example.com"}, ownerMap: map[string]string{"carol@corp": dave}, want: []string{"uuid-carol"}},
		{name: "mapped to another person after they were deactivated", who: bot.Person{ID: carol, Email: "carol@example.com", Deleted: true}, ownerMap: map[string]string{"carol@corp": dave}, want: []string{"uuid-carol"}},
		{name: "the service is down", who: person(carol, "carol@example.com"), err: errAway, fails: true},
		{name: "several users with that address, and one mapped", who: person(carol, "second@example.com"), ownerMap: map[string]string{"carol@corp": carol}, want: []string{"uuid-carol"}},
		{name: "several users with that address", who: person(carol, "carol@example.com"), err: &meetingapi.Error{Class: meetingapi.ClassAmbiguous}, fails: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.directory.err = row.err
			for _, uuid := range []string{"uuid-1", "uuid-2"} {
				w.directory.users[uuid] = meetingapi.User{UUID: uuid, Email: "second@example.com"}
			}
			owners := NewOwners(w.directory, w.slack, row.ownerMap)
			t.Cleanup(owners.Close)
			got, err := owners.AccountsOf(t.Context(), row.who)
			if !slices.Equal(got, row.want) || (err != nil) != row.fails {
				t.Errorf("AccountsOf(%s) = %q, %v; want %q, an error: %t", row.who.ID, got, err, row.want, row.fails)
			}
		})
	}
}

// TestIs: lists are sorted by exact addresses and the operator's map, never by display names.
func TestIs(t *testing.T) {
	t.Parallel()
	theirs := cancellation.Meeting{OwnerUUID: "uuid-carol", OwnerName: "Dave Roe", OwnerEmail: "carol@example.com"}
	user := meetingapi.User{UUID: "uuid-carol", Account: "carol@corp", Email: "Carol@Example.com"}
	for _, row := range []struct {
		name     string
		who      bot.Person
		ownerMap map[string]string
		m        cancellation.Meeting
		u        meetingapi.User
		want     bool
	}{
		{"by address, in any case", person(carol, "carol@example.com"), nil, theirs, user, true},
		{"the same display name", person(dave, "dave@example.com"), nil, theirs, user, false},
		{"hidden directory, but invited", person(carol, "carol@example.com"), nil, theirs, meetingapi.User{}, true},
		{"no address at all", person(dave, ""), nil, cancellation.Meeting{OwnerUUID: "u"}, meetingapi.User{}, false},
		{"no owner", person(carol, "carol@example.com"), nil, cancellation.Meeting{OwnerEmail: "carol@example.com"}, user, false},
		{"mapped to another person", person(carol, "carol@example.com"), map[string]string{"carol@corp": dave}, theirs, user, false},
		{"mapped to them", person(dave, ""), map[string]string{"carol@corp": dave}, theirs, user, true},
	} {
		o := NewOwners(nil, nil, row.ownerMap)
		if got := o.IsOwner(row.who, row.m, row.u); got != row.want {
			t.Errorf("%s: Is() = %t, want %t (map %v)", row.name, got, row.want, maps.Collect(maps.All(row.ownerMap)))
		}
		o.Close()
	}
}

// TestPlaces checks who belongs to the bot's organisation, and whether an event came from
// elsewhere.
func TestPlaces(t *testing.T) {
	t.Parallel()
	single := bot.Identity{Team: "T1"}
	grid := bot.Identity{Team: "T1", Enterprise: "E1"}
	for _, row := range []struct {
		name    string
		us      bot.Identity
		person  bot.Person
		belongs bool
		place   Place
		foreign bool
	}{
		{"our workspace", single, bot.Person{Team: "T1"}, true, Place{Team: "T1"}, false},
		{"another workspace", single, bot.Person{Team: "T2"}, false, Place{Team: "T2"}, true},
		{"no team given", single, bot.Person{}, true, Place{}, false},
		{"another organisation", single, bot.Person{Team: "T2", Enterprise: "E2"}, false, Place{Team: "T2", Enterprise: "E2"}, true},
		{"another workspace of ours", grid, bot.Person{Team: "T2", Enterprise: "E1"}, true, Place{Team: "T2", Enterprise: "E1"}, false},
		{"the organisation as the team", grid, bot.Person{Team: "E1"}, true, Place{Team: "E1"}, false},
		{"another organisation, from grid", grid, bot.Person{Team: "T9", Enterprise: "E9"}, false, Place{Team: "T9", Enterprise: "E9"}, true},
		{"another workspace, no organisation given", grid, bot.Person{Team: "T2"}, false, Place{Team: "T2"}, false},
	} {
		if got := sameOrganisation(row.person, row.us); got != row.belongs {
			t.Errorf("%s: belongs here = %t, want %t", row.name, got, row.belongs)
		}
		if got := row.place.isForeign(row.us); got != row.foreign {
			t.Errorf("%s: foreign = %t, want %t", row.name, got, row.foreign)
		}
	}
}
