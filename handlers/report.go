package handlers

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// reportFor is how long a report is tried. After a day nobody waits for it.
const reportFor = 24 * time.Hour

// The results of a report, as they are recorded.
const (
	resultSent    = "sent"
	resultEarly   = "sent early"     // a reply that could not say yet whether the owner was told
	resultOther   = "another way"    // through response_url
	resultDirect  = "direct message" // to the asker, the last way of telling
	resultRefused = "refused"        // Slack lets it in nowhere
)

// reportNext records in tx that the card's state is about to be shown, and that
// the others are about to be told, and enqueues the step that does it.
func (h *Handlers) reportNext(ctx context.Context, tx *store.Tx, r cancellation.Request) error {
	err := tx.Begin(ctx, r.ID, store.FinalEffect)
	if ownerIsTold(r) {
		err = errors.Join(err, tx.Begin(ctx, r.ID, store.OwnerEffect))
	}
	if threadIsTold(r) {
		err = errors.Join(err, tx.Begin(ctx, r.ID, store.ThreadEffect))
	}
	return errors.Join(err, h.queue.Enqueue(ctx, tx, jobs.Job{Step: stepReport, Subject: string(r.ID)}))
}

// ownerIsTold reports whether something happened that the owner must know.
func ownerIsTold(r cancellation.Request) bool {
	return r.State == cancellation.Done && r.Outcome.Removed()
}

// threadIsTold reports whether there is an outcome to tell in the thread. An
// unknown one is told once it is known.
func threadIsTold(r cancellation.Request) bool {
	return r.State == cancellation.Done && r.Outcome != cancellation.Unknown
}

// report is the step that follows every change a card has to show: the card
// itself and the owner's message at once, then the reply in the thread, which
// says whether the owner was reached.
func (h *Handlers) report(ctx context.Context, l jobs.Lease, id string) error {
	// One report of a request at a time: an outcome that is settled late is
	// reported anew, and must find what the first report has done.
	defer h.reports.lock(cancellation.ID(id))()
	r, err := h.store.Request(ctx, cancellation.ID(id))
	if err != nil {
		return err
	}
	done, err := h.store.Effects(ctx, r.ID)
	if err != nil {
		return err
	}
	rep := &reporting{Handlers: h, lease: l, r: r.Request, done: done}
	for _, e := range done {
		rep.direct = rep.direct || e.Result == resultDirect
	}
	return rep.run(ctx)
}

// A reporting is one run of the report step.
type reporting struct {
	*Handlers
	lease jobs.Lease
	r     cancellation.Request
	done  map[store.EffectKind]store.Effect

	mu     sync.Mutex
	ended  []ending            // what this run has brought about and has not recorded yet
	notice cancellation.Notice // what became of telling the owner; theirs alone until both have ended

	cardLater bool // the card could not be shown for the moment
	direct    bool // the asker has the outcome in a direct message
}

func (p *reporting) run(ctx context.Context) error {
	final, told := p.cardAndOwner(ctx)
	p.cardLater = final != nil
	late := told != nil && threadIsTold(p.r) && time.Since(p.r.ClosedAt) >= ownerPatience
	if late {
		p.r.Owner = cancellation.Notice{Result: cancellation.NoticeDelayed, Name: p.r.Meeting.OwnerName}
	}
	if threadIsTold(p.r) && (told == nil || late) {
		failpoint.Here(failpoint.BeforeThread)
		err := p.recordBeside(ctx, p.thread)
		if errors.Is(err, jobs.ErrLeaseLost) {
			return err
		}
		told = errors.Join(told, err)
	}
	if err := errors.Join(final, told); err != nil {
		// The time counts from the change that is reported: a card that asks anew
		// has no closing time.
		if time.Since(p.done[store.FinalEffect].BegunAt) < reportFor {
			if recordErr := p.record(ctx); recordErr != nil {
				return recordErr
			}
			return retryLater(err)
		}
		p.logger(p.r).ErrorContext(ctx, "report given up", "error", err)
	}
	failpoint.Here(failpoint.BeforeFinish)
	return p.finish(ctx)
}

// cardAndOwner shows the outcome on the card and tells the owner, at once.
func (p *reporting) cardAndOwner(ctx context.Context) (final, told error) {
	var g errgroup.Group
	g.Go(func() error { final = p.final(ctx); return nil })
	g.Go(func() error { told = p.owner(ctx); return nil })
	_ = g.Wait()
	if p.notice.Result != "" {
		p.r.Owner = p.notice
	}
	return final, told
}

// recordBeside does what is next in the row of calls, and meanwhile records what
// has ended before it.
func (p *reporting) recordBeside(ctx context.Context, next func(context.Context) error) error {
	// A process that was frozen until now finds that somebody else has gone on.
	if until, limited := ctx.Deadline(); limited && !time.Now().Before(until) {
		return errTooLate
	}
	ended := p.take()
	var g errgroup.Group
	g.Go(func() error { return p.recordThat(ctx, ended) })
	return errors.Join(next(ctx), g.Wait())
}

// final shows the card's state. Where the card can't be changed any more, the
// asker is told directly what became of their request.
func (p *reporting) final(ctx context.Context) error {
	if p.done[store.FinalEffect].Ended() {
		return nil
	}
	_, err := p.redraw(ctx, p.r.ID)
	if err == nil {
		failpoint.Here(failpoint.FinalDrawn)
		p.note(store.FinalEffect, refOf(p.r.Card), resultSent)
		return nil
	}
	if !permanent(err) {
		return err
	}
	p.logger(p.r).WarnContext(ctx, "card can't be changed any more", "error", err)
	if !threadIsTold(p.r) {
		p.note(store.FinalEffect, bot.MessageRef{}, resultRefused)
		return nil
	}
	return p.tellAsker(ctx, store.FinalEffect)
}

// tellAsker is the last way of telling: a direct message to whoever asked. One
// of them stands for the card and for the reply.
func (p *reporting) tellAsker(ctx context.Context, kind store.EffectKind) error {
	if p.direct {
		p.note(kind, bot.MessageRef{}, resultDirect)
		return nil
	}
	person, _ := p.bot.CachedPerson(bot.UserID(p.r.Asker))
	m := p.marked(p.views.AskerNotice(person.Locale, p.r, p.permalink(ctx, refOf(p.r.Card))), p.r.ID, kind)
	ref, err := p.bot.DM(ctx, bot.UserID(p.r.Asker), m)
	switch {
	case err == nil:
		p.direct = true
		p.note(kind, ref, resultDirect)
	case bot.Permanent(err):
		p.logger(p.r).ErrorContext(ctx, "nobody could be told of the outcome", "error", err)
		p.note(kind, bot.MessageRef{}, resultRefused)
	default:
		return err
	}
	return nil
}
