package many

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Report is the step that tells what became of several meetings: one card, one message
// to each owner, one reply in the thread. What isn't known yet is reported as such, and
// once it is known, the messages are edited, not repeated.
type Report struct{ *step.Deps }

// Run is the function to pass to [step.OfRequest].
func (s Report) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	p := &reporting{Deps: s.Deps, run: run, r: r}
	return p.report(ctx)
}

// A reporting is one run of it. What it tells is told and recorded one by one:
// a death in between repeats one message at most.
type reporting struct {
	*step.Deps
	run *jobs.Run

	mu sync.Mutex // of r
	r  store.Request
}

func (p *reporting) report(ctx context.Context) error {
	round := p.r.Batch.Round
	soon := p.soon()
	var redraw time.Duration
	var drawn error
	if soon <= 0 {
		redraw, drawn = p.card(ctx)
	}
	told := p.owners(ctx)
	r := p.request()
	var held time.Duration // for how long the reply still waits for the owners
	if r.State == cancellation.Done {
		left := report.Patience - p.Store.Now().Sub(r.ClosedAt)
		switch {
		case errors.Is(told, errUnrecorded): // nor would it be known what the reply says
		case told == nil || left <= 0:
			told = errors.Join(told, p.thread(ctx, told == nil))
		case !r.Effects[cancellation.ThreadEffect].Ended():
			held = left
		}
	}
	err := errors.Join(drawn, told)
	if err != nil && p.Store.Now().Sub(r.ClosedAt) >= report.GiveUpAfter {
		p.Logger(r).ErrorContext(ctx, "report of several given up", "error", err)
		err = nil
	}
	switch {
	case err != nil:
		return report.Again(err, held, soon, redraw)
	case soon > 0:
		return &jobs.Later{After: soon}
	case redraw > 0:
		return &jobs.Later{Err: report.ErrDrawAgain, After: redraw}
	}
	return p.run.Done(ctx, nil, func(tx *store.Tx) error {
		return step.Change(ctx, tx, &p.r, func(r *store.Request) error {
			if r.Outcome != cancellation.Unknown && r.Batch.Round == round {
				r.Response = cancellation.Response{} // a credential that nobody needs any more
			}
			return nil
		})
	})
}

// request is the request as it was last recorded.
func (p *reporting) request() cancellation.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.r.Request
}

// record changes the request. The lines are for the trail if f reports that the change is
// news: a commit whose answer was lost is made again.
func (p *reporting) record(ctx context.Context, f func(*cancellation.Request, time.Time) (news bool), lines ...store.AuditRow) error {
	return p.commit(ctx, func(tx *store.Tx) error { return p.change(ctx, tx, f, lines...) })
}

// commit records one thing at a time: owners are told side by side.
func (p *reporting) commit(ctx context.Context, f func(*store.Tx) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := step.Insist(ctx, func() error { return p.run.Record(ctx, f) }); err != nil {
		return fmt.Errorf("%w: %w", errUnrecorded, err)
	}
	return nil
}

func (p *reporting) change(ctx context.Context, tx *store.Tx, f func(*cancellation.Request, time.Time) (news bool), lines ...store.AuditRow) error {
	news := false
	err := step.Change(ctx, tx, &p.r, func(r *store.Request) error {
		news = f(&r.Request, tx.Now())
		return nil
	})
	if !news {
		return err
	}
	return errors.Join(err, tx.Audit(ctx, lines...))
}

// soon is how long the card is left as it is: none is edited more often, also at its end.
func (p *reporting) soon() time.Duration {
	r := p.request()
	if r.Effects[cancellation.FinalEffect].Ended() {
		return 0
	}
	return r.Batch.DrawnAt.Add(progressGap).Sub(p.Store.Now())
}

// card shows how it ended. Where the card can't be changed any more, the asker is
// told directly.
func (p *reporting) card(ctx context.Context) (redraw time.Duration, err error) {
	r := p.request()
	if r.Effects[cancellation.FinalEffect].Ended() {
		return 0, nil
	}
	redraw, err = p.Board.Draw(ctx, r)
	switch {
	case err == nil && redraw > 0:
		return redraw, nil
	case err == nil:
		failpoint.Here(failpoint.CardTold)
		return 0, p.note(ctx, cancellation.FinalEffect, report.PlaceOf(card.RefOf(r.Card)), report.Sent)
	case !bot.Permanent(err):
		return 0, err
	}
	p.Logger(r).WarnContext(ctx, "card can't be changed any more", "error", err)
	return 0, p.tellAsker(ctx, cancellation.FinalEffect)
}

// note records how the card or the thread was told.
func (p *reporting) note(ctx context.Context, kind cancellation.EffectKind, ref, result string) error {
	of := p.request()
	line := store.Line(of, store.EventReported, "", map[string]string{"what": string(kind), "result": result})
	return p.record(ctx, func(r *cancellation.Request, now time.Time) bool {
		was, b := r.Effects[kind], *r.Batch
		switch {
		case kind == cancellation.ThreadEffect && ref != "":
			b.ThreadRef = ref
		case kind == cancellation.FinalEffect:
			b.DrawnAt = now // what is not known yet may be known in a moment
		}
		r.Batch = &b
		if r.Batch.Round == of.Batch.Round {
			r.EndEffect(kind, now, ref, result)
		}
		return !was.Ended() || was.Ref != ref || was.Result != result
	}, line)
}

// A recipient is a person to tell of what was removed, with the accounts at the meeting
// service that are theirs.
type recipient struct {
	in       access.OwnerInSlack
	accounts []cancellation.Owner
}

