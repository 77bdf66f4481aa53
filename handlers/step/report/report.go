package report

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// GiveUpAfter is how long a report is retried. After a day, nobody is waiting for it.
const GiveUpAfter = 24 * time.Hour

// The results of a report, as they are recorded.
const (
	Sent    = "sent"
	Early   = "sent early"     // a reply that could not say yet whether the owner was told
	Other   = "another way"    // through response_url
	Direct  = "direct message" // to the asker, the last way of telling
	Refused = "refused"        // Slack lets it in nowhere
)

// Report is the step that follows every change that a card has to show: the card and
// the owner's message at the same time, then the thread reply, which says whether the
// owner was reached.
type Report struct{ *step.Deps }

// Run is the function to pass to [step.OfRequest].
func (s Report) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	p := &reporting{Report: s, run: run, r: r}
	for _, e := range r.Effects {
		p.direct = p.direct || e.Result == Direct
	}
	return p.report(ctx)
}

// A reporting is one run of the report step.
type reporting struct {
	Report
	run *jobs.Run
	r   store.Request

	mu    sync.Mutex
	ended []ending // what this run has brought about, and not recorded yet

	redraw    time.Duration // after which the card is to be drawn once more
	cardLater bool          // the card could not be shown for now
	direct    bool          // the asker has the outcome in a direct message
}

func (p *reporting) report(ctx context.Context) error {
	final, told, asker := p.cardAndPeople(ctx)
	p.cardLater = final != nil
	var held time.Duration // for how long the reply still waits for the owner
	if p.r.TellsThread() {
		held, told = p.threadAfterOwner(ctx, told)
	}
	err := errors.Join(final, told, asker)
	// The time counts from the change that is reported: a card that asks again has
	// no closing time.
	if err != nil && p.Store.Now().Sub(p.r.Effects[cancellation.FinalEffect].BegunAt) >= GiveUpAfter {
		p.Logger(p.r.Request).ErrorContext(ctx, "report given up", "error", err)
		err = nil
	}
	failpoint.Here(failpoint.BeforeFinish)
	switch {
	case err != nil:
		return p.later(ctx, Again(err, held, p.redraw))
	case p.redraw > 0:
		return p.later(ctx, &jobs.Later{Err: ErrDrawAgain, After: p.redraw})
	}
	done := func(ctx context.Context, f func(*store.Tx) error) error { return p.run.Done(ctx, p.owners(), f) }
	return step.Insist(ctx, func() error { return p.save(ctx, true, done) })
}

// threadAfterOwner replies in the thread, unless the owner could not be told and it is worth
// waiting for: held says for how long. The error joins that of telling the owner.
func (p *reporting) threadAfterOwner(ctx context.Context, told error) (held time.Duration, err error) {
	if left := Patience - p.Store.Now().Sub(p.r.ClosedAt); told != nil && left > 0 {
		if !p.r.Effects[cancellation.ThreadEffect].Ended() {
			held = left
		}
		return held, told
	}
	if told != nil {
		p.r.Owner = cancellation.Notice{Result: cancellation.NoticeDelayed, Name: p.r.Meeting.OwnerName}
	}
	failpoint.Here(failpoint.BeforeThread)
	p.all(ctx, func() { err = errors.Join(told, p.thread(ctx)) })
	return 0, err
}

// Again has a report tried again at the earliest time at which any of what went wrong may
// go right, or something else is due: a reply in the thread does not wait for as long as
// Slack makes the owner's message wait. What is not due is zero.
func Again(err error, due ...time.Duration) error {
	after := step.Soonest(err)
	if after == 0 {
		return err
	}
	for _, d := range due {
		if d > 0 {
			after = min(after, d)
		}
	}
	return &jobs.Later{Err: err, After: after}
}

// owners is the job that tells the owners of several meetings, if they are to be told.
func (p *reporting) owners() []jobs.Job {
	if e := p.r.Effects[cancellation.OwnerEffect]; p.r.Batch == nil || !e.Begun() || e.Ended() {
		return nil
	}
	return []jobs.Job{{Step: step.ManyReportStep, Subject: string(p.r.ID)}}
}

