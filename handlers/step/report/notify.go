package report

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
)

// Patience is how long the thread reply waits for the owner to be told. After that, the
// reply says that the bot is still trying, and is corrected later.
const Patience = 10 * time.Second

// owner tells the owner of one meeting in a direct message; for those of several, see
// owners. That nobody can be told is a result, and the thread says so; the command does
// not fail for it. "Could not be found" is said only when everybody who would know has
// answered. What has no result is for a later run.
func (p *reporting) owner(ctx context.Context) (cancellation.Notice, error) {
	if p.r.Batch != nil || !p.r.TellsOwner() || p.r.Effects[cancellation.OwnerEffect].Ended() {
		return cancellation.Notice{}, nil
	}
	var to access.OwnerInSlack
	var link string
	var g errgroup.Group
	g.Go(func() (err error) { to, err = p.Owners.Of(ctx, p.r.Meeting); return err })
	g.Go(func() error { link = p.Board.Permalink(ctx, card.RefOf(p.r.Card)); return nil })
	if err := g.Wait(); err != nil {
		return cancellation.Notice{}, err
	}
	n := cancellation.Notice{Name: p.r.Meeting.OwnerName, User: string(to.Person.ID)}
	var ref bot.MessageRef
	var err error
	switch {
	case !to.Found:
		n.Result = cancellation.NoticeNotFound
	case n.User == p.r.ConfirmedBy || n.User == p.r.ClosedBy:
		n.Result = cancellation.NoticeOwnAction
	default:
		n.Result, ref, err = p.write(ctx, to.Person, link)
	}
	if err != nil {
		return cancellation.Notice{}, err
	}
	p.add(ending{kind: cancellation.OwnerEffect, ref: PlaceOf(ref), result: string(n.Result), owner: n})
	return n, nil
}

// write sends the message, unless an earlier run has sent it.
func (p *reporting) write(ctx context.Context, to bot.Person, link string) (cancellation.NoticeResult, bot.MessageRef, error) {
	m := p.Views.OwnerNotice(to.Locale, p.r.Request, link)
	ref, err := p.DMOnce(ctx, p.run, to.ID, m, p.r.ID, cancellation.OwnerEffect, p.since())
	switch {
	case err == nil:
		failpoint.Here(failpoint.OwnerTold)
		return cancellation.NoticeSent, ref, nil
	case bot.Permanent(err):
		p.Logger(p.r.Request).WarnContext(ctx, "owner can't be written to", "error", err)
		return cancellation.NoticeRefused, bot.MessageRef{}, nil
	}
	return "", bot.MessageRef{}, err
}
