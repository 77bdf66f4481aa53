package access

import (
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestMay exercises the table of rights: who, what, under which rules.
func TestMay(t *testing.T) {
	t.Parallel()
	dates := func(ids ...string) cancellation.Decision {
		return cancellation.Decision{Scope: cancellation.Occurrence, Chosen: ids}
	}
	undoable := carols(func(r *cancellation.Request) { r.State, r.ConfirmedBy = cancellation.Confirmed, dave })
	for _, row := range []struct {
		name  string
		verb  Verb
		who   string
		r     cancellation.Request
		rules func(*world)
		right Right
		no    answer.Kind // empty: they may
	}{
		{name: "on the list", verb: Ask, who: ana, r: carols(nil), right: Listed},
		{name: "in the group", verb: Confirm, who: bob, r: carols(nil), right: Listed},
		{name: "the owner", verb: Confirm, who: carol, r: carols(nil), right: Owner},
		{name: "anyone else asks", verb: Ask, who: dave, r: carols(nil), no: answer.NotAllowed},
		{name: "anyone else presses", verb: Confirm, who: dave, r: carols(nil), no: answer.NotYourButton},
		{name: "everyone is allowed", verb: Ask, who: dave, r: carols(nil), rules: func(w *world) { w.Users = []string{Everybody} }, right: Listed},
		{name: "an owner who is not in Slack", verb: Ask, who: dave, r: carols(nil), rules: without(carol), no: answer.NotAllowed},
		{name: "an owner who is not in Slack, on a card", verb: Confirm, who: dave, r: carols(nil), rules: without(carol), no: answer.NotYourButton},
		{name: "an owner who is not in Slack, and an asker without an address", verb: Ask, who: dave, r: carols(nil), rules: func(w *world) {
			without(carol)(w)
			w.slack.people[dave] = person(dave, "")
		}, no: answer.NotAllowedOwnerUnknown},
		{name: "an unknown owner", verb: Ask, who: dave, r: carols(func(r *cancellation.Request) { r.Meeting.OwnerUUID = "" }), no: answer.NotAllowedOwnerUnknown},

		{name: "an owner whose address two accounts have", verb: Confirm, who: carol, r: carols(nil), rules: twoAccounts, no: answer.NotAllowedOwnerShared},
		{name: "the same, anyone else", verb: Ask, who: dave, r: carols(nil), rules: twoAccounts, no: answer.NotAllowed},
		{name: "the same, on the list", verb: Confirm, who: ana, r: carols(nil), rules: twoAccounts, right: Listed},
		{name: "the same, mapped by the operator", verb: Confirm, who: carol, r: carols(nil), rules: func(w *world) {
			twoAccounts(w)
			w.Owners.byAccount = map[string]string{"carol@corp": "carol@example.com"}
		}, right: Owner},
		{name: "the same, and a login that may not search", verb: Confirm, who: carol, r: carols(nil), rules: func(w *world) {
			w.directory.search = &meetingapi.Error{Class: meetingapi.ClassDenied}
		}, right: Owner},

		{name: "lead time, owner", verb: Confirm, who: carol, r: carols(nil), rules: lead, no: answer.LeadTime},
		{name: "lead time, listed", verb: Confirm, who: bob, r: carols(nil), rules: lead, right: Listed},
		{name: "lead time, long before", verb: Confirm, who: carol, r: carols(func(r *cancellation.Request) { r.Meeting.Start = noon.Add(5 * time.Hour) }), rules: lead, right: Owner},
		{name: "lead time, series undecided", verb: Ask, who: carol, r: carols(weekly), rules: lead, right: Owner},
		{name: "lead time, series", verb: Confirm, who: carol, r: decided(carols(weekly), cancellation.Decision{Scope: cancellation.Series}), rules: lead, no: answer.LeadTime},
		{name: "lead time, later dates", verb: Confirm, who: carol, r: decided(carols(weekly), dates("d1")), rules: lead, right: Owner},
		{name: "lead time, first date", verb: Confirm, who: carol, r: decided(carols(weekly), dates("d0", "d1")), rules: lead, no: answer.LeadTime},
		{name: "lead time, dates not known", verb: Confirm, who: carol, r: decided(carols(func(r *cancellation.Request) {
			r.Meeting.Recurring = true
		}), cancellation.Decision{Scope: cancellation.Series}), rules: lead, no: answer.StartUnknown},
		{name: "lead time, dates not known, asking", verb: Ask, who: carol, r: carols(func(r *cancellation.Request) {
			r.Meeting.Recurring, r.Scope = true, cancellation.Undecided
		}), rules: lead, no: answer.StartUnknown},
		{name: "lead time, running since an unknown time", verb: Confirm, who: carol, r: carols(func(r *cancellation.Request) {
			r.Meeting.Start, r.Meeting.Running = time.Time{}, true
		}), rules: lead, right: Owner},
		{name: "lead time, start not known", verb: Confirm, who: carol, r: carols(func(r *cancellation.Request) { r.Meeting.Start = time.Time{} }), rules: lead, no: answer.StartUnknown},

		{name: "second person, the asker", verb: Confirm, who: ana, r: carols(nil), rules: second(cancellation.SecondAlways), no: answer.SecondPersonNeeded},
		{name: "second person, another", verb: Confirm, who: bob, r: carols(nil), rules: second(cancellation.SecondAlways), right: Listed},
		{name: "second person for a series, one date", verb: Confirm, who: ana, r: decided(carols(weekly), dates("d1")), rules: second(cancellation.SecondSeries), right: Listed},
		{name: "second person for a series, its button", verb: Confirm, who: ana, r: decided(carols(weekly), cancellation.Decision{Scope: cancellation.Series}), rules: second(cancellation.SecondSeries), no: answer.SecondPersonNeeded},
		{name: "second person for a series, every date", verb: Confirm, who: ana, r: decided(carols(weekly), dates("d2", "d0", "d1")), rules: second(cancellation.SecondSeries), no: answer.SecondPersonNeeded},
		{name: "second person for a series, every date that is listed", verb: Confirm, who: ana, r: decided(carols(func(r *cancellation.Request) {
			weekly(r)
			r.Meeting.MoreDates = true
		}), dates("d2", "d0", "d1")), rules: second(cancellation.SecondSeries), no: answer.SecondPersonNeeded},
		{name: "second person to end", verb: Confirm, who: ana, r: decided(carols(running), cancellation.Decision{Scope: cancellation.Whole, End: true}), rules: second(cancellation.SecondEnd), no: answer.SecondPersonNeeded},
		{name: "second person to end, state not given", verb: Confirm, who: ana, r: decided(carols(func(r *cancellation.Request) {
			r.Meeting.StateKnown = false
		}), cancellation.Decision{Scope: cancellation.Whole, End: true}), rules: second(cancellation.SecondEnd), no: answer.SecondPersonNeeded},
		{name: "second person to end, planned", verb: Confirm, who: ana, r: decided(carols(nil), cancellation.Decision{Scope: cancellation.Whole, End: true}), rules: second(cancellation.SecondEnd), right: Listed},

		{name: "keep within lead time", verb: Keep, who: carol, r: carols(nil), rules: lead, right: Owner},
		{name: "the asker keeps", verb: Keep, who: dave, r: carols(func(r *cancellation.Request) { r.Asker = dave }), right: Asker},
		{name: "undo a series within lead time", verb: Undo, who: carol, r: carols(weekly), rules: lead, right: Owner},
		{name: "undo one meeting within lead time", verb: Undo, who: carol, r: carols(nil), rules: lead, right: Owner},
		{name: "the presser undoes", verb: Undo, who: dave, r: undoable, right: Presser},
		{name: "anyone else undoes", verb: Undo, who: dave, r: carols(nil), no: answer.NotYoursToStop},
		{name: "anyone gives a reason", verb: Reason, who: dave, r: carols(nil), no: answer.NotYourButton},
		{name: "anyone checks again", verb: CheckAgain, who: dave, r: carols(nil), right: Member},
		{name: "anyone lists", verb: Look, who: dave, right: Member},

		{name: "another channel", verb: Ask, who: ana, r: carols(nil), rules: func(w *world) { w.Channels = []string{"C0ELSE"} }, no: answer.WrongChannel},
		{name: "another channel, keep", verb: Keep, who: ana, r: carols(nil), rules: func(w *world) { w.Channels = []string{"C0ELSE"} }, right: Asker},
		{name: "another channel, undo", verb: Undo, who: dave, r: undoable, rules: func(w *world) { w.Channels = []string{"C0ELSE"} }, right: Presser},
		{name: "a listed channel", verb: Ask, who: ana, r: carols(nil), rules: func(w *world) { w.Channels = []string{"C0"} }, right: Listed},
		{name: "a guest on the list", verb: Ask, who: ana, r: carols(nil), rules: withPerson(ana, func(p *bot.Person) { p.Guest = true }), no: answer.Guest},
		{name: "a guest who asked", verb: Keep, who: ana, r: carols(nil), rules: withPerson(ana, func(p *bot.Person) { p.Guest = true }), no: answer.Guest},
		{name: "another workspace", verb: Look, who: ana, rules: withPerson(ana, func(p *bot.Person) { p.Team = "T0OTHER" }), no: answer.Stranger},
		{name: "a stranger who owns it", verb: Confirm, who: carol, r: carols(nil), rules: withPerson(carol, func(p *bot.Person) { p.External = true }), no: answer.Stranger},
		{name: "deactivated", verb: Confirm, who: ana, r: carols(nil), rules: withPerson(ana, func(p *bot.Person) { p.Deleted = true }), no: answer.Inactive},
		{name: "an app", verb: Confirm, who: ana, r: carols(nil), rules: withPerson(ana, func(p *bot.Person) { p.Bot = true }), no: answer.Inactive},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.LeadTime = 0
			if row.rules != nil {
				row.rules(w)
			}
			right, no, err := w.May(t.Context(), Query{
				Verb: row.verb, Person: w.slack.people[bot.UserID(row.who)], Place: Place{Team: workspace, Channel: "C0"}, Request: row.r, Now: noon,
			})
			if err != nil {
				t.Fatal(err)
			}
			if no == nil {
				no = &answer.Answer{}
			}
			if right != row.right || no.Kind != row.no {
				t.Errorf("%s may %s by the right %q, refused %q; want %q, %q", row.who, row.verb, right, no.Kind, row.right, row.no)
			}
		})
	}
}