// ErrDrawAgain is why a card that shows its state is drawn once more: an earlier
// draw was not answered, and Slack may carry it out yet.
var ErrDrawAgain = errors.New("an earlier draw of the card was not answered; it is drawn over once that can't take effect any more")

// cardAndPeople shows the outcome on the card, and tells the owner, and the person who had
// the owner asked, at once.
func (p *reporting) cardAndPeople(ctx context.Context) (final, told, asker error) {
	var owner cancellation.Notice
	p.all(ctx,
		func() { final = p.final(ctx) },
		func() { owner, told = p.owner(ctx) },
		func() { asker = p.asker(ctx) },
	)
	if owner.Result != "" {
		p.r.Owner = owner
	}
	return final, told, asker
}

// final shows the card's state. Where the card can't be changed any more, the
// asker is told directly what became of their request.
func (p *reporting) final(ctx context.Context) error {
	if p.r.Effects[cancellation.FinalEffect].Ended() {
		return nil
	}
	again, err := p.Board.Draw(ctx, p.r.Request)
	if err == nil {
		failpoint.Here(failpoint.FinalDrawn)
		if p.redraw = again; again == 0 {
			p.note(cancellation.FinalEffect, card.RefOf(p.r.Card), Sent)
		}
		return nil
	}
	if !bot.Permanent(err) {
		return err
	}
	p.Logger(p.r.Request).WarnContext(ctx, "card can't be changed any more", "error", err)
	if !p.r.TellsThread() {
		p.note(cancellation.FinalEffect, bot.MessageRef{}, Refused)
		return nil
	}
	return p.tellAsker(ctx, cancellation.FinalEffect)
}

// tellAsker is the last way of telling: a direct message to the asker. One
// of them stands for the card and for the reply.
func (p *reporting) tellAsker(ctx context.Context, kind cancellation.EffectKind) error {
	if p.r.IsQuestion() { // the asker is told anyway
		p.note(kind, bot.MessageRef{}, Refused)
		return nil
	}
	if p.direct {
		p.note(kind, bot.MessageRef{}, Direct)
		return nil
	}
	ref, result, err := TellAsker(ctx, p.Deps, p.run, p.r.Request, kind, p.since())
	if err != nil {
		return err
	}
	p.direct = result == Direct
	p.note(kind, ref, result)
	return nil
}

// TellAsker tells the asker the outcome in a direct message, in the place of an effect of
// this kind, unless an earlier run has since a given time. result is Direct or Refused.
func TellAsker(ctx context.Context, d *step.Deps, run *jobs.Run, r cancellation.Request, kind cancellation.EffectKind, since time.Time) (ref bot.MessageRef, result string, err error) {
	to := bot.UserID(r.Asker)
	person, _ := d.Slack.CachedPerson(to)
	m := d.Views.AskerNotice(person.Locale, r, d.Board.Permalink(ctx, card.RefOf(r.Card)))
	ref, err = d.DMOnce(ctx, run, to, m, r.ID, kind, since)
	if bot.Permanent(err) {
		d.Logger(r).ErrorContext(ctx, "nobody could be told of the outcome", "error", err)
		return bot.MessageRef{}, Refused, nil
	}
	return ref, Direct, err
}

// since is from when on a message may have been posted by an earlier run, which
// is from the outcome on, or from the change of a card that asks again; zero in the
// first run.
func (p *reporting) since() time.Time {
	if p.run.Attempt == 0 {
		return time.Time{}
	}
	if p.r.ClosedAt.IsZero() {
		return p.r.Effects[cancellation.FinalEffect].BegunAt
	}
	return p.r.ClosedAt
}

// PlaceOf writes where a message is, in the form that is recorded; empty if it is
// nowhere.
func PlaceOf(ref bot.MessageRef) string { return strings.Trim(string(ref.Channel)+"/"+ref.TS, "/") }

// RefOf reads what PlaceOf wrote.
func RefOf(s string) bot.MessageRef {
	channel, ts, _ := strings.Cut(s, "/")
	return bot.MessageRef{Channel: bot.ChannelID(channel), TS: ts}
}
