package owner

import (
	"context"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/modal"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Refuse refuses a person who may not cancel, and offers to ask the owner if they may do
// that. The meeting is stored before the button is shown, because the button relies on it.
func Refuse(ctx context.Context, a *ask.Asking, refusal answer.Answer) error {
	offer, err := withOffer(ctx, a.Visit, a.R.Request, refusal)
	if err == nil && offer.Kind == answer.MayAskOwner {
		err = a.Run.Record(ctx, func(tx *store.Tx) error {
			r, err := tx.Requests.Get(ctx, a.R.ID) // a.R has its scope settled, but the question starts from the command as typed
			if err != nil {
				return err
			}
			r.Meeting = a.R.Meeting
			return tx.Requests.Save(ctx, &r)
		})
	}
	if err != nil {
		return err
	}
	return a.Refuse(ctx, a.R, offer)
}

// Offer returns what to tell a person who may not confirm the card that they clicked. The
// button refers to that card's request, so nothing needs storing.
func Offer(ctx context.Context, c *press.Click, refusal answer.Answer) (answer.Answer, error) {
	if !hasClickableCard(c.R.Request) {
		return refusal, nil
	}
	return withOffer(ctx, c.Visit, c.R.Request, refusal)
}

// withOffer returns refusal with an offer to ask the owner, if the person may ask. If Slack
// or the service can't say now, it makes no offer.
func withOffer(ctx context.Context, v *step.Visit, r cancellation.Request, refusal answer.Answer) (answer.Answer, error) {
	if refusal.Kind != answer.NotAllowed && refusal.Kind != answer.NotYourButton {
		return refusal, nil
	}
	owner, mayNotAsk, err := v.Access.AskOwner(ctx, v.Query(access.Ask, r))
	if err != nil || mayNotAsk != nil {
		return refusal, nil //nolint:nilerr // a refusal doesn't wait for Slack
	}
	q, err := v.Store.Questions.Limits(ctx, v.In.Person, string(owner.Person.ID), r.Meeting.ID)
	if err != nil || !q.MutedUntil.IsZero() {
		return refusal, err
	}
	offer := refusal
	offer.Who, offer.Class = string(owner.Person.ID), string(refusal.Kind)
	switch {
	case q.Same.ID != "":
		offer.Kind, offer.Until, offer.ListClosed = openAs(q.Same.Request), q.Same.ExpiresAt, false
	case refusal.Kind == answer.NotAllowed:
		offer.Kind = answer.MayAskOwner
	}
	return offer, nil
}

// Modal opens the modal that takes the reason. People who are over the rate limit, or who by
// what is stored may not ask, are refused right away, because a refusal after submitting
// would lose what they typed. The other checks follow then: the trigger_id expires too soon.
var Modal = press.Button{Do: func(ctx context.Context, c *press.Click) error {
	c.Recall()
	if !offeredTo(c.In, c.R.Request) {
		return c.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	}
	refusal, err := c.TooMany(ctx)
	if refusal == nil && err == nil {
		refusal, err = checkStored(ctx, c)
	}
	switch {
	case err != nil:
		return c.ModalFailed(ctx, err)
	case refusal != nil:
		return c.Say(ctx, *refusal)
	}
	asks := c.R.Request
	if asks.Asker != c.In.Person {
		asks.Reason = "" // another person's
	}
	return c.OpenModal(ctx, modal.AskOwner(c.Page(), asks))
}}

// checkStored returns why the person may not ask about this meeting, as far as the stored
// data says.
func checkStored(ctx context.Context, c *press.Click) (*answer.Answer, error) {
	if !c.Access.Questions {
		return &answer.Answer{Kind: answer.NotAllowed, Request: c.R.Request, Users: c.Access.Users, Groups: c.Access.Groups}, nil
	}
	q, err := c.Store.Questions.Limits(ctx, c.In.Person, "", c.R.Meeting.ID)
	if err != nil {
		return nil, err
	}
	return limitReached(q, bot.UserID(q.Same.For)), nil
}

// offeredTo reports whether the person may have been offered to ask the owner: in a refusal,
// which may not be recorded yet, or after a click on a card.
func offeredTo(in *step.Envelope, r cancellation.Request) bool {
	refused := in.Person == r.Asker && (r.State == cancellation.Received || r.Outcome == cancellation.Refused)
	return r.Meeting.ID != "" && !r.IsQuestion() && (refused || hasClickableCard(r))
}

// hasClickableCard reports whether r has a card about one meeting that anyone who sees it can
// click.
func hasClickableCard(r cancellation.Request) bool {
	return r.Effects[cancellation.CardEffect].Begun() && !r.IsQuestion() && r.Batch == nil && r.Parent == "" && r.Meeting.ID != ""
}