func without(who bot.UserID) func(*world) {
	return func(w *world) { delete(w.slack.people, who) }
}

// twoAccounts gives another account the address of Carol's.
func twoAccounts(w *world) {
	w.directory.users["uuid-second"] = meetingapi.User{UUID: "uuid-second", Account: "second@corp", Email: "carol@example.com"}
}

func lead(w *world) { w.LeadTime = 2 * time.Hour }

func running(r *cancellation.Request) { r.Meeting.Running = true }

func second(s cancellation.SecondPerson) func(*world) { return func(w *world) { w.Second = s } }

// withPerson changes what Slack says about a person.
func withPerson(id bot.UserID, change func(*bot.Person)) func(*world) {
	return func(w *world) {
		p := w.slack.people[id]
		change(&p)
		w.slack.people[id] = p
	}
}

// TestUnreadableSource: a source of authority that can't be read shuts out only people who
// depend on it.
func TestUnreadableSource(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name              string
		groups, directory error
		who               string
		right             Right
		fails             bool
	}{
		{name: "group down, on the list", groups: errAway, who: ana, right: Listed},
		{name: "group down, the owner", groups: errAway, who: carol, right: Owner},
		{name: "group down, a member of it", groups: errAway, who: bob, fails: true},
		{name: "group down, anyone else", groups: errAway, who: dave, fails: true},
		{name: "directory down, on the list", directory: errAway, who: ana, right: Listed},
		{name: "directory down, in the group", directory: errAway, who: bob, right: Listed},
		{name: "directory down, the owner", directory: errAway, who: carol, fails: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.slack.groups, w.directory.err = row.groups, row.directory
			right, no, err := w.May(t.Context(), Query{
				Verb: Confirm, Person: w.slack.people[bot.UserID(row.who)], Place: Place{Team: workspace, Channel: "C0"}, Request: carols(nil), Now: noon,
			})
			if right != row.right || (err != nil) != row.fails || no != nil {
				t.Errorf("May() = %v, %v, %v; want %v, an error: %t", right, no, err, row.right, row.fails)
			}
		})
	}
}

