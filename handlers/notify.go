package handlers

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/store"
)

// owner tells the owner of the meeting in a direct message. That nobody can be
// told is a result, and the thread says so; the command does not fail for it.
func (p *reporting) owner(ctx context.Context) error {
	if !ownerIsTold(p.r) || p.done[store.OwnerEffect].Ended() {
		return nil
	}
	var to owner
	var link string
	var g errgroup.Group
	g.Go(func() (err error) { to, err = p.ownerOf(ctx, p.r.Meeting); return err })
	g.Go(func() error { link = p.permalink(ctx, refOf(p.r.Card)); return nil })
	if err := g.Wait(); err != nil {
		if !permanent(err) {
			return err
		}
		to = owner{}
	}
	p.notice = cancellation.Notice{Name: p.r.Meeting.OwnerName}
	if !to.found {
		p.toldOwner(cancellation.NoticeNotFound, bot.MessageRef{})
		return nil
	}
	p.notice.User = string(to.person.ID)
	if p.notice.User == p.r.ConfirmedBy {
		p.toldOwner(cancellation.NoticeOwnAction, bot.MessageRef{})
		return nil
	}
	return p.write(ctx, to.person, link)
}

// ownerPatience is how long the reply in the thread waits for the owner to be
// told. After that it says that this is still being tried, and is put right once
// the owner knows.
const ownerPatience = 10 * time.Second

// write sends the message, unless an earlier run has sent it.
func (p *reporting) write(ctx context.Context, to bot.Person, link string) error {
	m := p.marked(p.views.OwnerNotice(to.Locale, p.r, link), p.r.ID, store.OwnerEffect)
	if !p.lease.First() {
		ref, found, err := p.postedToPerson(ctx, to.ID)
		if err != nil {
			return err
		}
		if found {
			p.toldOwner(cancellation.NoticeSent, ref)
			return nil
		}
	}
	ref, err := p.bot.DM(ctx, to.ID, m)
	switch {
	case err == nil:
		failpoint.Here(failpoint.OwnerTold)
		p.toldOwner(cancellation.NoticeSent, ref)
	case bot.Permanent(err):
		p.logger(p.r).WarnContext(ctx, "owner can't be written to", "error", err)
		p.toldOwner(cancellation.NoticeRefused, bot.MessageRef{})
	default:
		return err
	}
	return nil
}

// toldOwner notes what became of telling the owner.
func (p *reporting) toldOwner(result cancellation.NoticeResult, ref bot.MessageRef) {
	p.notice.Result = result
	p.observe.OwnerNotice(string(p.notice.Result))
	p.note(store.OwnerEffect, ref, string(p.notice.Result))
}

// postedToPerson looks in the direct messages with a person for the notice.
func (p *reporting) postedToPerson(ctx context.Context, to bot.UserID) (bot.MessageRef, bool, error) {
	if _, err := p.bot.Identify(ctx); err != nil && !bot.Permanent(err) {
		return bot.MessageRef{}, false, err
	}
	if !p.bot.CanSearch() {
		return bot.MessageRef{}, false, nil
	}
	channel, err := p.bot.DirectChannel(ctx, to)
	if err != nil {
		if !bot.Permanent(err) {
			return bot.MessageRef{}, false, err
		}
		return bot.MessageRef{}, false, nil // without im:write nobody can say where to look
	}
	return p.posted(ctx, bot.MessageRef{Channel: channel}, p.r.ID, store.OwnerEffect, p.since(store.OwnerEffect))
}
