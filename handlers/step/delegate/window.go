package delegate

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// chosen is what an input of the window holds.
func (v letting) chosen(input string) string {
	if all := v.In.Selected[input]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// wanted is the delegation that the window asks for, or the sentence that refuses it.
func (v letting) wanted(ctx context.Context) (d cancellation.Delegation, no *view.Answer, err error) {
	refuse := func(a view.Answer) (cancellation.Delegation, *view.Answer, error) {
		return cancellation.Delegation{}, &a, nil
	}
	longest := v.Rules.DelegationMax
	if longest <= 0 {
		return refuse(view.Answer{Kind: view.DelegateOff})
	}
	if no, err := v.May(ctx, access.Let, cancellation.Request{}); no != nil || err != nil {
		return d, no, err
	}
	if no, err := v.onOwnCard(ctx); no != nil || err != nil {
		return d, no, err
	}
	who, day := v.chosen(view.InputReceiver), v.chosen(view.InputUntil)
	zone, _ := step.ZoneOf(v.Person)
	from, wrong := time.ParseInLocation(time.DateOnly, day, orUTC(zone))
	if who == "" || wrong != nil {
		return refuse(view.Answer{Kind: view.DelegateNoDate})
	}
	receiver, failed := v.Slack.Person(ctx, bot.UserID(who))
	no, err = v.Access.Receiver(ctx, v.Person, receiver, failed)
	if no != nil || err != nil {
		return d, no, err
	}
	now, end := v.Store.Now(), from.AddDate(0, 0, 1) // the day that is chosen is the last one
	latest := now.Add(longest)
	switch {
	case !end.After(now):
		return refuse(view.Answer{Kind: view.DelegatePast})
	case from.After(latest):
		return refuse(view.Answer{Kind: view.DelegateTooLong, Wait: longest})
	case end.After(latest):
		end = latest
	}
	given, err := v.Store.Delegations.GivenBy(ctx, v.In.Person)
	if err != nil {
		return d, nil, err
	}
	again := slices.ContainsFunc(given, func(g cancellation.Delegation) bool { return g.Receiver == who })
	if len(given) >= view.MaxDelegations && !again {
		return refuse(view.Answer{Kind: view.DelegateTooMany, Count: len(given)})
	}
	return cancellation.Delegation{ID: cancellation.NewID(), Team: v.In.Team, Giver: v.In.Person, Receiver: who, Until: end.UTC()}, nil, nil
}

// onOwnCard refuses a window that was opened on the card of somebody else's meeting.
func (v letting) onOwnCard(ctx context.Context) (*view.Answer, error) {
	if v.In.Request == "" {
		return nil, nil //nolint:nilnil // it was opened in Home
	}
	r, err := v.Store.Requests.Get(ctx, v.In.Request)
	if errors.Is(err, store.ErrNotFound) {
		return &view.Answer{Kind: view.UnknownButton}, nil
	}
	if err != nil {
		return nil, err
	}
	owns, err := v.Owns(ctx, r.Request)
	if err != nil || owns {
		return nil, err
	}
	return &view.Answer{Kind: view.DelegateNotOwner, Request: r.Request}, nil
}
