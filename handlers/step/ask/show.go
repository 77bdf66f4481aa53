package ask

import (
	"cmp"
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/watch"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// cardRuns is how often a second command waits for the first one's card so that it can link
// to it. The card may be on its way, or the replica that posts it may be dead.
const cardRuns = 3

var errCardUnderWay = errors.New("the card for the same meeting is being posted")

// Show changes the request to asked and posts its card.
func (a *Asking) Show(ctx context.Context) error {
	failpoint.Here(failpoint.BeforeAsked)
	open, err := a.begin(ctx)
	switch {
	case errors.Is(err, store.ErrDuplicate) && open.Card.Way == "" && a.Run.Attempt <= cardRuns:
		return &jobs.Later{Err: errCardUnderWay, After: time.Second}
	case errors.Is(err, store.ErrDuplicate) && a.deleted != open.ID && open.State == cancellation.Asked && a.isDeleted(ctx, open.Card):
		a.deleted = open.ID
		return a.Show(ctx)
	case errors.Is(err, store.ErrDuplicate):
		existing := answer.Answer{Kind: answer.OpenCard, Link: a.Board.Permalink(ctx, card.RefOf(open.Card))}
		if open.State != cancellation.Asked {
			existing.Kind, existing.Who = answer.UnderWay, open.ConfirmedBy
		}
		return a.Refuse(ctx, a.R, existing)
	case err != nil:
		return err
	}
	failpoint.Here(failpoint.Asked)
	a.Logger(a.R.Request).InfoContext(ctx, "question asked", "user", a.R.Asker, "channel", a.R.Channel)
	return a.post(ctx)
}

// isDeleted reports whether Slack says that the card's message was deleted.
func (a *Asking) isDeleted(ctx context.Context, c cancellation.Card) bool {
	if c.TS == "" {
		return false
	}
	_, err := a.Slack.Permalink(ctx, card.RefOf(c))
	return errors.Is(err, bot.ErrGone)
}

// begin changes the request to asked and records that its card is about to be posted. If a
// card for the same meeting is open in the channel, or was confirmed there and isn't over,
// it returns that request and [store.ErrDuplicate]. Otherwise a person who types again while
// a replica is down would get a second card, and a click on it would make a second call.
func (a *Asking) begin(ctx context.Context) (open store.Request, err error) {
	r := a.R
	err = a.Run.Record(ctx, func(tx *store.Tx) (err error) {
		if open, err = a.otherCard(ctx, tx); err != nil {
			return err
		}
		r.Locale, r.CardRun = a.Person.Locale, a.Run.Attempt
		return a.BecomeAsked(ctx, tx, &r, "asked")
	})
	if err == nil {
		a.R = r
	}
	return open, err
}

// BecomeAsked changes r to asked in tx, and records that its card is about to be posted.
// as is what the command counts as.
func (a *Asking) BecomeAsked(ctx context.Context, tx *store.Tx, r *store.Request, as string) error {
	if err := r.Become(cancellation.Asked); err != nil {
		return err
	}
	r.Begin(cancellation.CardEffect, tx.Now())
	step.ObserveAfter(tx, a.Observe.Command, as)
	return errors.Join(tx.Requests.Save(ctx, r), watch.Start(ctx, a.Deps, tx, r.Request), tx.Audit(ctx, step.Requested(r.Request), step.Asked(r.Request)))
}

// otherCard returns the request of another card for the same meeting, and
// [store.ErrDuplicate]. It closes that card instead if it has expired or was deleted.
func (a *Asking) otherCard(ctx context.Context, tx *store.Tx) (store.Request, error) {
	open, err := tx.Requests.OpenCard(ctx, a.R.Channel, cmp.Or(a.R.Meeting.ID, string(a.R.ID)))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return open, nil
	case err != nil:
		return open, err
	case open.State != cancellation.Asked, tx.Now().Before(open.ExpiresAt) && open.ID != a.deleted:
		return open, store.ErrDuplicate
	}
	// A click made in time counts, and keeps the question open until it is handled.
	if pending, err := tx.Envelopes.Pending(ctx, open.ID, open.ExpiresAt); pending || err != nil {
		return open, cmp.Or(err, store.ErrDuplicate)
	}
	if open.ID == a.deleted {
		return open, errors.Join(outcome.YieldCard(ctx, tx, &open), a.Queue.Enqueue(ctx, tx, step.Report(&open)))
	}
	return open, outcome.Expire(ctx, a.Deps, tx, &open)
}

