package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// An ending is how an effect ended.
type ending struct {
	kind        store.EffectKind
	ref, result string
}

// since is from when on a message may have been posted by an earlier run, which
// is from the outcome on; zero in the first run.
func (p *reporting) since(kind store.EffectKind) time.Time {
	if p.lease.First() {
		return time.Time{}
	}
	return p.r.ClosedAt
}

// note remembers how an effect ended, to be recorded with what else ends.
func (p *reporting) note(kind store.EffectKind, ref bot.MessageRef, result string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = append(p.ended, ending{kind: kind, ref: strings.Trim(string(ref.Channel)+"/"+ref.TS, "/"), result: result})
}

// refOfEnding reads what note has written of a message.
func refOfEnding(s string) bot.MessageRef {
	channel, ts, _ := strings.Cut(s, "/")
	return bot.MessageRef{Channel: bot.ChannelID(channel), TS: ts}
}

// take returns what has ended since it was last taken.
func (p *reporting) take() []ending {
	p.mu.Lock()
	defer p.mu.Unlock()
	ended := p.ended
	p.ended = nil
	return ended
}

// record writes down what has ended so far.
func (p *reporting) record(ctx context.Context) error { return p.recordThat(ctx, p.take()) }

func (p *reporting) recordThat(ctx context.Context, ended []ending) error {
	_, err := p.store.Update(ctx, p.r.ID, func(tx *store.Tx, r *store.Request) error {
		return errors.Join(p.queue.Hold(ctx, tx, p.lease), p.recordIn(ctx, tx, r, ended))
	})
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ended = append(ended, p.ended...) // it may be recorded with what comes
	}
	return err
}

// finish records the rest and ends the step.
func (p *reporting) finish(ctx context.Context) error {
	ended := p.take()
	_, err := p.store.Update(ctx, p.r.ID, func(tx *store.Tx, r *store.Request) error {
		if r.State == p.r.State && r.Outcome == p.r.Outcome && r.State.Final() && r.Outcome != cancellation.Unknown {
			r.Response = cancellation.Response{} // a credential that nobody needs any more
		}
		return errors.Join(p.recordIn(ctx, tx, r, ended), p.queue.Finish(ctx, tx, p.lease))
	})
	return err
}

func (p *reporting) recordIn(ctx context.Context, tx *store.Tx, r *store.Request, ended []ending) error {
	// Card, owner, thread: the same order in the trail, whoever was quicker.
	slices.SortFunc(ended, func(a, b ending) int { return strings.Compare(string(a.kind), string(b.kind)) })
	var err error
	for _, e := range ended {
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
	return err
}
