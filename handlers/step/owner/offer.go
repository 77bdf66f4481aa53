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

// Refuse refuses somebody who may not, and offers to ask the owner where that is
// open to them. What the button leads to is stored before it is shown.
func Refuse(ctx context.Context, a *ask.Asking, refusal answer.Answer) error {
	offer, err := offerOf(ctx, a.Visit, a.R.Request, refusal)
	if err == nil && offer.Kind == answer.MayAskOwner {
		err = a.Run.Record(ctx, func(tx *store.Tx) error {
			r, err := tx.Requests.Get(ctx, a.R.ID) // ours says by now how much is meant; what was typed is what is asked again
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

// Offer is what somebody is told who may not confirm the card that they clicked. The
// button leads to that card's request: nothing is stored for it.
func Offer(ctx context.Context, c *press.Click, refusal answer.Answer) (answer.Answer, error) {
	if !stands(c.R.Request) {
		return refusal, nil
	}
	return offerOf(ctx, c.Visit, c.R.Request, refusal)
}

// offerOf is what somebody is told who may not. What Slack or the service can't say now is
// not offered.
func offerOf(ctx context.Context, v *step.Visit, r cancellation.Request, refusal answer.Answer) (answer.Answer, error) {
	if refusal.Kind != answer.NotAllowed && refusal.Kind != answer.NotYourButton {
		return refusal, nil
	}
	owner, no, err := v.Access.AskOwner(ctx, v.Question(access.Ask, r))
	if err != nil || no != nil {
		return refusal, nil //nolint:nilerr // nobody waits for Slack to be refused
	}
	q, err := v.Store.Questions.Limits(ctx, v.In.Person, string(owner.Person.ID), r.Meeting.ID)
	if err != nil || !q.MutedUntil.IsZero() {
		return refusal, err
	}
	offer := refusal
	offer.Who, offer.Class = string(owner.Person.ID), string(refusal.Kind)
	switch {
	case q.Same.ID != "":
		offer.Kind, offer.Until, offer.ListClosed = answer.AskedAlready, q.Same.ExpiresAt, false
	case refusal.Kind == answer.NotAllowed:
		offer.Kind = answer.MayAskOwner
	}
	return offer, nil
}

// Modal opens the modal in which the reason is typed, unless its person asks too often, or
// what is stored says that they can't ask: told when the modal comes back, they would lose
// what they typed. Everything else is judged then: Slack's permission to open it does not
// wait.
var Modal = press.Verb{Do: func(ctx context.Context, c *press.Click) error {
	c.Recall()
	if !offeredTo(c.In, c.R.Request) {
		return c.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	}
	no, err := c.TooMany(ctx)
	if no == nil && err == nil {
		no, err = standsInTheWay(ctx, c)
	}
	switch {
	case err != nil:
		return c.ModalFailed(ctx, err)
	case no != nil:
		return c.Say(ctx, *no)
	}
	asks := c.R.Request
	if asks.Asker != c.In.Person {
		asks.Reason = "" // it is the asker's
	}
	return c.OpenModal(ctx, modal.AskOwner(c.Page(), asks))
}}

// standsInTheWay says why the person can't ask about this meeting, as far as that is known
// at once.
func standsInTheWay(ctx context.Context, c *press.Click) (*answer.Answer, error) {
	if !c.Access.Questions {
		return &answer.Answer{Kind: answer.NotAllowed, Request: c.R.Request, Users: c.Access.Users, Groups: c.Access.Groups}, nil
	}
	q, err := c.Store.Questions.Limits(ctx, c.In.Person, "", c.R.Meeting.ID)
	if err != nil {
		return nil, err
	}
	return inTheWay(q, bot.UserID(q.Same.For)), nil
}

// offeredTo reports whether this person may have been offered to ask: by a refusal,
// which may not be recorded yet, or by a click on a card.
func offeredTo(in *step.Envelope, r cancellation.Request) bool {
	refused := in.Person == r.Asker && (r.State == cancellation.Received || r.Outcome == cancellation.Refused)
	return r.Meeting.ID != "" && !r.IsQuestion() && (refused || stands(r))
}

// stands reports whether there is a card of r that anybody may click, about one meeting.
func stands(r cancellation.Request) bool {
	return r.Effects[cancellation.CardEffect].Begun() && !r.IsQuestion() && r.Batch == nil && r.Parent == "" && r.Meeting.ID != ""
}