// resume continues with a card that an earlier run began and may have posted.
func (a *Asking) resume(ctx context.Context) error {
	begun := a.R.Effects[cancellation.CardEffect]
	switch {
	case !begun.Begun() || begun.Ended():
		return a.Done(ctx, nil, nil)
	case a.R.Card.TS != "": // a click revealed it before it was recorded
		return a.recordPosted(ctx, a.R.Card)
	case a.R.State != cancellation.Asked:
		return a.Done(ctx, nil, nil)
	}
	switch c, found, err := a.Board.Find(ctx, card.CardPlace(a.R.Request), a.R.ID, cancellation.CardEffect, begun.BegunAt); {
	case err != nil:
		return step.RetryLater(err)
	case found:
		return a.recordPosted(ctx, c)
	}
	switch at, err := a.FindByClick(ctx, &a.R); {
	case err != nil:
		return err
	case at.TS != "":
		return a.recordPosted(ctx, at)
	case a.R.State != cancellation.Asked:
		return a.Done(ctx, nil, nil)
	}
	return a.post(ctx)
}

// post posts the card and records where it is. It starts looking up the owner at the same
// time, because that is slower and a quick click will need it.
func (a *Asking) post(ctx context.Context) error {
	a.Owners.Prepare(ctx, a.R.Meeting)
	c, err := a.Board.Post(ctx, a.R.Request, a.Run.Attempt-a.R.CardRun)
	if err != nil && !bot.Permanent(err) {
		return step.RetryLater(err)
	}
	if err != nil {
		a.Logger(a.R.Request).ErrorContext(ctx, "card could not be posted", "error", err)
		a.Person.Locale = a.R.Locale // a resumed run has not identified them
		return a.NotPosted(ctx, answer.Answer{Kind: answer.CannotPostHere, Class: whyNotPosted(err)})
	}
	failpoint.Here(failpoint.CardPosted)
	return a.recordPosted(ctx, c)
}

// whyNotPosted returns the class that says what the asker can do about a card that can't be
// posted.
func whyNotPosted(err error) string {
	if both, ok := errors.AsType[*card.NotPostedError](err); ok {
		err = both.There
	}
	switch {
	case bot.NotMember(err):
		return answer.NotMember
	case errors.Is(err, bot.ErrCannotPost):
		return answer.PostingClosed
	}
	return answer.CardRefused
}

// recordPosted records where the card is and how it was posted. An early click may have
// revealed where, but not how.
func (a *Asking) recordPosted(ctx context.Context, c cancellation.Card) error {
	err := step.Insist(ctx, func() error {
		stored := a.R
		return a.Done(ctx, nil, func(tx *store.Tx) error {
			return step.Change(ctx, tx, &stored, func(r *store.Request) error {
				if r.Card.TS == "" {
					r.Card = c
				}
				r.Card.Way = c.Way
				if a.R.Response.OfClick && !r.Response.OfClick && !r.State.Final() {
					r.Response = a.R.Response // the click revealed that, too
				}
				if r.Card.Way == cancellation.ByDirect && !r.Response.OfClick {
					r.Response = cancellation.ResponseURL{} // what it answers is in the channel, which may see less
				}
				r.EndEffect(cancellation.CardEffect, tx.Now(), c.Channel+"/"+c.TS, string(c.Way))
				return nil
			})
		})
	})
	failpoint.Here(failpoint.CardRecorded)
	return err
}

// NotPosted ends a request whose card can't be posted anywhere, and tells the asker why.
func (a *Asking) NotPosted(ctx context.Context, refusal answer.Answer) error {
	refusal.Request = a.R.Request
	if err := a.Tell(ctx, a.Sentence(refusal)); err != nil {
		return err
	}
	return a.Done(ctx, nil, func(tx *store.Tx) error {
		return errors.Join(
			step.ChangeAsked(ctx, tx, &a.R, func(r *store.Request) error {
				r.Response = cancellation.ResponseURL{} // a credential that is no longer needed
				return r.Finish(cancellation.Failed, "post", tx.Now())
			}),
			tx.Audit(ctx, store.RequestRow(a.R.Request, store.EventRefused, "", map[string]string{"why": "post"})),
		)
	})
}
