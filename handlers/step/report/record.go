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

// recordAfter is how long a result waits to be recorded in one commit with others.
const recordAfter = time.Second / 4

// An ending is how an effect ended.
type ending struct {
	kind        cancellation.EffectKind
	ref, result string
	due         time.Time // when to record it, even if other effects haven't ended

	owner    cancellation.Notice  // the result of telling an owner
	accounts []cancellation.Owner // theirs, if there are several meetings
	late     bool                 // the owner was not found before
}

// applyTo puts the result of telling an owner into r. With several meetings, it reports
// whether that changed an owner's entry.
func (e ending) applyTo(r *cancellation.Request) (news bool) {
	if r.Batch == nil && e.owner.Result != "" {
		r.Owner = e.owner
	}
	for _, o := range e.accounts {
		news = news || !slices.Contains(r.Batch.Owners, o)
		r.Batch = r.Batch.Told(o)
	}
	return news
}

// note remembers how an effect ended, to be recorded along with others.
func (p *reporting) note(kind cancellation.EffectKind, ref bot.MessageRef, result string) {
	p.add(ending{kind: kind, ref: PlaceOf(ref), result: result})
}

func (p *reporting) add(e ending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.due = time.Now().Add(recordAfter)
	p.ended = append(p.ended, e)
}

// runAll runs several functions at once. Results are recorded while the others are still
// running, so that nothing is sent again if the process dies then.
func (p *reporting) runAll(ctx context.Context, fs ...func()) {
	var running sync.WaitGroup
	ended := make(chan struct{}, len(fs))
	for _, f := range fs {
		running.Go(func() {
			defer func() { ended <- struct{}{} }()
			f()
		})
	}
	for left := len(fs); left > 0; {
		select {
		case <-ended:
			left--
		case <-p.recordDue():
			p.saveNow(ctx)
		}
	}
	running.Wait()
}

// recordDue returns a channel that fires when the results so far are due to be recorded
// without the rest.
func (p *reporting) recordDue() <-chan time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.ended) == 0 {
		return nil
	}
	return time.After(time.Until(p.ended[0].due))
}

// saveNow records the results so far. If that fails, they are recorded with the rest.
func (p *reporting) saveNow(ctx context.Context) {
	if err := p.save(ctx, false, p.Record); err != nil {
		p.Logger(p.R.Request).InfoContext(ctx, "could not record yet who was told", "error", err)
	}
}

// save records the results so far in a transaction that do begins. If that fails, they are
// due again a moment later.
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
	// Card, owner, thread: always in the same order in the trail, whichever ended first.
	slices.SortStableFunc(ended, func(a, b ending) int { return strings.Compare(string(a.kind), string(b.kind)) })
	err := do(ctx, func(tx *store.Tx) error { return p.record(ctx, tx, ended, whole) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.ended = p.ended[len(ended):]
		return nil
	}
	for i := range p.ended {
		p.ended[i].due = time.Now().Add(recordAfter)
	}
	return err
}

// recordAndRetry records the results so far, and leaves the rest to a later run.
func (p *reporting) recordAndRetry(ctx context.Context, why error) error {
	if err := step.Insist(ctx, func() error { return p.save(ctx, false, p.Record) }); err != nil {
		return err
	}
	return why
}

// record stores the results in tx. whole is true if nothing is left to do.
func (p *reporting) record(ctx context.Context, tx *store.Tx, ended []ending, whole bool) error {
	told, r := p.R.Request, p.R
	var lines []store.AuditRow
	err := step.Change(ctx, tx, &r, func(r *store.Request) error {
		lines = lines[:0]
		moved := r.State != told.State || r.Outcome != told.Outcome || roundOf(r.Request) != roundOf(told)
		for _, e := range ended {
			if news := e.recordIn(&r.Request, moved, tx.Now()); news && (r.State.Final() || e.kind == cancellation.OwnerEffect) {
				lines = append(lines, auditRow(r.Request, e))
			}
		}
		if e := r.Effects[cancellation.OwnerEffect]; r.Batch != nil && !moved && e.Begun() && !e.Ended() && ownersKnow(r.Batch) {
			r.EndEffect(cancellation.OwnerEffect, tx.Now(), "", Sent)
		}
		if whole && !moved && r.State.Final() && r.Outcome != cancellation.Unknown {
			r.Response = cancellation.Response{} // a credential that is no longer needed
		}
		return nil
	})
	for _, e := range ended {
		if e.kind == cancellation.OwnerEffect {
			step.ObserveAfter(tx, p.Observe.OwnerNotice, e.result)
		}
		if e.late {
			err = errors.Join(err, p.assignParts(ctx, tx, e))
		}
		if e.owner.User != "" {
			err = errors.Join(err, p.RedrawHome(ctx, tx, e.owner.User, ""))
		}
	}
	return errors.Join(err, tx.Audit(ctx, lines...))
}

// ownersKnow reports whether every owner who must know was told, or can't be.
func ownersKnow(b *cancellation.Batch) bool {
	return !slices.ContainsFunc(b.Owners, func(o cancellation.Owner) bool { return o.Round < b.Round && b.MustKnow(o) })
}

// roundOf numbers the reports about several meetings: if some outcomes are unknown, there is
// another report once they are known.
func roundOf(r cancellation.Request) int {
	if r.Batch == nil {
		return 0
	}
	return r.Batch.Round
}

// recordIn puts into r how the effect ended, and reports whether that is news: a commit
// whose answer was lost may have stored it already. If r has moved on, the run that moved it
// shows and tells the rest.
func (e ending) recordIn(r *cancellation.Request, moved bool, now time.Time) (news bool) {
	if len(e.accounts) > 0 {
		return e.applyTo(r) // the effect ends with the last owner
	}
	if r.Batch != nil {
		b := *r.Batch
		switch {
		case e.kind == cancellation.FinalEffect:
			b.DrawnAt = now // an unknown outcome may be known in a moment
		case e.kind == cancellation.ThreadEffect && (e.result == Sent || e.result == SentEarly):
			b.ThreadRef = e.ref
		}
		r.Batch = &b
	}
	was := r.Effects[e.kind]
	if moved || was.Ended() && was.Ref == e.ref && was.Result == e.result {
		return false
	}
	e.applyTo(r)
	r.EndEffect(e.kind, now, e.ref, e.result)
	return true
}

// auditRow returns the audit row for an effect that ended.
func auditRow(r cancellation.Request, e ending) store.AuditRow {
	if e.kind == cancellation.OwnerEffect {
		return store.Line(r, store.EventNotified, "", map[string]string{"result": e.result, "user": e.owner.User})
	}
	return store.Line(r, store.EventReported, "", map[string]string{"what": string(e.kind), "result": e.result})
}
