package delegate

import (
	"cmp"
	"context"
	"errors"
	"time"

	"meetingbot/bot"
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

// Handle is the step in which an owner gives or takes back a delegation, to pass to
// [step.OfEnvelope]. A delegation covers the giver's own meetings only, so receivers can't
// pass it on.
func Handle(ctx context.Context, v *step.Visit) error {
	l := giveRun{v}
	switch v.In.Action {
	case action.Delegate, action.DelegateAdd:
		return l.openModal(ctx) // first, because a trigger_id expires in 3 seconds
	case action.DelegateRemove:
		return l.takeBack(ctx)
	}
	if err := v.Identify(ctx); err != nil {
		return v.CannotServe(ctx, err)
	}
	return l.give(ctx)
}

// A giveRun is one run of Handle.
type giveRun struct{ *step.Visit }

const (
	proposedTime = 30 * 24 * time.Hour // how long a delegation the modal proposes
	ownerTime    = time.Second         // for looking up the owner before the modal opens
)

// openModal opens the modal that asks for the receiver and the last day. Whether the person
// may delegate is checked when it is submitted.
func (v giveRun) openModal(ctx context.Context) error {
	v.Recall()
	if v.Rules.DelegationMax <= 0 {
		return v.Say(ctx, answer.Answer{Kind: answer.DelegateOff})
	}
	var r cancellation.Request
	if v.In.Action == action.Delegate {
		stored, refusal, err := v.cardRequest(ctx)
		switch {
		case refusal != nil:
			return v.Say(ctx, *refusal)
		case err != nil:
			return err
		}
		r = stored
		limited, cancel := context.WithTimeout(ctx, ownerTime)
		owns, err := v.Owns(limited, r)
		cancel()
		if err == nil && !owns {
			return v.Say(ctx, answer.Answer{Kind: answer.DelegateNotOwner, Request: r})
		}
		d, err := v.Store.Delegations.Between(ctx, v.In.Person, r.Asker)
		if err == nil && d.HoldsAt(v.Store.Now(), v.Rules.DelegationMax) { // given elsewhere since the card was drawn
			d.Until = d.Ends(v.Rules.DelegationMax)
			return v.Answer(ctx, notice.Given(v.Page(), d), nil)
		}
	}
	day := v.Store.Now().Add(min(proposedTime, v.Rules.DelegationMax)).In(v.zone()).Format(time.DateOnly)
	return v.OpenModal(ctx, modal.Delegate(v.Page(), r, v.Rules.DelegationMax, day))
}

// zone returns the person's time zone, or UTC if it isn't known.
func (v giveRun) zone() *time.Location {
	if zone, known := step.ZoneOf(v.Person); known {
		return zone
	}
	return time.UTC
}

// give stores the delegation from the modal and tells the giver. A repeated run only tells
// them, because they may have taken it back in the meantime.
func (v giveRun) give(ctx context.Context) error {
	if v.In.Kind == step.KindGiven {
		return v.tellGiver(ctx)
	}
	d, refusal, err := v.submitted(ctx)
	if err != nil {
		return v.CannotServe(ctx, err)
	}
	if refusal != nil {
		return v.Say(ctx, *refusal)
	}
	err = v.Run.Record(ctx, func(tx *store.Tx) error {
		d.GivenAt = tx.Now()
		given, err := tx.Delegations.Give(ctx, d)
		if err != nil {
			return err
		}
		// Checked after Give, which waits for a click on Remove handled by another replica.
		if back, err := tx.Delegations.RevokedSince(ctx, d.Giver, d.Receiver, v.In.At); back || err != nil {
			return cmp.Or(err, errRemoved)
		}
		step.ObserveAfter(tx, v.Observe.Delegation, string(store.EventDelegated))
		return errors.Join(
			tx.Audit(ctx, store.DelegationRow(given, store.EventDelegated, v.In.Person, map[string]string{"until": given.Until.Format(time.RFC3339)})),
			tx.Envelopes.Relabel(ctx, v.In.ID, step.KindGiven),
			v.withdrawOffer(ctx, tx, given.Receiver),
			v.RedrawHome(ctx, tx, v.In.Person, v.In.Hash),
			v.Queue.Enqueue(ctx, tx, jobs.Job{Step: step.DelegateNoticeStep, Subject: string(given.ID)}),
		)
	})
	if errors.Is(err, errRemoved) {
		return v.Say(ctx, answer.Answer{Kind: answer.NotStored})
	}
	if err != nil {
		return err
	}
	failpoint.Here(failpoint.DelegationStored)
	v.In.Kind = step.KindGiven
	return v.tellGiver(ctx)
}

// withdrawOffer removes from the card, if the modal was opened there, the offer to delegate to
// this person. If that draw fails, the button answers what stands.
func (v giveRun) withdrawOffer(ctx context.Context, tx *store.Tx, receiver string) error {
	r, err := tx.Requests.Get(ctx, v.In.Request)
	if errors.Is(err, store.ErrNotFound) || err == nil && (r.OfferDelegationTo == "" || r.Asker != receiver) {
		return nil
	}
	if err != nil {
		return err
	}
	r.OfferDelegationTo = ""
	v.Board.Announce(&r.Request, tx.Now())
	tx.AfterCommit(func() { v.Board.Show(r.Request) })
	return tx.Requests.Save(ctx, &r)
}

// errRemoved stops a renewal if the giver removed the delegation after submitting the renewal.
var errRemoved = errors.New("the delegation was removed since")

func (v giveRun) tellGiver(ctx context.Context) error {
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
	failpoint.Here(failpoint.DelegationTold)
	return v.Done(ctx, nil, nil)
}

// takeBack ends a delegation that the person has given. It needs no look-ups, so it always
// works.
func (v giveRun) takeBack(ctx context.Context) error {
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
	notice := jobs.Job{Step: step.DelegateNoticeStep, Subject: string(d.ID)}
	err = v.Done(ctx, []jobs.Job{notice}, func(tx *store.Tx) error {
		step.ObserveAfter(tx, v.Observe.Delegation, string(store.EventDelegationRevoked))
		return errors.Join(tx.Delegations.End(ctx, d.ID), tx.Audit(ctx, store.DelegationRow(d, store.EventDelegationRevoked, v.In.Person, nil)))
	})
	if step.IsConflict(err) { // it has ended already, as Home will show
		return v.Done(ctx, nil, nil)
	}
	failpoint.Here(failpoint.DelegationRevoked)
	return err
}

// Lookup returns a function that tells [access.Policy] whether giver delegates to receiver,
// according to the store. longest is DELEGATION_MAX.
func Lookup(s *store.Store, longest time.Duration) func(ctx context.Context, giver, receiver bot.UserID) (bool, error) {
	return func(ctx context.Context, giver, receiver bot.UserID) (bool, error) {
		if longest <= 0 {
			return false, nil
		}
		d, err := s.Delegations.Between(ctx, string(giver), string(receiver))
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return err == nil && d.HoldsAt(s.Now(), longest), err
	}
}
