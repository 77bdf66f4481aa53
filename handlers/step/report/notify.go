package report

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// Patience is how long the thread reply waits for the owner to be told. After that, the
// reply says that the bot is still trying, and is corrected later.
const Patience = 10 * time.Second

// owner tells the owner of one meeting in a direct message; for those of several, see
// owners. That nobody can be told is a result, and the thread says so; the command does
// not fail for it. "Could not be found" is said only when everybody who would know has
// answered.
func (p *reporting) owner(ctx context.Context) error {
	if p.r.Batch != nil || !p.r.TellsOwner() || p.r.Effects[cancellation.OwnerEffect].Ended() {
		return nil
	}
	var to access.OwnerInSlack
	var link string
	var g errgroup.Group
	g.Go(func() (err error) { to, err = p.Owners.Of(ctx, p.r.Meeting); return err })
	g.Go(func() error { link = p.Board.Permalink(ctx, card.RefOf(p.r.Card)); return nil })
	if err := g.Wait(); err != nil {
		return err
	}
	p.notice = cancellation.Notice{Name: p.r.Meeting.OwnerName}
	if !to.Found {
		p.toldOwner(cancellation.NoticeNotFound, bot.MessageRef{})
		return nil
	}
	p.notice.User = string(to.Person.ID)
	if p.notice.User == p.r.ConfirmedBy || p.notice.User == p.r.ClosedBy {
		p.toldOwner(cancellation.NoticeOwnAction, bot.MessageRef{})
		return nil
	}
	return p.write(ctx, to.Person, link)
}

// write sends the message, unless an earlier run has sent it.
func (p *reporting) write(ctx context.Context, to bot.Person, link string) error {
	m := card.Mark(p.Views.OwnerNotice(to.Locale, p.r.Request, link), p.r.ID, cancellation.OwnerEffect)
	if p.run.Attempt > 0 {
		ref, found, err := p.PostedTo(ctx, to.ID, p.r.ID, cancellation.OwnerEffect, p.since())
		if err != nil {
			return err
		}
		if found {
			p.toldOwner(cancellation.NoticeSent, ref)
			return nil
		}
	}
	ref, err := p.Board.DM(ctx, to.ID, m)
	switch {
	case err == nil:
		failpoint.Here(failpoint.OwnerTold)
		p.toldOwner(cancellation.NoticeSent, ref)
	case bot.Permanent(err):
		p.Logger(p.r.Request).WarnContext(ctx, "owner can't be written to", "error", err)
		p.toldOwner(cancellation.NoticeRefused, bot.MessageRef{})
	default:
		return err
	}
	return nil
}

// toldOwner notes what became of telling the owner.
func (p *reporting) toldOwner(result cancellation.NoticeResult, ref bot.MessageRef) {
	p.notice.Result = result
	step.Observe(p.Observe.OwnerNotice, string(p.notice.Result))
	p.note(cancellation.OwnerEffect, ref, string(p.notice.Result))
}
