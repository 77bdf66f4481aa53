package access

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// Everybody means all people in ALLOW_USERS and ALLOW_USERGROUPS, and all channels in
// ALLOW_CHANNELS. It must be written out: an empty list of people means nobody.
const Everybody = "*"

// Slack is what a policy asks Slack.
type Slack interface {
	Identify(ctx context.Context) (bot.Identity, error)
	GroupMembers(ctx context.Context, group bot.GroupID) ([]bot.UserID, error)
}

// A Policy decides who may do what. All fields except Delegated are required.
type Policy struct {
	Slack  Slack
	Owners *Owners
	Log    *slog.Logger
	// Delegated reports whether giver currently delegates to receiver. If nil, there are no
	// delegations. An error means that it is unknown.
	Delegated func(ctx context.Context, giver, receiver bot.UserID) (bool, error)
	Settings
}

// Settings are the operator's decisions about who may do what.
type Settings struct {
	Users     []string // Slack user ids of people who may cancel any meeting; Everybody means all
	Groups    []string // Slack user groups whose members may cancel any meeting
	Channels  []string // where the command works; empty means everywhere
	Second    cancellation.SecondPerson
	LeadTime  time.Duration // LEAD_TIME; zero means none
	Questions bool          // people who may not cancel a meeting may ask its owner
}

// A Query asks whether a person may do something.
type Query struct {
	Verb    Verb
	Person  bot.Person
	Place   Place
	Request cancellation.Request // as it would be if this is allowed; zero for verbs without a request
	// Together is how many meetings are cancelled together, including Request's; 0 means 1.
	Together int
	Now      time.Time
}

// A Place is where an event happened, according to Slack.
type Place struct {
	Team       string
	Enterprise string
	Channel    string // the request's channel; may be empty
}

// May returns the right by which a person may do something, or the answer that refuses. An
// error means that a source that the person depends on could not be read.
func (p *Policy) May(ctx context.Context, q Query) (Right, *answer.Answer, error) {
	if a, err := p.admit(ctx, q); a != nil || err != nil {
		return Nobody, a, err
	}
	if right := personal(q); table[q.Verb][right].Allowed {
		return right, nil, nil
	}
	if !needsAuthority(q.Verb) {
		return Nobody, &answer.Answer{Kind: answer.UnknownButton, Request: q.Request}, nil
	}
	right, owner, closed, err := p.authority(ctx, q.Person, q.Request.Meeting)
	if err != nil {
		return Nobody, nil, err
	}
	rules := table[q.Verb][right]
	switch {
	case !rules.Allowed:
		a := p.refusal(ctx, q, owner)
		a.ListClosed = closed
		return Nobody, a, nil
	case rules.LeadTime && p.tooSoon(q) != "":
		return Nobody, p.withHelpers(answer.Answer{Kind: p.tooSoon(q), Request: q.Request, Wait: p.LeadTime}), nil
	case rules.SecondPerson && string(q.Person.ID) == q.Request.Asker && p.needsSecond(q):
		return Nobody, p.withHelpers(answer.Answer{Kind: answer.SecondPersonNeeded, Request: q.Request, OwnerCant: !p.ownerIsSecond(ctx, q)}), nil
	}
	return right, nil, nil
}

// MayAny reports whether a person is on a list of those who may cancel any meeting. An error
// means that they may be; isClosed tells whether retrying can help.
func (p *Policy) MayAny(ctx context.Context, who bot.Person) (bool, error) {
	if p.named(who.ID) {
		return true, nil
	}
	var failed, closed error
	for _, g := range p.Groups {
		members, err := p.Slack.GroupMembers(ctx, bot.GroupID(g))
		switch {
		case bot.IsNoSuchGroup(err): // treat it as empty
			p.Log.WarnContext(ctx, "a user group of ALLOW_USERGROUPS does not exist", "group", g)
			continue
		case isClosed(err):
			closed = errors.Join(closed, err)
			continue // a broken group must not shut out members of another
		case err != nil:
			failed = errors.Join(failed, err)
			continue
		}
		if slices.Contains(members, who.ID) {
			return true, nil
		}
	}
	return false, cmp.Or(failed, closed)
}

// isClosed reports whether a list that couldn't be read stays unreadable until an operator
// changes something.
func isClosed(err error) bool { return bot.NeedsOperator(err) || bot.Permanent(err) }

// admit refuses people who may not use the command here at all. Guests and people from other
// workspaces never may, whatever the lists say.
func (p *Policy) admit(ctx context.Context, q Query) (*answer.Answer, error) {
	us, err := p.Slack.Identify(ctx)
	if err != nil {
		return nil, err
	}
	switch why := whyNotMember(q.Person, us); {
	case why == External, q.Place.isForeign(us):
		return &answer.Answer{Kind: answer.Stranger}, nil
	case why == Guest:
		return &answer.Answer{Kind: answer.Guest}, nil
	case why != "":
		return &answer.Answer{Kind: answer.Inactive}, nil
	case !worksAnywhere(q.Verb) && !p.worksIn(q.Place.Channel):
		return &answer.Answer{Kind: answer.WrongChannel, Channels: p.Channels}, nil
	}
	return nil, nil //nolint:nilnil // no refusal
}

// worksIn reports whether the command works in a channel. Anything without a channel is
// allowed.
func (p *Policy) worksIn(channel string) bool {
	return len(p.Channels) == 0 || channel == "" || slices.Contains(p.Channels, channel) || slices.Contains(p.Channels, Everybody)
}

