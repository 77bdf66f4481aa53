package report

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
)

// GiveUpAfter is how long a report is retried. After a day, nobody is waiting for it.
const GiveUpAfter = 24 * time.Hour

// ProgressGap is the time between two draws of a card with several meetings. It keeps them
// two seconds apart even if the first is slow.
const ProgressGap = 5 * time.Second / 2

// DrawableFrom returns when a card with several meetings may be edited again.
func DrawableFrom(b *cancellation.Batch) time.Time { return b.DrawnAt.Add(ProgressGap) }

// The results of telling someone, as they are recorded.
const (
	Sent        = "sent"
	SentEarly   = "sent early"     // a reply that could not say yet whether the owner was told
	byURL       = "another way"    // through a response_url
	byDM        = "direct message" // to the asker and others, as a last resort
	byEphemeral = "ephemeral"      // where they asked, because a direct message was refused
	toOne       = "to one person"  // the card is deleted, and only the person who pressed last has seen its end
	refused     = "refused"        // Slack accepts it nowhere
	reserved    = "reserved"       // not drawn: the card's end needs the last answers of its response_url
)

// Report is the step that follows every change that a card has to show. The card and the
// owners' messages come first, at the same time, then the thread reply, which says whether
// the owners were reached. For several meetings, outcomes that are still unknown are
// reported as such; once they are known, the messages are edited, not repeated. A reply through
// a response_url can't be edited, so it waits until all are known.
func Report(ctx context.Context, t *step.Task) error {
	p := &reportRun{Task: t, recording: make(chan struct{}, 1)}
	for _, e := range t.R.Effects {
		if e.Result == byDM || e.Result == byEphemeral {
			p.direct = &lastResort{result: byDM}
		}
	}
	return p.report(ctx)
}

// A reportRun is one run of Report.
type reportRun struct {
	*step.Task

	recording chan struct{} // holds one while a commit records results
	mu        sync.Mutex
	noted     []ending // results not recorded yet

	redraw    jobs.Later  // when and why to draw the card once more; zero: not at all
	cardLater bool        // the card could not be drawn for now
	cardLost  bool        // the card can't be changed any more
	direct    *lastResort // what came of telling people directly; nil: not tried
}

func (p *reportRun) report(ctx context.Context) error {
	said, cardErr, ownersErr, askerErr := p.cardAndPeople(ctx)
	p.cardLater = cardErr != nil
	var held time.Duration // how much longer the reply waits for the owners
	if p.R.TellsThread() {
		held, ownersErr = p.threadAfterOwners(ctx, said, ownersErr)
	}
	err := errors.Join(cardErr, ownersErr, askerErr)
	// The time counts from the change being reported, since a card that asks again has no
	// closing time.
	if err != nil && p.Store.Now().Sub(p.R.Effects[cancellation.FinalEffect].BegunAt) >= GiveUpAfter {
		p.Logger(p.R.Request).ErrorContext(ctx, "report given up", "error", err)
		err = nil
	}
	failpoint.Here(failpoint.ReportUnrecorded)
	var retry error // nil if nothing is left to do
	switch {
	case err != nil:
		retry = retrySoonest(err, held, p.redraw.After)
	case p.redraw.After > 0:
		retry = &p.redraw
	}
	if err := step.Insist(ctx, func() error { return p.record(ctx, retry == nil) }); err != nil {
		return err
	}
	return retry
}

// threadAfterOwners replies in the thread, unless an owner could not be told and it is worth
// waiting for that: held is for how much longer. err includes ownersErr.
func (p *reportRun) threadAfterOwners(ctx context.Context, said cancellation.Request, ownersErr error) (held time.Duration, err error) {
	if left := OwnerPatience - p.Store.Now().Sub(p.R.ClosedAt); ownersErr != nil && left > 0 {
		if !p.R.Effects[cancellation.ThreadEffect].Ended() {
			held = left
		}
		return held, ownersErr
	}
	if ownersErr != nil {
		said.Owner = cancellation.Notice{Result: cancellation.NoticeDelayed, Name: p.R.Meeting.OwnerName}
	}
	failpoint.Here(failpoint.BeforeThread)
	p.runAll(ctx, func() {
		err = errors.Join(ownersErr, p.replyInThread(ctx, said))
		if p.cardLost { // people are told directly, also whether the owners were told
			err = errors.Join(err, p.tellDirectly(ctx, cancellation.FinalEffect, said, ""))
		}
	})
	return 0, err
}

// errDrawAgain is why a card that shows its state is drawn once more: an earlier draw got no
// answer, and Slack may still carry it out.
var errDrawAgain = errors.New("an earlier draw of the card got no answer; the card is drawn again once that draw can't take effect any more")

// cardAndPeople draws the outcome on the card, and tells the owners and the person who asked
// the owner, all at once. said is the request with the results of telling the owners.
func (p *reportRun) cardAndPeople(ctx context.Context) (said cancellation.Request, cardErr, ownersErr, askerErr error) {
	var owners []ending
	p.runAll(ctx,
		func() { cardErr = p.drawFinal(ctx) },
		func() { owners, ownersErr = p.tellOwners(ctx) },
		func() { askerErr = p.tellAsker(ctx) },
	)
	said = p.R.Request
	for _, e := range owners {
		e.putOwner(&said)
	}
	return said, cardErr, ownersErr, askerErr
}

