package report

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/store"
)

// OwnerPatience is how long the thread reply waits for the owners to be told. After that, the
// reply says that the bot is still trying, and is corrected later.
const OwnerPatience = 10 * time.Second

// A recipient is a person to tell that their meetings were removed. If there are several
// meetings, accounts are this person's accounts at the meeting service.
type recipient struct {
	in       access.OwnerInSlack
	accounts []cancellation.Owner
}

// tellOwners sends each owner one message about what was removed, and about what a delegate of
// theirs did, successful or not; if there is a message already, it is corrected. An owner
// who can't be told is a result too: the thread says so, and the command doesn't fail.
// "Could not be found" is only said when everyone who would know has answered. Owners
// without a result are left to a later run.
func (p *reportRun) tellOwners(ctx context.Context) ([]ending, error) {
	if e := p.R.Effects[cancellation.OwnerEffect]; !e.Begun() || e.Ended() {
		return nil, nil
	}
	people, unknown := recipients(ctx, p.Task)
	told, errs := step.Map(people, func(who recipient) (ending, error) { return p.tellOwner(ctx, who) })
	return told, errors.Join(append(errs, unknown)...)
}

// recipients returns the owners who haven't been told yet, and those not found. The error is
// about those who could not be looked up.
func recipients(ctx context.Context, t *step.Task) (people []recipient, err error) {
	b := t.R.Batch
	if b == nil {
		in, err := t.Owners.Of(ctx, t.R.Meeting)
		if err != nil {
			return nil, err
		}
		return []recipient{{in: in}}, nil
	}
	found, errs := step.Map(b.Owners, func(o cancellation.Owner) (access.OwnerInSlack, error) {
		if !b.MustKnow(o) {
			return access.OwnerInSlack{}, nil
		}
		at := slices.IndexFunc(b.Meetings, func(m cancellation.Meeting) bool { return m.OwnerUUID == o.UUID })
		return t.Owners.Of(ctx, b.Meetings[at])
	})
	for i, o := range b.Owners {
		if errs[i] != nil || !b.MustKnow(o) {
			continue
		}
		at := slices.IndexFunc(people, func(known recipient) bool {
			return found[i].Found && known.in.Found && known.in.Person.ID == found[i].Person.ID
		})
		if at < 0 {
			people, at = append(people, recipient{in: found[i]}), len(people)
		}
		people[at].accounts = append(people[at].accounts, o)
	}
	untold := func(o cancellation.Owner) bool { return o.Round < b.Round }
	return slices.DeleteFunc(people, func(who recipient) bool { return !slices.ContainsFunc(who.accounts, untold) }), errors.Join(errs...)
}

// tellOwner tells one recipient. With several owners, each result is recorded at once, so that a
// crash in between repeats at most one message.
func (p *reportRun) tellOwner(ctx context.Context, who recipient) (ending, error) {
	user := string(who.in.Person.ID)
	var result cancellation.NoticeResult
	var ref bot.MessageRef
	var err error
	switch {
	case !who.in.Found:
		result = cancellation.NoticeNotFound
	case user == p.R.ConfirmedBy, user == p.R.ClosedBy && p.R.State == cancellation.Declined:
		result = cancellation.NoticeOwnAction
	default:
		result, ref, err = p.write(ctx, who)
	}
	if err != nil {
		return ending{}, err
	}
	e := ending{
		kind: cancellation.OwnerEffect, ref: PlaceOf(ref), result: string(result),
		owner: cancellation.Notice{Name: p.R.Meeting.OwnerName, User: user, Result: result},
	}
	for _, o := range who.accounts {
		e.late = e.late || o.User == "" && user != ""
		o.User, o.Ref, o.Result, o.Round = cmp.Or(user, o.User), cmp.Or(e.ref, o.Ref), result, p.R.Batch.Round
		e.accounts = append(e.accounts, o)
	}
	p.noteEnding(e)
	if p.R.Batch != nil {
		p.recordNow(ctx)
	}
	return e, nil
}

// write sends the message or corrects it, unless an earlier run did.
func (p *reportRun) write(ctx context.Context, who recipient) (cancellation.NoticeResult, bot.MessageRef, error) {
	to, link := who.in.Person, p.Board.Permalink(ctx, card.RefOf(p.R.Card))
	kind := cancellation.OwnerEffect
	var m bot.Message
	if p.R.Batch == nil {
		kind = markOf(p.R.Request, kind)
		m = notice.Owner(p.Views.Person(to.Locale), p.R.Request, link)
	} else {
		kind += cancellation.EffectKind("/" + who.accounts[0].UUID)
		m = batch.OwnerNotice(p.Views.Person(to.Locale), p.R.Request, who.accounts, link)
	}
	m = card.Mark(m, p.R.ID, kind)
	ref, err := p.findSent(ctx, who, kind)
	switch {
	case err != nil:
		return "", ref, err
	case ref.IsZero():
		ref, err = p.Board.DM(ctx, to.ID, m)
	case p.R.Batch != nil: // news about the other meetings may have changed it
		err = p.Slack.Update(ctx, ref, m)
	}
	switch {
	case err == nil:
		failpoint.Here(failpoint.OwnerTold)
		return cancellation.NoticeSent, ref, nil
	case bot.Permanent(err):
		p.Logger(p.R.Request).WarnContext(ctx, "could not message the owner", "error", err)
		return cancellation.NoticeRefused, bot.MessageRef{}, nil
	}
	return "", ref, err
}

// findSent returns where an earlier round or run posted the message; zero if none did.
func (p *reportRun) findSent(ctx context.Context, who recipient, kind cancellation.EffectKind) (ref bot.MessageRef, err error) {
	for _, o := range who.accounts {
		if o.Ref != "" {
			ref = ParsePlace(o.Ref)
		}
	}
	if ref.IsZero() && p.Attempt > 0 {
		var posted cancellation.Card
		posted, _, err = p.Board.Find(ctx, card.Direct(who.in.Person.ID), p.R.ID, kind, since(p.Task))
		ref = card.RefOf(posted)
	}
	return ref, err
}

// assignParts records the owner on parts of a request that began before the owner was found,
// because Home and the history show people their own meetings.
func assignParts(ctx context.Context, tx *store.Tx, whole cancellation.ID, e ending) error {
	parts, err := tx.Requests.Parts(ctx, whole)
	for _, part := range parts {
		theirs := func(o cancellation.Owner) bool { return o.UUID == part.Meeting.OwnerUUID }
		if part.Owner.User == "" && slices.ContainsFunc(e.accounts, theirs) {
			part.Owner.User = e.owner.User
			err = errors.Join(err, tx.Requests.Save(ctx, &part))
		}
	}
	return err
}

// tellAsker sends the person who asked the owner a direct message about how their question
// ended.
func (p *reportRun) tellAsker(ctx context.Context) error {
	if !p.R.TellsAsker() || p.R.Effects[cancellation.AskerEffect].Ended() {
		return nil
	}
	to := bot.UserID(p.R.Asker)
	person := p.Reader(ctx, to)
	ref, way, err := p.writeTo(ctx, to, p.R.Request, cancellation.AskerEffect, notice.Question(p.Views.Person(person.Locale), p.R.Request), Sent)
	switch {
	case err == nil:
		failpoint.Here(failpoint.AskerTold)
		p.note(cancellation.AskerEffect, ref, way)
	case bot.Permanent(err):
		p.Logger(p.R.Request).WarnContext(ctx, "could not message the asker", "error", err)
		p.note(cancellation.AskerEffect, bot.MessageRef{}, refused)
	default:
		return err
	}
	return nil
}
