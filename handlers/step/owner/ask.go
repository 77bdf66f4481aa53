package owner

import (
	"context"
	"errors"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// maxQuestions is how many questions to owners a person may have open at once.
const maxQuestions = 3

// Ask sends a question to the owner once the asker has submitted a reason. The question is a
// request of its own, under the id generated when the modal was submitted. asks builds it.
func Ask(asks ask.Ask) press.Button {
	return press.Button{AnyAge: true, Do: func(ctx context.Context, c *press.Click) error {
		r, err := c.Store.Requests.Get(ctx, c.In.Started)
		if errors.Is(err, store.ErrNotFound) { // else an earlier run has begun
			if a := unsendable(c); a != nil {
				if err := c.Uncount(ctx); err != nil {
					return err
				}
				return c.Say(ctx, *a)
			}
			r, err = startQuestion(ctx, c.Visit, c.R.Request)
		}
		if err != nil {
			return err
		}
		c.In.Request = r.ID
		a := askRun{asks.NewAsking(c.Visit, r)}
		if r.State != cancellation.Received {
			return a.deliver(ctx)
		}
		return a.ask(ctx)
	}}
}

// unsendable returns the answer to a submission that asks nothing; nil if it asks.
func unsendable(c *press.Click) *answer.Answer {
	switch {
	case !offeredTo(c.In, c.R.Request) || c.In.Started == "":
		return &answer.Answer{Kind: answer.UnknownButton}
	case c.In.ShortReason() == "":
		return &answer.Answer{Kind: answer.ReasonMissing, Request: c.R.Request}
	}
	return nil
}

// An askRun leads from a typed reason to a card in the owner's direct messages.
type askRun struct{ *ask.Asking }

// startQuestion stores the question's request. It asks for the same as the refused request.
func startQuestion(ctx context.Context, v *step.Visit, refused cancellation.Request) (store.Request, error) {
	fresh := *v.In
	fresh.Channel = refused.Channel
	fresh.Command = command.Command{As: refused.As, Number: refused.Meeting.ID, End: refused.End, Reason: v.In.ShortReason()}
	return v.Start(ctx, fresh, func(r *cancellation.Request) {
		r.Scope, r.Wanted, r.From, r.Response = refused.Scope, refused.Wanted, refused.ID, cancellation.ResponseURL{}
		// A card settles what its command left open, and reads a day in its own asker's zone.
		// Leave both to the owner.
		if r.Scope == cancellation.Whole || r.Scope == cancellation.Occurrence && (r.Wanted == "" || refused.Asker != r.Asker) {
			r.Scope, r.Wanted = cancellation.Undecided, ""
		}
	})
}

// ask reads the meeting again, and asks the owner about it or says why not.
func (a askRun) ask(ctx context.Context) error {
	return a.LookUp(ctx, a.FindByID, func(found []meetingapi.Meeting) error { return a.askAbout(ctx, found[0]) })
}

// askAbout checks whether the asker may ask about m, and begins the question.
func (a askRun) askAbout(ctx context.Context, m meetingapi.Meeting) error {
	a.R.Meeting = step.Facts(m, a.Store.Now())
	// The note about an unknown time zone isn't needed: the owner gets the dates to choose from.
	unfit, _ := a.ResolveScope(m)
	owner, refusal, err := a.Access.AskOwner(ctx, a.Query(access.Ask, a.R.Request))
	if err != nil {
		return a.CannotServe(ctx, err)
	}
	if refusal == nil && unfit != nil {
		refusal, a.R.Meeting.Occurrences = unfit, nil // the asker must not learn the other dates
	}
	if refusal != nil {
		return a.Refuse(ctx, a.R, *refusal)
	}
	a.CountPeople(ctx, &a.R.Meeting)
	failpoint.Here(failpoint.BeforeAsked)
	if refusal, err = a.begin(ctx, owner.Person); err != nil {
		return err
	}
	if refusal != nil {
		return a.Refuse(ctx, a.R, *refusal)
	}
	failpoint.Here(failpoint.Asked)
	a.Logger(a.R.Request).InfoContext(ctx, "question put to the owner", "user", a.R.Asker, "channel", a.R.Channel, "owner", a.R.For)
	return a.deliver(ctx)
}

// begin changes the request to asked and records that its card is about to be posted. It
// refuses if the owner has muted the asker, or the asker has too many questions open.
func (a askRun) begin(ctx context.Context, owner bot.Person) (refusal *answer.Answer, err error) {
	var r store.Request
	err = a.Run.Record(store.Urgent(ctx), func(tx *store.Tx) error {
		limits, err := tx.Questions.Limits(ctx, a.R.Asker, string(owner.ID), a.R.Meeting.ID)
		if err != nil {
			return err
		}
		if refusal = limitReached(limits, owner.ID); refusal != nil {
			return store.ErrDuplicate
		}
		r = a.R
		r.For, r.Locale = string(owner.ID), owner.Locale
		// The card isn't in the asker's channel, so it can't collide with another card there.
		r.Card = cancellation.Card{Channel: r.For, Way: cancellation.ByDirect}
		r.ExpiresAt = r.QuestionUntil(tx.Now(), a.Rules.ConfirmTTL)
		return a.BecomeAsked(ctx, tx, &r, "asked_owner")
	})
	switch {
	case err == nil:
		a.R = r
		return nil, nil
	case errors.Is(err, store.ErrDuplicate) && refusal == nil: // another replica was first
		return &answer.Answer{Kind: answer.AskedAlready, Who: string(owner.ID)}, nil
	case errors.Is(err, store.ErrDuplicate):
		return refusal, nil
	}
	return nil, err
}

// limitReached returns the answer for an asker who has reached a limit of q; nil if they
// haven't.
func limitReached(q store.QuestionLimits, owner bot.UserID) *answer.Answer {
	switch {
	case !q.MutedUntil.IsZero():
		return &answer.Answer{Kind: answer.OwnerMuted, Who: string(owner)}
	case q.Same.ID != "":
		return &answer.Answer{Kind: openAs(q.Same.Request), Who: string(owner), Until: q.Same.ExpiresAt}
	case q.Open >= maxQuestions:
		return &answer.Answer{Kind: answer.TooManyQuestions}
	}
	return nil
}

// openAs returns what to tell the asker of an open question who wants to ask the same again.
func openAs(r cancellation.Request) answer.Kind {
	if r.Effects[cancellation.AskerEffect].Result == string(answer.OwnerNotYet) {
		return answer.OwnerNotYet
	}
	return answer.AskedAlready
}

// silentRuns is how many runs, over some three seconds, may fail to post the card before the
// asker is told that the owner couldn't be asked yet.
const silentRuns = 2

// deliver posts the card to the owner and tells the asker whether the owner is being asked,
// skipping what an earlier run has done. A card that Slack doesn't take is retried until the
// question is over, unless it can never be delivered.
func (a askRun) deliver(ctx context.Context) error {
	c, err := a.post(ctx)
	kind := answer.OwnerAsked
	switch {
	case errors.Is(err, errOver):
		return a.Done(ctx, nil, func(tx *store.Tx) error {
			r := a.R
			return outcome.Expire(ctx, a.Deps, tx, &r)
		})
	case bot.Permanent(err):
		a.Logger(a.R.Request).WarnContext(ctx, "the owner can't be messaged", "error", err)
		return a.NotPosted(ctx, answer.Answer{Kind: answer.OwnerNotReached})
	case err != nil && a.Run.Attempt < silentRuns && !bot.NeedsOperator(err) && !bot.IsLongWait(err):
		return step.RetryLater(err)
	case err != nil:
		kind = answer.OwnerNotYet
	}
	later := a.tellAsker(ctx, kind)
	if later != nil {
		kind = ""
	} else if err != nil {
		later = step.RetryLater(err)
	}
	record := func(tx *store.Tx) error { return a.record(ctx, tx, c, kind) }
	if later != nil {
		return errors.Join(step.Insist(ctx, func() error { return a.Run.Record(ctx, record) }), later)
	}
	err = step.Insist(ctx, func() error { return a.Done(ctx, nil, record) })
	failpoint.Here(failpoint.CardRecorded)
	return err
}

// tellAsker tells the asker whether the owner is being asked, unless an earlier run has.
func (a askRun) tellAsker(ctx context.Context, kind answer.Kind) error {
	if !news(a.R.Request, kind) {
		return nil
	}
	return a.Tell(ctx, a.Sentence(answer.Answer{Kind: kind, Request: a.R.Request, Who: a.R.For, Until: a.R.ExpiresAt}))
}

// news reports whether the asker doesn't know yet what kind says, and needs to: once the
// question is over, a report tells them how it ended.
func news(r cancellation.Request, kind answer.Kind) bool {
	told := r.Effects[cancellation.AskerEffect]
	return kind != "" && (!told.Begun() || told.Result == string(answer.OwnerNotYet) && kind == answer.OwnerAsked)
}

// errOver means that the question expired before its card could be posted. The sweeper can't
// close it, because the click that asked it isn't handled yet.
var errOver = errors.New("the owner could not be asked in time")

// post posts the card, unless an earlier run has, and returns where it is. The result is
// zero if that is already recorded or the card is no longer needed.
func (a askRun) post(ctx context.Context) (c cancellation.Card, err error) {
	begun := a.R.Effects[cancellation.CardEffect]
	if begun.Ended() || a.R.Card.TS != "" || a.R.State != cancellation.Asked {
		return cancellation.Card{}, nil
	}
	if a.Run.Attempt > 0 {
		c, found, err := a.Board.Find(ctx, card.CardPlace(a.R.Request), a.R.ID, cancellation.CardEffect, begun.BegunAt)
		if found || err != nil {
			c.Way = cancellation.ByDirect
			return c, err
		}
		at, err := a.FindByClick(ctx, &a.R)
		if at.TS != "" || a.R.State != cancellation.Asked || err != nil {
			return at, err
		}
	}
	if !a.Store.Now().Before(a.R.ExpiresAt) {
		return c, errOver
	}
	if c, err = a.Board.Post(ctx, a.R.Request, a.Run.Attempt); err == nil {
		failpoint.Here(failpoint.CardPosted)
	}
	return c, err
}

// record records where the card is, if it was posted, and what the asker was told; empty is
// nothing. An early click may have revealed the place already.
func (a askRun) record(ctx context.Context, tx *store.Tx, c cancellation.Card, told answer.Kind) error {
	return step.Change(ctx, tx, &a.R, func(r *store.Request) error {
		if r.Card.TS == "" && c.TS != "" {
			r.Card = c
		}
		if r.Card.TS != "" && !r.Effects[cancellation.CardEffect].Ended() {
			r.EndEffect(cancellation.CardEffect, tx.Now(), r.Card.Channel+"/"+r.Card.TS, string(r.Card.Way))
		}
		if news(r.Request, told) {
			r.EndEffect(cancellation.AskerEffect, tx.Now(), "", string(told))
		}
		return nil
	})
}