// TestListClosed: a person who may be on a list that stays unreadable until an operator fixes
// it is refused, and told why. This proves nothing against the addressee of a question.
func TestListClosed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		groups error
		closed bool
		fails  bool
	}{
		{"no scope", bot.ErrMissingScope, true, false},
		{"refused", bot.ErrRefused, true, false},
		{"down", bot.ErrUnavailable, false, true},
		{"readable", nil, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.slack.groups = row.groups
			q := Query{
				Verb: Confirm, Person: w.slack.people[bot.UserID(dave)], Place: Place{Team: workspace, Channel: "C0"},
				Request: carols(func(r *cancellation.Request) { r.For = dave }), Now: noon,
			}
			right, no, err := w.May(t.Context(), q)
			if right != Nobody || (err != nil) != row.fails || (no == nil) != row.fails {
				t.Fatalf("May() = %v, %v, %v; want an error: %t", right, no, err, row.fails)
			}
			if no != nil && (no.ListClosed != row.closed || Disowned(q, no) == row.closed) {
				t.Errorf("May() = %+v, disowned: %t; want the list closed: %t", no, Disowned(q, no), row.closed)
			}
			of, err := w.MayListFor(t.Context(), w.slack.people[bot.UserID(dave)], w.slack.people[bot.UserID(carol)])
			if (err != nil) != row.fails || of != nil && of.ListClosed != row.closed {
				t.Errorf("MayListFor() = %+v, %v; want the list closed: %t, an error: %t", of, err, row.closed, row.fails)
			}
		})
	}
}

