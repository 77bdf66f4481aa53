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
	owner       cancellation.Notice // what became of telling the owner; of that effect only
	due         time.Time           // when it is to be recorded, whatever else is on its way
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
			if err := p.save(ctx, false, p.run.Record); err != nil {
				p.Logger(p.r.Request).InfoContext(ctx, "what was told could not be recorded yet", "error", err)
			}
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

// save records what has ended, in a transaction that do begins. What can't be recorded
// is tried again a moment later.
func (p *reporting) save(ctx context.Context, whole bool, do func(context.Context, func(*store.Tx) error) error) error {
	p.mu.Lock()
	ended := slices.Clone(p.ended)
	p.mu.Unlock()
	// Card, owner, thread: the same order in the trail, whichever was quicker.
	slices.SortFunc(ended, func(a, b ending) int { return strings.Compare(string(a.kind), string(b.kind)) })
	err := do(ctx, func(tx *store.Tx) error { return p.record(ctx, tx, ended, whole) })
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.ended = slices.DeleteFunc(p.ended, func(e ending) bool { return slices.Contains(ended, e) })
		return nil
	}
	for i := range p.ended {
		p.ended[i].due = time.Now().Add(aloneAfter)
	}
	return err
}

// later records what has ended so far; the rest is for a later run.
func (p *reporting) later(ctx context.Context, why error) error {
	if len(p.ended) == 0 {
		return why
	}
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
		moved := r.State != told.State || r.Outcome != told.Outcome
		for _, e := range ended {
			if (e.kind == cancellation.FinalEffect || e.kind == cancellation.AskerEffect) && moved {
				continue // the card has moved on, and whoever moved it shows and tells the rest
			}
			if was := r.Effects[e.kind]; was.Ended() && was.Ref == e.ref && was.Result == e.result {
				continue // by a commit whose answer was lost
			}
			r.EndEffect(e.kind, tx.Now(), e.ref, e.result)
			if e.kind == cancellation.OwnerEffect {
				r.Owner = e.owner
			}
			if line, ok := reported(r.Request, e); ok {
				lines = append(lines, line)
			}
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
	}
	if owner := p.toldOf(ended); owner != "" {
		err = errors.Join(err, step.RedrawHome(ctx, tx, p.run, owner, ""))
	}
	return errors.Join(err, tx.Audit(ctx, lines...))
}

// toldOf is whose "lately cancelled" the meeting belongs to, if that is among what ended;
// empty if it isn't.
func (p *reporting) toldOf(ended []ending) string {
	for _, e := range ended {
		if e.kind == cancellation.OwnerEffect && p.r.Outcome.Removed() {
			return e.owner.User
		}
	}
	return ""
}

// reported is the line of something that was told; false where the trail has none.
func reported(r cancellation.Request, e ending) (store.AuditRow, bool) {
	switch {
	case e.kind == cancellation.OwnerEffect:
		return store.Line(r, store.EventNotified, "", map[string]string{"result": e.result, "user": r.Owner.User}), true
	case r.State.Final():
		return store.Line(r, store.EventReported, "", map[string]string{"what": string(e.kind), "result": e.result}), true
	}
	return store.AuditRow{}, false
}
