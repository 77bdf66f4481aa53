package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	resultOther   = "another way" // through response_url, or a direct message to the asker
	resultRefused = "refused"     // Slack lets it in nowhere
)

// reportNext records in tx that the card's state is about to be shown, and that
// the others are about to be told, and enqueues the step that does it.
func (h *Handlers) reportNext(ctx context.Context, tx *store.Tx, r cancellation.Request) error {
	err := tx.Begin(ctx, r.ID, store.FinalEffect)
	if ownerIsTold(r) {
		err = errors.Join(err, tx.Begin(ctx, r.ID, store.OwnerEffect))
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
}

// An ending is how an effect ended.
type ending struct {
	kind        store.EffectKind
	ref, result string
}

func (p *reporting) run(ctx context.Context) error {
	var g errgroup.Group
	var final, told error
	g.Go(func() error { final = p.final(ctx); return nil })
	g.Go(func() error { told = p.owner(ctx); return nil })
	_ = g.Wait()
	if p.notice != (cancellation.Notice{}) {
		p.r.Owner = p.notice
	}
	if told == nil && threadIsTold(p.r) && !p.done[store.ThreadEffect].Ended() {
		if err := p.record(ctx, true); err != nil {
			return err
		}
		failpoint.Here(failpoint.BeforeThread)
		told = p.thread(ctx)
	}
	if err := errors.Join(final, told); err != nil {
		// The time counts from the change that is reported: a card that asks anew
		// has no closing time.
		if time.Since(p.done[store.FinalEffect].BegunAt) < reportFor {
			if recordErr := p.record(ctx, false); recordErr != nil {
				return recordErr
			}
			return retryLater(err)
		}
		p.logger(p.r).ErrorContext(ctx, "report given up", "error", err)
	}
	failpoint.Here(failpoint.BeforeFinish)
	return p.finish(ctx)
}

// note remembers how an effect ended, to be recorded with what else ends.
func (p *reporting) note(kind store.EffectKind, ref bot.MessageRef, result string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = append(p.ended, ending{kind: kind, ref: strings.Trim(string(ref.Channel)+"/"+ref.TS, "/"), result: result})
}

// record writes down what has ended so far and, if asked, that the thread's
// reply begins.
func (p *reporting) record(ctx context.Context, beginThread bool) error {
	_, err := p.store.Update(ctx, p.r.ID, func(tx *store.Tx, r *store.Request) error {
		if err := p.queue.Hold(ctx, tx, p.lease); err != nil {
			return err
		}
		if beginThread {
			if err := tx.Begin(ctx, r.ID, store.ThreadEffect); err != nil {
				return err
			}
		}
		return p.recordIn(ctx, tx, r)
	})
	return err
}

// finish records the rest and ends the step.
func (p *reporting) finish(ctx context.Context) error {
	_, err := p.store.Update(ctx, p.r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.State == p.r.State && r.Outcome == p.r.Outcome && r.State.Final() && r.Outcome != cancellation.Unknown {
			r.Response = cancellation.Response{} // a credential that nobody needs any more
		}
		return errors.Join(p.recordIn(ctx, tx, r), p.queue.Finish(ctx, tx, p.lease))
	})
	return err
}

func (p *reporting) recordIn(ctx context.Context, tx *store.Tx, r *store.Request) error {
	// Card, owner, thread: the same order in the trail, whoever was quicker.
	slices.SortFunc(p.ended, func(a, b ending) int { return strings.Compare(string(a.kind), string(b.kind)) })
	var err error
	for _, e := range p.ended {
		if e.kind == store.FinalEffect && (r.State != p.r.State || r.Outcome != p.r.Outcome) {
			continue // the card has moved on, and whoever moved it shows the rest
		}
		err = errors.Join(err, tx.End(ctx, r.ID, e.kind, e.ref, e.result))
		if e.kind == store.OwnerEffect {
			r.Owner = p.r.Owner
			err = errors.Join(err, tx.Audit(ctx, r.Request, store.EventNotified, "", map[string]string{"result": e.result, "user": r.Owner.User}))
		} else if r.State.Final() {
			err = errors.Join(err, tx.Audit(ctx, r.Request, store.EventReported, "", map[string]string{"what": string(e.kind), "result": e.result}))
		}
	}
	p.ended = nil
	return err
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

// tellAsker is the last way of telling: a direct message to whoever asked.
func (p *reporting) tellAsker(ctx context.Context, kind store.EffectKind) error {
	person, _ := p.bot.CachedPerson(bot.UserID(p.r.Asker))
	m := p.marked(p.views.AskerNotice(person.Locale, p.r, p.permalink(ctx, refOf(p.r.Card))), p.r.ID, kind)
	ref, err := p.bot.DM(ctx, bot.UserID(p.r.Asker), m)
	switch {
	case err == nil:
		p.note(kind, ref, resultOther)
	case bot.Permanent(err):
		p.logger(p.r).ErrorContext(ctx, "nobody could be told of the outcome", "error", err)
		p.note(kind, bot.MessageRef{}, resultRefused)
	default:
		return err
	}
	return nil
}

// since is from when on a message may have been posted by an earlier run; zero if
// none was begun. The beginning that is recorded is only the last one, and an
// earlier one may have got through, so it counts from the outcome on.
func (p *reporting) since(kind store.EffectKind) time.Time {
	if !p.done[kind].Begun() {
		return time.Time{}
	}
	return p.r.ClosedAt
}

// thread replies in the card's thread.
func (p *reporting) thread(ctx context.Context) error {
	m := p.marked(p.views.ThreadReply(p.r), p.r.ID, store.ThreadEffect)
	parent := refOf(p.r.Card)
	if p.r.Thread != "" && p.r.Card.Way == cancellation.ByMessage {
		parent.TS = p.r.Thread // a card inside a thread is answered in that thread
	}
	ref, found, err := p.posted(ctx, parent, p.r.ID, store.ThreadEffect, p.since(store.ThreadEffect))
	if err != nil {
		return err
	}
	if found {
		p.note(store.ThreadEffect, ref, resultSent)
		return nil
	}
	err = bot.ErrGone
	if p.r.Card.Way != cancellation.ByResponse && !parent.IsZero() {
		if ref, err = p.bot.Reply(ctx, parent, m); err == nil {
			failpoint.Here(failpoint.ThreadTold)
			p.note(store.ThreadEffect, ref, resultSent)
			return nil
		}
		if !bot.Permanent(err) {
			return err
		}
	}
	if p.r.Response.URL != "" {
		err = p.bot.Respond(ctx, bot.Secret(p.r.Response.URL), bot.Response{Message: m, InChannel: true, Thread: parent.TS})
		if err == nil {
			p.note(store.ThreadEffect, parent, resultOther)
			return nil
		}
		if !bot.Permanent(err) {
			return err
		}
	}
	p.logger(p.r).WarnContext(ctx, "no reply possible in the card's thread", "error", err)
	return p.tellAsker(ctx, store.ThreadEffect)
}