// owners tells each owner of what was removed in one message, or corrects it, and of what
// somebody did whom they let cancel, whatever came of it.
func (p *reporting) owners(ctx context.Context) error {
	r := p.request()
	if e := r.Effects[cancellation.OwnerEffect]; !e.Begun() || e.Ended() {
		return nil
	}
	people, unknown := p.recipients(ctx, r)
	errs := make([]error, len(people))
	step.Each(len(people), func(i int) { errs[i] = p.owner(ctx, r, people[i]) })
	if err := errors.Join(append(errs, unknown)...); err != nil {
		return err
	}
	return p.record(ctx, func(now *cancellation.Request, at time.Time) bool {
		if now.Batch.Round == r.Batch.Round {
			now.EndEffect(cancellation.OwnerEffect, at, "", report.Sent)
		}
		return false
	})
}

// recipients are those who don't know yet, and those who were not found. The error is
// of those who could not be looked up.
func (p *reporting) recipients(ctx context.Context, r cancellation.Request) (people []recipient, err error) {
	found, errs := step.Map(r.Batch.Owners, func(o cancellation.Owner) (access.OwnerInSlack, error) {
		if !r.Batch.MustKnow(o) {
			return access.OwnerInSlack{}, nil
		}
		at := slices.IndexFunc(r.Batch.Meetings, func(m cancellation.Meeting) bool { return m.OwnerUUID == o.UUID })
		return p.Owners.Of(ctx, r.Batch.Meetings[at])
	})
	for i, o := range r.Batch.Owners {
		if errs[i] != nil || !r.Batch.MustKnow(o) {
			continue
		}
		at := slices.IndexFunc(people, func(known recipient) bool {
			return found[i].Found && known.in.Found && known.in.Person.ID == found[i].Person.ID
		})
		if at < 0 {
			people, at = append(people, recipient{in: found[i]}), len(people)
		}
		people[at].accounts = append(people[at].accounts, o)
	}
	know := func(who recipient) bool {
		return !slices.ContainsFunc(who.accounts, func(o cancellation.Owner) bool { return o.Round < r.Batch.Round })
	}
	return slices.DeleteFunc(people, know), errors.Join(errs...)
}

// owner tells one of them.
func (p *reporting) owner(ctx context.Context, r cancellation.Request, who recipient) error {
	switch {
	case !who.in.Found:
		return p.told(ctx, r, who, "", cancellation.NoticeNotFound)
	case string(who.in.Person.ID) == r.ConfirmedBy, string(who.in.Person.ID) == r.ClosedBy && r.State == cancellation.Declined:
		return p.told(ctx, r, who, "", cancellation.NoticeOwnAction)
	}
	return p.write(ctx, r, who)
}

// write sends the message, unless an earlier run has, or corrects it.
func (p *reporting) write(ctx context.Context, r cancellation.Request, who recipient) error {
	to := who.in.Person
	kind := cancellation.EffectKind(string(cancellation.OwnerEffect) + "/" + who.accounts[0].UUID)
	m := card.Mark(p.Views.ManyOwnerNotice(to.Locale, r, who.accounts, p.Board.Permalink(ctx, card.RefOf(r.Card))), r.ID, kind)
	ref, err := p.sent(ctx, r, who, kind)
	switch {
	case err != nil:
		return err
	case ref.IsZero():
		ref, err = p.Board.DM(ctx, to.ID, m)
	default:
		err = p.Slack.Update(ctx, ref, m)
	}
	switch {
	case err == nil:
		failpoint.Here(failpoint.OneTold)
		return p.told(ctx, r, who, report.PlaceOf(ref), cancellation.NoticeSent)
	case bot.Permanent(err):
		p.Logger(r).WarnContext(ctx, "owner can't be written to", "error", err)
		return p.told(ctx, r, who, "", cancellation.NoticeRefused)
	}
	return err
}

// sent is where the message of an earlier round, or of an earlier run, is; zero if there is
// none.
func (p *reporting) sent(ctx context.Context, r cancellation.Request, who recipient, kind cancellation.EffectKind) (ref bot.MessageRef, err error) {
	for _, o := range who.accounts {
		if o.Ref != "" {
			ref = report.RefOf(o.Ref)
		}
	}
	if ref.IsZero() && p.run.Attempt > 0 {
		ref, _, err = p.PostedTo(ctx, who.in.Person.ID, r.ID, kind, r.ClosedAt)
	}
	return ref, err
}

// told records what became of telling one person, and where the message is.
func (p *reporting) told(ctx context.Context, r cancellation.Request, who recipient, ref string, result cancellation.NoticeResult) error {
	user := ""
	if who.in.Found {
		user = string(who.in.Person.ID)
	}
	line := store.Line(r, store.EventNotified, "", map[string]string{"result": string(result), "user": user})
	return p.commit(ctx, func(tx *store.Tx) error {
		step.ObserveAfter(tx, p.Observe.OwnerNotice, string(result))
		err := p.change(ctx, tx, func(now *cancellation.Request, _ time.Time) (news bool) {
			for _, o := range who.accounts {
				o.User, o.Result, o.Round = cmp.Or(user, o.User), result, r.Batch.Round
				o.Ref = cmp.Or(ref, o.Ref)
				news = news || !slices.Contains(now.Batch.Owners, o)
				now.Batch = now.Batch.Told(o)
			}
			return news
		}, line)
		return errors.Join(err, p.give(ctx, tx, who), step.RedrawHome(ctx, tx, p.run, user, ""))
	})
}
