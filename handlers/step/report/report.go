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
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// GiveUpAfter is how long a report is retried. After a day, nobody is waiting for it.
const GiveUpAfter = 24 * time.Hour

// ProgressGap is the time between two drawings of a card with several meetings: two
// seconds, also if the first is slow.
const ProgressGap = 5 * time.Second / 2

// MayDraw is from when on a card with several meetings may be edited again.
func MayDraw(b *cancellation.Batch) time.Time { return b.DrawnAt.Add(ProgressGap) }

// The results of a report, as they are recorded.
const (
	Sent    = "sent"
	Early   = "sent early"     // a reply that could not say yet whether the owner was told
	other   = "another way"    // through response_url
	direct  = "direct message" // to the asker, the last way of telling
	refused = "refused"        // Slack lets it in nowhere
)

// Report is the step that follows every change that a card has to show: the card and
// the owners' messages at the same time, then the thread reply, which says whether the
// owners were reached. What isn't known yet of several meetings is reported as such, and
// once it is known, the messages are edited, not repeated.
type Report struct{ *step.Deps }

// Run is the function to pass to [step.OfRequest].
func (s Report) Run(ctx context.Context, run *jobs.Run, r store.Request) error {
	p := &reporting{Report: s, run: run, r: r, saving: make(chan struct{}, 1)}
	for _, e := range r.Effects {
		p.direct = p.direct || e.Result == direct
	}
	return p.report(ctx)
}

// A reporting is one run of the report step.
type reporting struct {
	Report
	run *jobs.Run
	r   store.Request

	saving chan struct{} // holds one while a commit of what has ended is under way
	mu     sync.Mutex
	ended  []ending // what this run has brought about, and not recorded yet

	redraw    jobs.Later // when and why the card is to be drawn once more; zero if it isn't
	cardLater bool       // the card could not be shown for now
	cardLost  bool       // the card can't be changed any more
	direct    bool       // the asker has the outcome in a direct message
}

func (p *reporting) report(ctx context.Context) error {
	said, final, told, asker := p.cardAndPeople(ctx)
	p.cardLater = final != nil
	var held time.Duration // for how long the reply still waits for the owners
	if p.r.TellsThread() {
		held, told = p.threadAfterOwners(ctx, said, told)
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
		return p.later(ctx, again(err, held, p.redraw.After))
	case p.redraw.After > 0:
		return p.later(ctx, &p.redraw)
	}
	done := func(ctx context.Context, f func(*store.Tx) error) error { return p.run.Done(ctx, nil, f) }
	return step.Insist(ctx, func() error { return p.save(ctx, true, done) })
}

// threadAfterOwners replies in the thread, unless an owner could not be told and it is worth
// waiting for: held says for how long. The error joins that of telling the owners.
func (p *reporting) threadAfterOwners(ctx context.Context, said cancellation.Request, told error) (held time.Duration, err error) {
	if left := Patience - p.Store.Now().Sub(p.r.ClosedAt); told != nil && left > 0 {
		if !p.r.Effects[cancellation.ThreadEffect].Ended() {
			held = left
		}
		return held, told
	}
	if told != nil {
		said.Owner = cancellation.Notice{Result: cancellation.NoticeDelayed, Name: p.r.Meeting.OwnerName}
	}
	failpoint.Here(failpoint.BeforeThread)
	p.all(ctx, func() {
		err = errors.Join(told, p.thread(ctx, said))
		if p.cardLost { // who asked is told directly, also whether the owners were
			err = errors.Join(err, p.tellAsker(ctx, cancellation.FinalEffect, said))
		}
	})
	return 0, err
}

// again has a report tried again at the earliest time at which any of what went wrong may
// go right, or something else is due: a reply in the thread does not wait for as long as
// Slack makes the owner's message wait. What is not due is zero.
func again(err error, due ...time.Duration) error {
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

// errDrawAgain is why a card that shows its state is drawn once more: an earlier
// draw was not answered, and Slack may carry it out yet.
var errDrawAgain = errors.New("an earlier draw of the card was not answered; it is drawn over once that can't take effect any more")

// cardAndPeople shows the outcome on the card, and tells the owners, and the person who had
// the owner asked, at once. said is the request with what the owners were told.
func (p *reporting) cardAndPeople(ctx context.Context) (said cancellation.Request, final, told, asker error) {
	var owners []ending
	p.all(ctx,
		func() { final = p.final(ctx) },
		func() { owners, told = p.owners(ctx) },
		func() { asker = p.asker(ctx) },
	)
	said = p.r.Request
	for _, e := range owners {
		e.tell(&said)
	}
	return said, final, told, asker
}

// final shows the card's state.
func (p *reporting) final(ctx context.Context) error {
	if p.r.Effects[cancellation.FinalEffect].Ended() {
		return nil
	}
	if p.redraw.After = p.soon(); p.redraw.After > 0 {
		return nil
	}
	again, err := p.Board.Draw(ctx, p.r.Request)
	if err == nil {
		failpoint.Here(failpoint.FinalDrawn)
		if again > 0 {
			p.redraw = jobs.Later{Err: errDrawAgain, After: again}
			return nil
		}
		p.note(cancellation.FinalEffect, card.RefOf(p.r.Card), Sent)
		return nil
	}
	if !bot.Permanent(err) {
		return err
	}
	p.Logger(p.r.Request).WarnContext(ctx, "card can't be changed any more", "error", err)
	if p.cardLost = p.r.TellsThread(); !p.cardLost {
		p.note(cancellation.FinalEffect, bot.MessageRef{}, refused)
	}
	return nil
}

// soon is how long a card with several meetings is left as it is: none is edited more often,
// also at its end.
func (p *reporting) soon() time.Duration {
	if p.r.Batch == nil {
		return 0
	}
	return max(0, MayDraw(p.r.Batch).Sub(p.Store.Now()))
}

// tellAsker is the last way of telling: the outcome of r in a direct message to the asker, in
// the place of an effect of this kind. One of them stands for the card and for the reply.
func (p *reporting) tellAsker(ctx context.Context, kind cancellation.EffectKind, r cancellation.Request) error {
	if r.IsQuestion() { // the asker is told anyway
		p.note(kind, bot.MessageRef{}, refused)
		return nil
	}
	if p.direct {
		p.note(kind, bot.MessageRef{}, direct)
		return nil
	}
	to := bot.UserID(r.Asker)
	person, _ := p.Slack.CachedPerson(to)
	draw := notice.Asker
	if r.Batch != nil {
		draw = batch.Asker
	}
	m := draw(p.Views.Person(person.Locale), r, p.Board.Permalink(ctx, card.RefOf(r.Card)))
	ref, err := p.DMOnce(ctx, p.run, to, m, r.ID, kind, p.since())
	switch {
	case err == nil:
		p.direct = true
		p.note(kind, ref, direct)
	case bot.Permanent(err):
		p.Logger(r).ErrorContext(ctx, "nobody could be told of the outcome", "error", err)
		p.note(kind, bot.MessageRef{}, refused)
	default:
		return err
	}
	return nil
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
