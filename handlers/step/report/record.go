package report

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// aloneAfter is how long what was told waits to be recorded in one commit with the rest.
const aloneAfter = time.Second / 4

// An ending is how an effect ended.
type ending struct {
	kind        cancellation.EffectKind
	ref, result string
	due         time.Time // when it is to be recorded, whatever else is on its way

	// Of telling an owner, what became of it; of one of several, with their accounts.
	owner    cancellation.Notice
	accounts []cancellation.Owner
	late     bool // nobody had found them before
}

// tell puts into r what became of telling an owner, and reports whether one of several did
// not know before.
func (e ending) tell(r *cancellation.Request) (news bool) {
	if r.Batch == nil && e.owner.Result != "" {
		r.Owner = e.owner
	}
	for _, o := range e.accounts {
		news = news || !slices.Contains(r.Batch.Owners, o)
		r.Batch = r.Batch.Told(o)
	}
	return news
}

// note remembers how an effect ended, to be recorded with what else ends.
func (p *reporting) note(kind cancellation.EffectKind, ref bot.MessageRef, result string) {
	p.add(ending{kind: kind, ref: PlaceOf(ref), result: result})
}

func (p *reporting) add(e ending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.due = time.Now().Add(aloneAfter)
	p.ended = append(p.ended, e)
}

// all tells several at once. What one of them has told is recorded while the others are
// still on their way: if this process dies then, it must not be told again.
func (p *reporting) all(ctx context.Context, tell ...func()) {
	var telling sync.WaitGroup
	over := make(chan struct{}, len(tell))
	for _, f := range tell {
		telling.Go(func() {
			defer func() { over <- struct{}{} }()
			f()
		})
	}
	for left := len(tell); left > 0; {
		alone, stop := p.alone()
		select {
		case <-over:
			left--
		case <-alone:
			p.saveNow(ctx)
		}
		stop()
	}
	telling.Wait()
}

// alone fires when what has ended is to be recorded without the rest.
func (p *reporting) alone() (<-chan time.Time, func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ended) == 0 {
		return nil, func() {}
	}
	t := time.NewTimer(time.Until(p.ended[0].due))
	return t.C, func() { t.Stop() }
}

// saveNow records what has ended so far. What can't be recorded is tried again with the rest.
func (p *reporting) saveNow(ctx context.Context) {
	if err := p.save(ctx, false, p.run.Record); err != nil {
		p.Logger(p.r.Request).InfoContext(ctx, "what was told could not be recorded yet", "error", err)
	}
}

// save records what has ended, in a transaction that do begins. What can't be recorded
// is tried again a moment later.
func (p *reporting) save(ctx context.Context, whole bool, do func(context.Context, func(*store.Tx) error) error) error {
	select {
	case p.saving <- struct{}{}:
		defer func() { <-p.saving }()
	case <-ctx.Done():
		return ctx.Err()
	}
	p.mu.Lock()
	ended := slices.Clone(p.ended)
	p.mu.Unlock()
	if len(ended) == 0 && !whole {
		return nil
	}
	// Card, owner, thread: the same order in the trail, whichever was quicker.
	slices.SortStableFunc(ended, func(a, b ending) int { return strings.Compare(string(a.kind), string(b.kind)) })
	err := do(ctx, func(tx *store.Tx) error { return p.record(ctx, tx, ended, whole) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.ended = p.ended[len(ended):]
		return nil
	}
	for i := range p.ended {
		p.ended[i].due = time.Now().Add(aloneAfter)
	}
	return err
}

// later records what has ended so far; the rest is for a later run.
func (p *reporting) later(ctx context.Context, why error) error {
	if err := step.Insist(ctx, func() error { return p.save(ctx, false, p.run.Record) }); err != nil {
		return err
	}
	return why
}

// record writes down in tx what has ended. whole is whether nothing is left.
func (p *reporting) record(ctx context.Context, tx *store.Tx, ended []ending, whole bool) error {
	told, r := p.r.Request, p.r
	var lines []store.AuditRow
	err := step.Change(ctx, tx, &r, func(r *store.Request) error {
		lines = lines[:0]
		moved := r.State != told.State || r.Outcome != told.Outcome || roundOf(r.Request) != roundOf(told)
		for _, e := range ended {
			if news := e.record(&r.Request, moved, tx.Now()); news && (r.State.Final() || e.kind == cancellation.OwnerEffect) {
				lines = append(lines, reported(r.Request, e))
			}
		}
		if e := r.Effects[cancellation.OwnerEffect]; r.Batch != nil && !moved && e.Begun() && !e.Ended() && ownersKnow(r.Batch) {
			r.EndEffect(cancellation.OwnerEffect, tx.Now(), "", Sent)
		}
		if whole && !moved && r.State.Final() && r.Outcome != cancellation.Unknown {
			r.Response = cancellation.Response{} // a credential that nobody needs any more
		}
		return nil
	})
	for _, e := range ended {
		if e.kind == cancellation.OwnerEffect {
			step.ObserveAfter(tx, p.Observe.OwnerNotice, e.result)
		}
		if e.late {
			err = errors.Join(err, p.give(ctx, tx, e))
		}
		if e.owner.User != "" {
			err = errors.Join(err, step.RedrawHome(ctx, tx, p.run, e.owner.User, ""))
		}
	}
	return errors.Join(err, tx.Audit(ctx, lines...))
}

// ownersKnow reports whether all owners who must know were told, or can't be.
func ownersKnow(b *cancellation.Batch) bool {
	return !slices.ContainsFunc(b.Owners, func(o cancellation.Owner) bool { return o.Round < b.Round && b.MustKnow(o) })
}

// roundOf tells reports about several meetings apart: what is not known yet is reported once
// more.
func roundOf(r cancellation.Request) int {
	if r.Batch == nil {
		return 0
	}
	return r.Batch.Round
}

// record puts into r how the effect ended, and reports whether that is not there yet, by a
// commit whose answer was lost. If r has moved on, whoever moved it shows and tells the rest.
func (e ending) record(r *cancellation.Request, moved bool, now time.Time) (news bool) {
	if len(e.accounts) > 0 {
		return e.tell(r) // the effect ends with the last of them
	}
	if r.Batch != nil {
		b := *r.Batch
		switch {
		case e.kind == cancellation.FinalEffect:
			b.DrawnAt = now // what is not known yet may be known in a moment
		case e.kind == cancellation.ThreadEffect && (e.result == Sent || e.result == Early):
			b.ThreadRef = e.ref
		}
		r.Batch = &b
	}
	was := r.Effects[e.kind]
	if moved || was.Ended() && was.Ref == e.ref && was.Result == e.result {
		return false
	}
	e.tell(r)
	r.EndEffect(e.kind, now, e.ref, e.result)
	return true
}

// reported is the line of something that was told.
func reported(r cancellation.Request, e ending) store.AuditRow {
	if e.kind == cancellation.OwnerEffect {
		return store.Line(r, store.EventNotified, "", map[string]string{"result": e.result, "user": e.owner.User})
	}
	return store.Line(r, store.EventReported, "", map[string]string{"what": string(e.kind), "result": e.result})
}
