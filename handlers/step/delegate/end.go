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

// How many delegations a round ends, and how many it checks against what is known of their
// people.
const (
	endAtOnce  = 100
	lookAtOnce = 100
)

// An Ender ends the delegations whose time is over, and those of people whose account
// was deactivated. Either counts before it is ended here: this is for the trail, and
// for those who may cancel no longer.
type Ender struct {
	*step.Deps
	Enqueue step.Enqueue

	after cancellation.ID // how far the look at what is known has come
	patrol
}

// Round ends what is due. It is called by one goroutine; on several replicas the
// conditional update lets one of them end a delegation.
func (s *Ender) Round(ctx context.Context) error {
	due, err := s.Store.Delegations.Due(ctx, s.Rules.DelegationMax, endAtOnce)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	var errs []error
	for _, d := range due {
		errs = append(errs, s.end(ctx, d, store.EventDelegationExpired, ""))
	}
	return errors.Join(append(errs, s.lookAtKnown(ctx), s.lookAnew(ctx))...)
}

// lookAtKnown ends the delegations of people who turned out to have left when a click, a
// Home or the patrol looked them up. It asks nobody.
func (s *Ender) lookAtKnown(ctx context.Context) error {
	some, err := s.Store.Delegations.Standing(ctx, s.after, lookAtOnce)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	s.after = ""
	if len(some) == lookAtOnce {
		s.after = some[lookAtOnce-1].ID
	}
	var errs []error
	for _, d := range some {
		for _, one := range peopleOf(d) {
			if p, known := s.Slack.CachedPerson(one.id); known && p.Deleted {
				errs = append(errs, s.end(ctx, d, store.EventDelegationRevoked, one.why))
				break
			}
		}
	}
	return errors.Join(errs...)
}

// end ends one, unless another replica has.
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
		return s.Enqueue(ctx, tx, jobs.Job{Step: step.LetNoticeStep, Subject: string(d.ID)})
	})
	if err = step.IgnoreConflict(err); err != nil {
		return fmt.Errorf("end delegation %s: %w", d.ID, err)
	}
	return nil
}
