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

// The ends of effects are noted in memory and recorded together, in one commit: once all have
// ended, or recordAfter the first, in case the process dies while others are slow. What could
// not be recorded stays noted.

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

// note notes how an effect ended.
func (p *reportRun) note(kind cancellation.EffectKind, ref bot.MessageRef, result string) {
	p.noteEnding(ending{kind: kind, ref: PlaceOf(ref), result: result})
}

func (p *reportRun) noteEnding(e ending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.due = time.Now().Add(recordAfter)
	p.noted = append(p.noted, e)
}

// runAll runs several functions at once, and records what they note.
func (p *reportRun) runAll(ctx context.Context, fs ...func()) {
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
			p.recordNow(ctx)
		}
	}
	running.Wait()
}

// recordDue returns a channel that fires when what was noted is due to be recorded without
// the rest.
func (p *reportRun) recordDue() <-chan time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.noted) == 0 {
		return nil
	}
	return time.After(time.Until(p.noted[0].due))
}

// recordNow records what was noted; if that fails, a later record does.
func (p *reportRun) recordNow(ctx context.Context) {
	if err := p.record(ctx, false); err != nil {
		p.Logger(p.R.Request).InfoContext(ctx, "could not record yet who was told", "error", err)
	}
}

// record records what was noted, and ends the run if nothing is left to do. If it fails, the
// results are due again a moment later.
func (p *reportRun) record(ctx context.Context, last bool) error {
	select {
	case p.recording <- struct{}{}:
		defer func() { <-p.recording }()
	case <-ctx.Done():
		return ctx.Err()
	}
	p.mu.Lock()
	noted := slices.Clone(p.noted)
	p.mu.Unlock()
	if len(noted) == 0 && !last {
		return nil
	}
	// Card, owner, thread: always in the same order in the trail, whichever ended first.
	slices.SortStableFunc(noted, func(a, b ending) int { return strings.Compare(string(a.kind), string(b.kind)) })
	commit := p.Record
	if last {
		commit = func(ctx context.Context, f func(*store.Tx) error) error { return p.Done(ctx, nil, f) }
	}
	err := commit(ctx, func(tx *store.Tx) error { return p.recordIn(ctx, tx, noted, last) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.noted = p.noted[len(noted):]
		return nil
	}
	for i := range p.noted {
		p.noted[i].due = time.Now().Add(recordAfter)
	}
	return err
}

// recordIn records what was noted in tx.
func (p *reportRun) recordIn(ctx context.Context, tx *store.Tx, noted []ending, last bool) error {
	told, r := p.R.Request, p.R
	var rows []store.AuditRow
	err := step.Change(ctx, tx, &r, func(r *store.Request) error {
		rows = rows[:0]
		moved := r.State != told.State || r.Outcome != told.Outcome || roundOf(r.Request) != roundOf(told)
		for _, e := range noted {
			if news := e.put(&r.Request, moved, tx.Now()); news && (r.State.Final() || e.kind == cancellation.OwnerEffect) {
				rows = append(rows, auditRow(r.Request, e))
			}
		}
		if e := r.Effects[cancellation.OwnerEffect]; r.Batch != nil && !moved && e.Begun() && !e.Ended() && ownersKnow(r.Batch) {
			r.EndEffect(cancellation.OwnerEffect, tx.Now(), "", Sent)
		}
		if last && !moved && r.State.Final() && r.Outcome != cancellation.Unknown {
			r.Response = cancellation.ResponseURL{} // a credential that is no longer needed
		}
		return nil
	})
	for _, e := range noted {
		if e.kind == cancellation.OwnerEffect {
			step.ObserveAfter(tx, p.Observe.OwnerNotice, e.result)
		}
		if e.late {
			err = errors.Join(err, assignParts(ctx, tx, p.R.ID, e))
		}
		if e.owner.User != "" {
			err = errors.Join(err, p.RedrawHome(ctx, tx, e.owner.User, ""))
		}
	}
	return errors.Join(err, tx.Audit(ctx, rows...))
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

// put puts into r how the effect ended, and reports whether that is news: a commit whose
// answer was lost may have stored it already. If r has moved on, the run that moved it shows
// and tells the rest.
func (e ending) put(r *cancellation.Request, moved bool, now time.Time) (news bool) {
	if len(e.accounts) > 0 {
		return e.putOwner(r) // the effect ends with the last owner
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
	e.putOwner(r)
	r.EndEffect(e.kind, now, e.ref, e.result)
	return true
}

// putOwner puts the result of telling an owner into r. With several meetings, it reports
// whether that changed an owner's entry.
func (e ending) putOwner(r *cancellation.Request) (news bool) {
	if r.Batch == nil && e.owner.Result != "" {
		r.Owner = e.owner
	}
	for _, o := range e.accounts {
		news = news || !slices.Contains(r.Batch.Owners, o)
		r.Batch = r.Batch.Told(o)
	}
	return news
}

// auditRow returns the audit row for an effect that ended.
func auditRow(r cancellation.Request, e ending) store.AuditRow {
	if e.kind == cancellation.OwnerEffect {
		return store.RequestRow(r, store.EventNotified, "", map[string]string{"result": e.result, "user": e.owner.User})
	}
	return store.RequestRow(r, store.EventReported, "", map[string]string{"what": string(e.kind), "result": e.result})
}
