package access_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

var (
	noon   = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	errBad = errors.New("no answer")
	dave   = bot.Person{ID: "U0DAVE", Team: "T1", Email: "dave@example.com"}
	carol  = bot.Person{ID: "U0CAROL", Team: "T1", Email: "carol@example.com", Locale: "en-US"}
)

// outside is a Slack and a directory that know one meeting owner.
type outside struct {
	owner bot.Person
	err   error // of looking the owner up
}

func (o outside) Identify(context.Context) (bot.Identity, error) {
	return bot.Identity{Team: "T1"}, nil
}

func (o outside) GroupMembers(context.Context, bot.GroupID) ([]bot.UserID, error) {
	return []bot.UserID{"U0LISTED"}, nil
}

func (o outside) Person(context.Context, bot.UserID) (bot.Person, error) { return o.owner, o.err }

func (o outside) PersonByEmail(context.Context, string) (bot.Person, error) {
	if o.owner.ID == "" && o.err == nil {
		return bot.Person{}, bot.ErrNoSuchPerson
	}
	return o.owner, o.err
}

func (o outside) User(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{Email: "carol@example.com"}, nil
}

func (o outside) UserByEmail(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{}, nil
}

func (o outside) Member(context.Context, string) (meetingapi.User, error) {
	return meetingapi.User{}, nil
}

func policy(o outside) *access.Policy {
	return &access.Policy{
		Slack: o, Owners: access.NewOwners(o, o, nil), Log: slog.New(slog.DiscardHandler),
		Settings: access.Settings{Groups: []string{"S1"}, Questions: true, LeadTime: time.Hour},
	}
}

func about(p bot.Person, change func(*cancellation.Request)) access.Query {
	q := access.Query{Verb: access.Ask, Person: p, Now: noon, Place: access.Place{Team: "T1", Channel: "C1"}}
	q.Request.Asker, q.Request.Channel, q.Request.Scope = string(p.ID), "C1", cancellation.Whole
	q.Request.Meeting = cancellation.Meeting{ID: "914087436", OwnerUUID: "uuid-carol", Start: noon.Add(3 * time.Hour)}
	if change != nil {
		change(&q.Request)
	}
	return q
}

// TestAskOwner checks whom a person who may not cancel may ask, and why they may not.
func TestAskOwner(t *testing.T) {
	t.Parallel()
	guest, foreign, listed := carol, carol, dave
	guest.Guest, foreign.Team, listed.ID = true, "T2", "U0LISTED"
	boss := carol
	boss.ID = "U0LISTED"
	askingGuest := dave
	askingGuest.Guest = true
	within := func(r *cancellation.Request) { r.Meeting.Start = noon.Add(30 * time.Minute) }
	undecided := func(r *cancellation.Request) {
		within(r)
		r.Meeting.Recurring, r.Meeting.DatesKnown, r.Scope = true, true, cancellation.Undecided
	}
	for name, tt := range map[string]struct {
		outside outside
		who     bot.Person
		change  func(*cancellation.Request)
		set     func(*access.Policy)
		want    answer.Kind // empty: the owner
		err     error
	}{
		"the owner":                            {outside: outside{owner: carol}, who: dave},
		"switched off":                         {outside: outside{owner: carol}, who: dave, set: func(p *access.Policy) { p.Questions = false }, want: answer.NotAllowed},
		"a guest asks":                         {outside: outside{owner: carol}, who: askingGuest, want: answer.Guest},
		"a stranger asks":                      {outside: outside{owner: carol}, who: foreign, want: answer.Stranger},
		"in another channel":                   {outside: outside{owner: carol}, who: dave, set: func(p *access.Policy) { p.Channels = []string{"C2"} }, want: answer.WrongChannel},
		"may themselves":                       {outside: outside{owner: carol}, who: listed, want: answer.MayYourself},
		"owns it":                              {outside: outside{owner: carol}, who: carol, want: answer.MayYourself},
		"not found":                            {outside: outside{}, who: dave, want: answer.OwnerNotReached},
		"no owner given":                       {outside: outside{owner: carol}, who: dave, change: func(r *cancellation.Request) { r.Meeting.OwnerUUID = "" }, want: answer.OwnerNotReached},
		"owned by a guest":                     {outside: outside{owner: guest}, who: dave, want: answer.OwnerNotReached},
		"owned by a stranger":                  {outside: outside{owner: foreign}, who: dave, want: answer.OwnerNotReached},
		"too soon":                             {outside: outside{owner: carol}, who: dave, change: within, want: answer.LeadTime},
		"too soon, but the owner is on a list": {outside: outside{owner: boss}, who: dave, change: within},
		"no dates given": {outside: outside{owner: carol}, who: dave, change: func(r *cancellation.Request) {
			undecided(r)
			r.Meeting.DatesKnown = false
		}, want: answer.StartUnknown},
		"a later date is possible": {outside: outside{owner: carol}, who: dave, change: undecided},
		"no answer":                {outside: outside{err: errBad}, who: dave, err: errBad},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := policy(tt.outside)
			if tt.set != nil {
				tt.set(p)
			}
			owner, no, err := p.AskOwner(t.Context(), about(tt.who, tt.change))
			if !errors.Is(err, tt.err) {
				t.Fatalf("AskOwner() error = %v, want %v", err, tt.err)
			}
			var got answer.Kind
			if no != nil {
				got = no.Kind
			}
			if got != tt.want || owner.Found != (tt.want == "" && tt.err == nil) {
				t.Errorf("AskOwner() = found %t, %q, want %q", owner.Found, got, tt.want)
			}
		})
	}
}

