package delegate

import (
	"cmp"
	"context"
	"errors"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// Let is the step of an owner who lets somebody else cancel, or takes that back, to pass to
// [step.OfEnvelope]. A delegation is always about the giver's own meetings: nobody can pass on
// what they were given.
func Let(ctx context.Context, v *step.Visit) error {
	l := letting{v}
	switch v.In.Action {
	case action.Delegate, action.DelegateAdd:
		return l.openModal(ctx) // Slack's permission to open a modal lasts 3 seconds
	case action.DelegateRemove:
		return l.takeBack(ctx)
	}
	if err := v.Identify(ctx); err != nil {
		return v.CannotServe(ctx, err)
	}
	return l.give(ctx)
}

// A letting is one run of Let.
type letting struct{ *step.Visit }

const (
	usualDelegation = 30 * 24 * time.Hour // what the modal proposes
	ownerGlance     = time.Second         // for the owner, while a modal waits to be opened
)

// openModal opens the modal that asks whom, and until when. Who may is asked again
// when it comes back.
func (v letting) openModal(ctx context.Context) error {
	v.Recall()
	if v.Rules.DelegationMax <= 0 {
		return v.Say(ctx, answer.Answer{Kind: answer.DelegateOff})
	}
	var r cancellation.Request
	if v.In.Action == action.Delegate {
		stored, no, err := v.ofCard(ctx)
		switch {
		case no != nil:
			return v.Say(ctx, *no)
		case err != nil:
			return err
		}
		r = stored
		glance, cancel := context.WithTimeout(ctx, ownerGlance)
		owns, err := v.Owns(glance, r)
		cancel()
		if err == nil && !owns {
			return v.Say(ctx, answer.Answer{Kind: answer.DelegateNotOwner, Request: r})
		}
	}
	zone, _ := step.ZoneOf(v.Person)
	day := v.Store.Now().Add(min(usualDelegation, v.Rules.DelegationMax)).In(orUTC(zone)).Format(time.DateOnly)
	return v.OpenModal(ctx, modal.Delegate(v.Page(), r, v.Rules.DelegationMax, day))
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// give stores what the modal says, and tells the giver. A run that is repeated only
// tells them: they may have taken it back meanwhile.
func (v letting) give(ctx context.Context) error {
	if v.In.Kind == step.KindGiven {
		return v.tellGiver(ctx)
	}
	d, no, err := v.wanted(ctx)
	if err != nil {
		return v.CannotServe(ctx, err)
	}
	if no != nil {
		return v.Say(ctx, *no)
	}
	err = v.Run.Record(ctx, func(tx *store.Tx) error {
		d.GivenAt = tx.Now()
		stands, err := tx.Delegations.Give(ctx, d)
		if err != nil {
			return err
		}
		// Asked for after giving: that has waited for a press of Remove on another replica.
		if back, err := tx.Delegations.TakenBack(ctx, d.Giver, d.Receiver, v.In.At); back || err != nil {
			return cmp.Or(err, errRemoved)
		}
		step.ObserveAfter(tx, v.Observe.Delegation, string(store.EventDelegated))
		return errors.Join(
			tx.Audit(ctx, store.DelegationLine(stands, store.EventDelegated, v.In.Person, map[string]string{"until": stands.Until.Format(time.RFC3339)})),
			tx.Envelopes.Relabel(ctx, v.In.ID, step.KindGiven),
			step.RedrawHome(ctx, tx, v.Run, v.In.Person, v.In.Hash),
			v.Run.Enqueue(ctx, tx, jobs.Job{Step: step.LetNoticeStep, Subject: string(stands.ID)}),
		)
	})
	if errors.Is(err, errRemoved) {
		return v.Done(ctx, nil, nil)
	}
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.LetStored)
	v.In.Kind = step.KindGiven
	return v.tellGiver(ctx)
}

// errRemoved is why a delegation is not given: it was to be renewed, and was removed after that
// was asked for and before it could be done.
var errRemoved = errors.New("the delegation was removed since")

func (v letting) tellGiver(ctx context.Context) error {
	d, err := v.Store.Delegations.Between(ctx, v.In.Person, v.chosen(action.InputReceiver))
	if errors.Is(err, store.ErrNotFound) {
		return v.Done(ctx, nil, nil)
	}
	if err != nil {
		return err
	}
	if err := v.Tell(ctx, notice.Given(v.Page(), d)); err != nil {
		return err
	}
	failpoint.Here(failpoint.LetTold)
	return v.Done(ctx, nil, nil)
}

// takeBack ends a delegation that the person has given. That always works: nobody
// has to be asked for it.
func (v letting) takeBack(ctx context.Context) error {
	v.Recall()
	d, err := v.Store.Delegations.Get(ctx, v.In.Request)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && d.Giver != v.In.Person:
		return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	case err != nil:
		return err
	case !d.EndedAt.IsZero():
		return v.Done(ctx, nil, nil)
	}
	notice := jobs.Job{Step: step.LetNoticeStep, Subject: string(d.ID)}
	err = v.Done(ctx, []jobs.Job{notice}, func(tx *store.Tx) error {
		step.ObserveAfter(tx, v.Observe.Delegation, string(store.EventDelegationRevoked))
		return errors.Join(tx.Delegations.End(ctx, d.ID), tx.Audit(ctx, store.DelegationLine(d, store.EventDelegationRevoked, v.In.Person, nil)))
	})
	if step.IsConflict(err) { // somebody was first: Home will show it
		return v.Done(ctx, nil, nil)
	}
	failpoint.Here(failpoint.LetEnded)
	return err
}