// TestPersonalRightsNeedNoLookup: rights that the asker has anyway need no look-up, so a
// failing source can't take them away.
func TestPersonalRightsNeedNoLookup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.slack.groups, w.directory.err = errAway, errAway
	r := carols(func(r *cancellation.Request) { r.Asker = dave })
	for _, v := range []Verb{Keep, Undo, Reason, CheckAgain, Look} {
		_, no, err := w.May(t.Context(), Query{Verb: v, Person: w.slack.people[dave], Place: Place{Team: workspace, Channel: "C0"}, Request: r, Now: noon})
		if err != nil || no != nil {
			t.Errorf("%s: %v, %v; want that the asker may", v, no, err)
		}
	}
	if w.slack.asked > 0 {
		t.Errorf("a user group was read %d times, want never", w.slack.asked)
	}
}

// TestOwnerCant: a refusal doesn't point to an owner who would be refused as well.
func TestOwnerCant(t *testing.T) {
	t.Parallel()
	for name, owner := range map[string]func(*world){
		"not in Slack":         without(carol),
		"has left":             withPerson(carol, func(p *bot.Person) { p.Deleted = true }),
		"a guest":              withPerson(carol, func(p *bot.Person) { p.Guest = true }),
		"of another workspace": withPerson(carol, func(p *bot.Person) { p.Team = "T0OTHER" }),
	} {
		w := newWorld(t)
		owner(w)
		_, no, err := w.May(t.Context(), Query{Verb: Ask, Person: w.slack.people[dave], Place: Place{Team: workspace, Channel: "C0"}, Request: carols(nil), Now: noon})
		if err != nil || no == nil || no.Kind != answer.NotAllowed || !no.OwnerCant {
			t.Errorf("an owner who is %s: %+v, %v, want that they can't either", name, no, err)
		}
	}
	for _, verb := range []Verb{Ask, Confirm, Keep} {
		w := newWorld(t)
		q := Query{Verb: verb, Person: w.slack.people[dave], Place: Place{Team: workspace, Channel: "C0"}, Request: carols(nil), Now: noon}
		for _, soon := range []bool{false, true} {
			if soon {
				lead(w)
			}
			_, no, err := w.May(t.Context(), q)
			if want := soon && verb != Keep; err != nil || no == nil || no.OwnerCant != want {
				t.Errorf("%s, close to the start %t: %+v, %v, want that the owner can't either: %t", verb, soon, no, err, want)
			}
		}
	}
}

// TestOwnerIsSecond: an asker who may not confirm is told that the owner may, unless they are
// the owner, the owner may not either, or the owner is unknown.
func TestOwnerIsSecond(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		asker string
		rules func(*world)
		cant  bool
	}{
		{name: "on the list", asker: ana},
		{name: "in the group", asker: bob},
		{name: "the owner", asker: carol, cant: true},
		{name: "the owner, on the list", asker: carol, rules: func(w *world) { w.Users = []string{carol} }, cant: true},
		{name: "the owner is a guest", asker: ana, rules: withPerson(carol, func(p *bot.Person) { p.Guest = true }), cant: true},
		{name: "the owner is not in Slack", asker: ana, rules: without(carol), cant: true},
		{name: "it starts too soon for the owner", asker: ana, rules: lead, cant: true},
		{name: "too soon, but the owner is on the list", asker: ana, rules: func(w *world) { lead(w); w.Users = []string{ana, carol} }},
		{name: "the owner is unknown", asker: ana, rules: func(w *world) { w.directory.err = errAway }, cant: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Second = cancellation.SecondAlways
			if row.rules != nil {
				row.rules(w)
			}
			_, no, err := w.May(t.Context(), Query{
				Verb: Confirm, Person: w.slack.people[bot.UserID(row.asker)], Place: Place{Team: workspace, Channel: "C0"},
				Request: carols(func(r *cancellation.Request) { r.Asker = row.asker }), Now: noon,
			})
			if err != nil || no == nil || no.Kind != answer.SecondPersonNeeded || no.OwnerCant != row.cant {
				t.Errorf("May() = %+v, %v, want the owner unable: %t", no, err, row.cant)
			}
		})
	}
}
