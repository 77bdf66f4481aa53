package outcome

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// AskAgain replaces r with a new request about the meeting as it is now, which takes over
// the card. It is called when the meeting is no longer what the card showed, or a
// confirmation is too old. Nothing is done to the meeting. The presser, if any, is told why.
//
// A part is left alone instead, and a question to an owner is closed if they no longer own
// the meeting. It returns [store.ErrConflict] if r has been answered, undone or settled, which
// is an answer of its own to a click.
func (c Closing) AskAgain(ctx context.Context, r store.Request, presser string, now cancellation.Meeting, why cancellation.AskAgain) error {
	if why == cancellation.AskAgainChanged && r.Meeting.Unlisted(now) {
		why = cancellation.AskAgainUnlisted
	}
	if r.Parent != "" {
		return c.leaveAlone(ctx, r, now, why)
	}
	now = now.Completed(r.Meeting)
	if owns, err := c.stillOwns(ctx, r.Request, now); err != nil {
		return err
	} else if !owns {
		return c.Refuse(ctx, r, NotOwner)
	}
	c.CountPeople(ctx, &now)
	id := cancellation.NewID()
	fresh := store.Request{Request: cancellation.Request{ID: id}}
	next := []jobs.Job{step.Report(&fresh)}
	if r.UsesDelegation() {
		next = append(next, jobs.Job{Step: step.ReportStep, Subject: string(r.ID)}) // tells the owner whose delegation was used
	}
	err := c.End(ctx, next, func(tx *store.Tx) (err error) {
		c.ObserveMeetings(tx, r.Request, "superseded")
		fresh, err = c.replace(ctx, tx, r, id, now, why)
		return err
	})
	switch {
	case errors.Is(err, store.ErrDuplicate): // someone asked again, and that card shows the meeting as it is now
		return c.End(ctx, []jobs.Job{step.Report(&r)}, func(tx *store.Tx) error { return YieldCard(ctx, tx, &r) })
	case err == nil:
		c.tellChanged(ctx, fresh.Request, presser)
	}
	return err
}

// replace ends r in tx and inserts the request that takes over its card.
func (c Closing) replace(ctx context.Context, tx *store.Tx, r store.Request, id cancellation.ID, now cancellation.Meeting, why cancellation.AskAgain) (store.Request, error) {
	before, err := supersede(ctx, tx, r, id, why)
	if err != nil {
		return store.Request{}, err
	}
	fresh := c.freshOf(before, now, why)
	fresh.ID = id
	switch {
	case fresh.IsQuestion():
		fresh.ExpiresAt = fresh.QuestionUntil(tx.Now(), c.Rules.ConfirmTTL)
	case !why.Unanswered():
		fresh.ExpiresAt = tx.Now().Add(c.Rules.ConfirmTTL)
	}
	fresh.EndEffect(cancellation.CardEffect, tx.Now(), "", "taken over")
	fresh.BeginReport(tx.Now())
	c.Board.Announce(&fresh, tx.Now()) // the process that reports it may die drawing
	stored, err := tx.Requests.Insert(ctx, fresh)
	if err == nil && fresh.Batch != nil {
		err = tx.Watches.OnCard(ctx, id, fresh.Batch.MeetingIDs())
	}
	return stored, errors.Join(err, tx.Audit(ctx, step.Requested(fresh), step.Asked(fresh)))
}

// stillOwns reports whether the meeting as it is now still belongs to the owner whom r asks.
// It is true if r isn't a question to an owner.
func (c Closing) stillOwns(ctx context.Context, r cancellation.Request, now cancellation.Meeting) (bool, error) {
	if !r.IsQuestion() || now.OwnerUUID == r.Meeting.OwnerUUID {
		return true, nil
	}
	owner, err := c.Owners.Of(ctx, now) // it may be another account of theirs
	return owner.Found && string(owner.Person.ID) == r.For, err
}