// TestQuestionRights checks who may do what with a question to the owner.
func TestQuestionRights(t *testing.T) {
	t.Parallel()
	paulo := bot.Person{ID: "U0PAULO", Team: "T1", Email: "paulo@example.com"}
	put := func(r *cancellation.Request) { r.Asker, r.For = "U0DAVE", "U0CAROL" }
	for name, tt := range map[string]struct {
		owner    bot.Person
		who      bot.Person
		verb     access.Verb
		want     answer.Kind // empty: may
		disowned bool
	}{
		"the owner confirms":        {owner: carol, who: carol, verb: access.Confirm},
		"the owner keeps":           {owner: carol, who: carol, verb: access.Keep},
		"the owner mutes":           {owner: carol, who: carol, verb: access.Mute},
		"the former owner mutes":    {owner: paulo, who: carol, verb: access.Mute},
		"the former owner confirms": {owner: paulo, who: carol, verb: access.Confirm, want: answer.NotYourButton, disowned: true},
		"the former owner keeps":    {owner: paulo, who: carol, verb: access.Keep, want: answer.NotYourButton, disowned: true},
		"the owner is unknown":      {who: carol, verb: access.Keep, want: answer.NotAllowedOwnerUnknown},
		"the asker confirms":        {owner: carol, who: dave, verb: access.Confirm, want: answer.NotAllowed},
		"the asker mutes":           {owner: carol, who: dave, verb: access.Mute, want: answer.UnknownButton},
		"a colleague confirms":      {owner: carol, who: paulo, verb: access.Confirm, want: answer.NotYourButton},
		"a colleague mutes":         {owner: carol, who: paulo, verb: access.Mute, want: answer.UnknownButton},
		"the new owner confirms":    {owner: paulo, who: paulo, verb: access.Confirm},
		"the new owner mutes":       {owner: paulo, who: paulo, verb: access.Mute, want: answer.UnknownButton},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := policy(outside{owner: tt.owner})
			p.Second = cancellation.SecondAlways
			q := about(tt.who, put)
			q.Verb = tt.verb
			_, no, err := p.May(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var got answer.Kind
			if no != nil {
				got = no.Kind
			}
			if got != tt.want || access.Disowned(q, no) != tt.disowned {
				t.Errorf("May() = %q, disowned %t, want %q, %t", got, access.Disowned(q, no), tt.want, tt.disowned)
			}
		})
	}
}