// drawFinal draws the card's final state.
func (p *reportRun) drawFinal(ctx context.Context) error {
	switch e := p.R.Effects[cancellation.FinalEffect]; {
	case e.Result == toOne: // the others could not be told yet
		return p.tellDirectly(ctx, cancellation.FinalEffect, p.R.Request, p.R.Response.By)
	case e.Ended():
		return nil
	}
	if p.redraw.After = untilDrawable(p.R.Batch, p.Store.Now()); p.redraw.After > 0 {
		return nil
	}
	at, err := p.Board.Draw(ctx, p.R.Request)
	if err != nil {
		return p.notDrawn(ctx, err)
	}
	failpoint.Here(failpoint.FinalDrawn)
	deleted := at.Only != "" && p.R.Card.Way != cancellation.ByResponse
	switch {
	case at.Again > 0:
		p.redraw = jobs.Later{Err: errDrawAgain, After: at.Again}
		return nil
	case deleted && !p.R.TellsThread() && showsEnd(p.R.Request):
		if err = p.tellDirectly(ctx, cancellation.FinalEffect, p.R.Request, at.Only); err != nil {
			p.note(cancellation.FinalEffect, bot.MessageRef{}, toOne)
		}
		return err
	}
	p.note(cancellation.FinalEffect, card.RefOf(p.R.Card), Sent)
	return nil
}

// notDrawn decides what takes the place of a draw that Slack refused for good. It returns any
// other error, for a later run to try again.
func (p *reportRun) notDrawn(ctx context.Context, err error) error {
	why := p.R.AskAgain
	switch {
	case !bot.Permanent(err):
		return err
	case p.R.State == cancellation.Asked && why != "" && !why.Unanswered():
		return p.askDirectly(ctx, errors.Is(err, card.ErrReserved))
	case errors.Is(err, card.ErrReserved):
		p.note(cancellation.FinalEffect, bot.MessageRef{}, reserved)
		return nil
	}
	p.Logger(p.R.Request).WarnContext(ctx, "card can't be changed any more", "error", err)
	p.cardLost = p.R.TellsThread()
	switch {
	case p.cardLost: // the reply says it, or people are told directly
	case showsEnd(p.R.Request):
		return p.tellDirectly(ctx, cancellation.FinalEffect, p.R.Request, "")
	default:
		p.note(cancellation.FinalEffect, bot.MessageRef{}, refused)
	}
	return nil
}

// showsEnd reports whether the card of r shows an end that no other card shows.
func showsEnd(r cancellation.Request) bool {
	return r.State.Final() && r.State != cancellation.Superseded
}

// untilDrawable returns how long a card with several meetings must be left alone. No card is
// edited more often than that, not even at its end. b is nil on other cards.
func untilDrawable(b *cancellation.Batch, now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	return max(0, DrawableFrom(b).Sub(now))
}

// since returns the earliest time at which a previous run may have posted a message: the
// time of the outcome, or of the change if a card asks again. It is zero in the first run.
func since(t *step.Task) time.Time {
	if t.Attempt == 0 {
		return time.Time{}
	}
	if t.R.ClosedAt.IsZero() {
		return t.R.Effects[cancellation.FinalEffect].BegunAt
	}
	return t.R.ClosedAt
}

// markOf returns the mark of a message about r. What is told before the outcome is known has
// its own, because a search can't tell messages apart that were sent within a minute.
func markOf(r cancellation.Request, kind cancellation.EffectKind) cancellation.EffectKind {
	switch {
	case r.IsUnknown():
		return kind + "/unknown"
	case !r.State.Final():
		return kind + "/again"
	}
	return kind
}

// PlaceOf formats ref as it is stored; a zero ref is empty.
func PlaceOf(ref bot.MessageRef) string { return strings.Trim(string(ref.Channel)+"/"+ref.TS, "/") }

// ParsePlace parses the result of PlaceOf.
func ParsePlace(s string) bot.MessageRef {
	channel, ts, _ := strings.Cut(s, "/")
	return bot.MessageRef{Channel: bot.ChannelID(channel), TS: ts}
}

// retrySoonest has a report retried at the earliest time at which one of its failures may
// clear, or something else is due, so that a reply in the thread needn't wait as long as
// Slack delays the owner's message. A zero due counts for nothing.
func retrySoonest(err error, due ...time.Duration) error {
	after := soonest(err)
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

// soonest returns the shortest wait that the joined errors of several parallel calls ask
// for. The other calls fail again then and say how much longer they need. It is zero if one
// of them asks for no wait.
func soonest(err error) time.Duration {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		later, _ := errors.AsType[*jobs.Later](step.RetryLater(err))
		if later == nil {
			return 0
		}
		return later.After
	}
	var waits []time.Duration
	for _, e := range joined.Unwrap() {
		waits = append(waits, soonest(e))
	}
	return slices.Min(waits)
}