// personal returns the strongest right that needs no look-up.
func personal(q Query) Right {
	id := string(q.Person.ID)
	switch {
	case q.Request.Asker == id && table[q.Verb][Asker].Allowed:
		return Asker
	case q.Request.ConfirmedBy == id && table[q.Verb][Presser].Allowed:
		return Presser
	case isAddressee(q) && table[q.Verb][Addressee].Allowed:
		return Addressee
	}
	return Member
}

// authority looks up the right by which a person may cancel a meeting: people on the lists may
// cancel any, owners their own, and delegates their giver's. For a person without a right it
// also returns the owner.
//
// A source that can't be read matters only if nothing else gives the person access. closed
// reports that such a source is a list that they may be on and that stays unreadable.
func (p *Policy) authority(ctx context.Context, who bot.Person, m cancellation.Meeting) (_ Right, _ OwnerInSlack, closed bool, _ error) {
	listed, listErr := p.MayAny(ctx, who)
	if listed {
		return Listed, OwnerInSlack{}, false, nil
	}
	right, owner, err := p.ownership(ctx, who, m)
	if right != Nobody && err == nil {
		return right, owner, false, nil
	}
	if err == nil && listErr != nil && !isClosed(listErr) {
		err = listErr
	}
	if err == nil && listErr != nil {
		p.Log.ErrorContext(ctx, "a user group of ALLOW_USERGROUPS can't be read; its members are refused", "error", listErr)
	}
	return Nobody, owner, listErr != nil, err
}

// ownership looks up the right that a person has as a meeting's owner, or from the owner. It
// makes sure who the owner is only if that gives the person a right.
func (p *Policy) ownership(ctx context.Context, who bot.Person, m cancellation.Meeting) (right Right, owner OwnerInSlack, err error) {
	owner, err = p.Owners.Of(ctx, m)
	switch {
	case err != nil || !owner.Found:
		return Nobody, owner, err
	case owner.Person.ID == who.ID:
		right = Owner
	default:
		delegates, err := p.HasDelegated(ctx, owner.Person, who)
		if err != nil || !delegates {
			return Nobody, owner, err
		}
		right = Delegate
	}
	if owner, err = p.Owners.RequireUnique(ctx, owner); !owner.Found {
		right = Nobody
	}
	return right, owner, err
}

// refusal returns the answer for a person without a right. The addressee of a question owned
// the meeting when it was asked, so if the owner can't be found any more, that proves nothing
// against them.
func (p *Policy) refusal(ctx context.Context, q Query, owner OwnerInSlack) *answer.Answer {
	a := answer.Answer{Kind: answer.NotAllowed, Request: q.Request}
	a.OwnerCant = p.ownerCant(ctx, q, owner)
	switch {
	case owner.Shared:
		a.Kind = answer.NotAllowedOwnerShared
	case !owner.Found && (isAddressee(q) || !owner.isNot(q.Person)):
		a.Kind = answer.NotAllowedOwnerUnknown
	case q.Verb == Undo:
		a.Kind = answer.NotYoursToStop
	case q.Verb != Ask && string(q.Person.ID) != q.Request.Asker:
		a.Kind = answer.NotYourButton
	}
	return p.withHelpers(a)
}

// ownerCant reports whether the owner couldn't do it either, as far as is known.
func (p *Policy) ownerCant(ctx context.Context, q Query, owner OwnerInSlack) bool {
	refused, err := p.admit(ctx, Query{Person: owner.Person, Place: q.Place})
	return !owner.Found || err == nil && refused != nil || p.ownerTooSoon(ctx, q, owner.Person) != ""
}

// ownerTooSoon says why LEAD_TIME would refuse the owner too; empty if it wouldn't. It doesn't
// apply to an owner who is on a list.
func (p *Policy) ownerTooSoon(ctx context.Context, q Query, owner bot.Person) answer.Kind {
	soon := p.tooSoon(q)
	if soon == "" || !table[q.Verb][Owner].LeadTime {
		return ""
	}
	if listed, _ := p.MayAny(ctx, owner); listed {
		return ""
	}
	return soon
}

// ownerLookupTime is how long a refusal waits to learn whether it can name the owner.
const ownerLookupTime = time.Second

// ownerIsSecond reports whether the owner is known, isn't the asker (who may not confirm), and
// may confirm.
func (p *Policy) ownerIsSecond(ctx context.Context, q Query) bool {
	ctx, cancel := context.WithTimeout(bot.AnyAge(ctx), ownerLookupTime)
	defer cancel()
	owner, err := p.Owners.Of(ctx, q.Request.Meeting)
	if err == nil {
		owner, err = p.Owners.RequireUnique(ctx, owner)
	}
	return err == nil && owner.Person.ID != q.Person.ID && !p.ownerCant(ctx, q, owner)
}

// withHelpers adds the people who can help.
func (p *Policy) withHelpers(a answer.Answer) *answer.Answer {
	a.Users, a.Groups = p.Users, p.Groups
	return &a
}

// tooSoon says why LEAD_TIME protects something that would be cancelled: it starts too soon,
// or its start is unknown, so it might. Empty if neither is the case.
func (p *Policy) tooSoon(q Query) answer.Kind {
	if p.LeadTime <= 0 {
		return ""
	}
	starts, known := q.Request.Starts()
	soon := slices.ContainsFunc(starts, func(start time.Time) bool {
		return q.Now.Before(start) && !q.Now.Before(start.Add(-p.LeadTime))
	})
	switch {
	case soon:
		return answer.LeadTime
	case !known:
		return answer.StartUnknown
	}
	return ""
}

// needsSecond reports whether a person other than the asker has to confirm. If one of several
// meetings needs it, all do.
func (p *Policy) needsSecond(q Query) bool {
	return p.Second.Needs(q.Request.Ending(), cancellation.MayBeWholeSeries(q.Request)) || q.Together > 1 && p.Second == cancellation.SecondMany
}
