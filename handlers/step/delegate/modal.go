package delegate

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command/day"
	"meetingbot/internal/store"
)

// chosen returns the value of an input of the modal.
func (v giveRun) chosen(input string) string { return cmp.Or(v.In.Selected[input]...) }

// submitted returns the delegation submitted in the modal, or the answer that refuses it.
func (v giveRun) submitted(ctx context.Context) (d cancellation.Delegation, refusal *answer.Answer, err error) {
	refuse := func(a answer.Answer) (cancellation.Delegation, *answer.Answer, error) {
		return cancellation.Delegation{}, &a, nil
	}
	longest := v.Rules.DelegationMax
	if longest <= 0 {
		return refuse(answer.Answer{Kind: answer.DelegateOff})
	}
	if refusal, err := v.May(ctx, access.Delegating, cancellation.Request{}); refusal != nil || err != nil {
		return d, refusal, err
	}
	if refusal, err := v.checkCard(ctx); refusal != nil || err != nil {
		return d, refusal, err
	}
	who, until := v.chosen(action.InputReceiver), day.Day(v.chosen(action.InputUntil))
	now := v.Store.Now()
	last, wrong, _ := day.Days{From: until, To: until}.Resolve(now, v.zone()) // the chosen day is the last one
	switch {
	case who == "", wrong != day.OK && wrong != day.Past:
		return refuse(answer.Answer{Kind: answer.DelegateNoDate})
	case wrong == day.Past:
		return refuse(answer.Answer{Kind: answer.DelegatePast})
	}
	receiver, failed := v.Slack.Person(ctx, bot.UserID(who))
	refusal, err = v.Access.MayReceive(ctx, v.Person, receiver, failed)
	if refusal != nil || err != nil {
		return d, refusal, err
	}
	end, latest := last.To, now.Add(longest)
	if last.From.After(latest) {
		return refuse(answer.Answer{Kind: answer.DelegateTooLong, Wait: longest})
	}
	if end.After(latest) {
		end = latest
	}
	given, err := v.Store.Delegations.GivenBy(ctx, v.In.Person)
	if err != nil {
		return d, nil, err
	}
	renews := slices.ContainsFunc(given, func(g cancellation.Delegation) bool { return g.Receiver == who })
	if len(given) >= hometab.MaxDelegations && !renews {
		return refuse(answer.Answer{Kind: answer.DelegateTooMany, Count: len(given)})
	}
	return cancellation.Delegation{ID: cancellation.NewID(), Team: v.In.Team, Giver: v.In.Person, Receiver: who, Until: end.UTC()}, nil, nil
}

// checkCard refuses a modal that was opened on the card of another person's meeting.
func (v giveRun) checkCard(ctx context.Context) (*answer.Answer, error) {
	if v.In.Request == "" {
		return nil, nil //nolint:nilnil // it was opened in Home
	}
	r, refusal, err := v.cardRequest(ctx)
	if refusal != nil || err != nil {
		return refusal, err
	}
	owns, err := v.Owns(ctx, r)
	if err != nil || owns {
		return nil, err
	}
	return &answer.Answer{Kind: answer.DelegateNotOwner, Request: r}, nil
}

// cardRequest returns the request of the card that the button was on, or the answer if there
// is none. A blanked request counts as none: it no longer says whose meeting it was.
func (v giveRun) cardRequest(ctx context.Context) (cancellation.Request, *answer.Answer, error) {
	r, err := v.Store.Requests.Get(ctx, v.In.Request)
	if errors.Is(err, store.ErrNotFound) || err == nil && cancellation.Blanked(r.Request) {
		return cancellation.Request{}, &answer.Answer{Kind: answer.UnknownButton}, nil
	}
	return r.Request, nil, err
}