// freshOf returns the request that takes over the card of r, without its id.
func (c Closing) freshOf(r cancellation.Request, now cancellation.Meeting, why cancellation.AskAgain) cancellation.Request {
	fresh := r
	if c.Also != nil {
		c.Also(&fresh)
	}
	fresh.State, fresh.Supersedes, fresh.AskAgain = cancellation.Asked, r.ID, why
	fresh.Meeting, fresh.Chosen, fresh.Effects = now, r.Meeting.Kept(r.Chosen, now), nil
	fresh.ConfirmedBy, fresh.ConfirmedAt, fresh.UndoUntil = "", time.Time{}, time.Time{}
	fresh.StopWaiting()
	fresh.Delegation, fresh.OfferDelegationTo, fresh.StoppedBy, fresh.FoundBy = "", "", "", ""
	fresh.Unanswered, fresh.Reference = 0, "" // the new request has made no calls
	fresh.Telling = cancellation.Telling{Wanted: r.Telling.Wanted}
	fresh.Scope = cancellation.Whole
	if now.Recurring {
		fresh.Scope = cancellation.Undecided
	}
	if r.Batch != nil {
		fresh.Batch = r.Batch.Reset()
	}
	return fresh
}

// supersede ends r in tx if its state is still the one that was read, and hands its card to
// the new request. It returns r as stored just before, including what people have typed and
// ticked since it was read. If r was confirmed by delegation, its owner will be told.
func supersede(ctx context.Context, tx *store.Tx, r store.Request, by cancellation.ID, why cancellation.AskAgain) (before cancellation.Request, err error) {
	was := r.State
	err = step.Change(ctx, tx, &r, func(r *store.Request) error {
		if r.State != was {
			return store.ErrConflict
		}
		before = r.Request
		if err := r.Become(cancellation.Superseded); err != nil {
			return errors.Join(store.ErrConflict, err)
		}
		r.ClosedAt, r.Successor = tx.Now(), by
		r.StopWaiting()
		r.Response = cancellation.ResponseURL{}                           // moved to the new request
		r.EndEffect(cancellation.FinalEffect, tx.Now(), "", "taken over") // also if r had itself just replaced another
		if r.UsesDelegation() {
			cancellation.BeginTellingOwners(&r.Request, tx.Now())
		}
		return nil
	})
	detail := map[string]string{"by": string(by), "why": string(why)}
	return before, errors.Join(err, tx.Audit(ctx, store.RequestRow(r.Request, store.EventChanged, "", detail)))
}

// YieldCard ends r in tx in favor of another card about its meeting. The caller enqueues the
// report.
func YieldCard(ctx context.Context, tx *store.Tx, r *store.Request) error {
	err := step.Change(ctx, tx, r, func(r *store.Request) error {
		if err := r.Become(cancellation.Superseded); err != nil {
			return errors.Join(store.ErrConflict, err)
		}
		r.ClosedAt = tx.Now()
		r.StopWaiting()
		r.BeginReport(tx.Now())
		return nil
	})
	return errors.Join(err, tx.Audit(ctx, store.RequestRow(r.Request, store.EventChanged, "", nil)))
}

// tellChanged tells the presser why the card looks different and nothing was done. It may
// fail, because the card says so too.
func (c Closing) tellChanged(ctx context.Context, fresh cancellation.Request, presser string) {
	if presser == "" || fresh.Card.Way == cancellation.ByResponse {
		return // an answer through the card's own response_url leaves one less for the card
	}
	p, _ := c.Slack.CachedPerson(bot.UserID(presser))
	kind := answer.MeetingChanged
	switch fresh.AskAgain {
	case cancellation.AskAgainStale:
		kind = answer.ConfirmedTooLong
	case cancellation.AskAgainUnlisted:
		kind = answer.DatesUnlisted
	default:
	}
	in := &step.Envelope{ID: string(fresh.ID), Channel: fresh.Card.Channel, Person: presser}
	if fresh.Response.By == presser {
		in.Response, in.At = fresh.Response.URL, fresh.Response.At
	}
	if err := c.TellNow(ctx, &jobs.Run{}, in, answer.Draw(c.Views.Person(p.Locale), answer.Answer{Kind: kind, Request: fresh})); err != nil {
		c.Logger(fresh).InfoContext(ctx, "the person who clicked could not be told why the card asks again", "error", err)
	}
}
