package delegate

import (
	"context"
	"errors"
	"fmt"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// perRound is how many delegations a round ends, and for how many it checks the cached people.
const perRound = 100

// An Ender ends expired delegations, and those of deactivated people. Neither kind allows
// anything even before it is ended here; ending it writes the audit row and tells the
// receiver.
type Ender struct {
	*step.Deps

	checked cancellation.ID // the delegation up to which the cached people were checked
	patrol
}

// Round ends what is due. It is called by one goroutine. With several replicas, a conditional
// update makes sure that only one of them ends a delegation.
func (s *Ender) Round(ctx context.Context) error {
	due, err := s.Store.Delegations.Due(ctx, s.Rules.DelegationMax, perRound)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	var errs []error
	for _, d := range due {
		errs = append(errs, s.end(ctx, d, store.EventDelegationExpired, ""))
	}
	return errors.Join(append(errs, s.checkCached(ctx), s.patrolNext(ctx))...)
}

// checkCached ends the delegations of people whom the cache knows to be deactivated, because
// a click, a Home or the patrol looked them up. It doesn't call Slack.
func (s *Ender) checkCached(ctx context.Context) error {
	some, err := s.Store.Delegations.Active(ctx, s.checked, perRound)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	s.checked = ""
	if len(some) == perRound {
		s.checked = some[perRound-1].ID
	}
	var errs []error
	for _, d := range some {
		for _, party := range partiesOf(d) {
			if p, known := s.Slack.CachedPerson(party.id); known && p.Deleted {
				errs = append(errs, s.end(ctx, d, store.EventDelegationRevoked, party.why))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// end ends a delegation, unless another replica has.
func (s *Ender) end(ctx context.Context, d cancellation.Delegation, e store.Event, why string) error {
	detail := map[string]string{}
	if why != "" {
		detail["why"] = why
	}
	err := s.Store.Do(ctx, func(tx *store.Tx) error {
		if err := tx.Delegations.End(ctx, d.ID); err != nil {
			return err
		}
		if err := tx.Audit(ctx, store.DelegationLine(d, e, "", detail)); err != nil {
			return err
		}
		step.ObserveAfter(tx, s.Observe.Delegation, string(e))
		return s.Queue.Enqueue(ctx, tx, jobs.Job{Step: step.DelegateNoticeStep, Subject: string(d.ID)})
	})
	if err = step.IgnoreConflict(err); err != nil {
		return fmt.Errorf("end delegation %s: %w", d.ID, err)
	}
	return nil
}
