package delegate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// How many delegations are ended in one round, how often the people of all of them are
// looked at, and how many at a time.
const (
	endAtOnce    = 100
	peopleEvery  = 10 * time.Minute
	peopleAtOnce = 25
)

// An Ender ends the delegations whose time is over, and those of people whose account
// was deactivated. Either counts before it is ended here: this is for the trail, and
// for those who may cancel no longer.
type Ender struct {
	*step.Deps
	Enqueue func(context.Context, *store.Tx, jobs.Job) error

	after cancellation.ID // how far the look at everybody has come
	next  time.Time       // when it begins again
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
	if !s.Store.Now().Before(s.next) {
		errs = append(errs, s.lookAtPeople(ctx))
	}
	return errors.Join(errs...)
}

// lookAtPeople looks at the next few. A person who can't be looked up stays as they
// are: nobody can use what is theirs meanwhile.
func (s *Ender) lookAtPeople(ctx context.Context) error {
	some, err := s.Store.Delegations.Standing(ctx, s.after, peopleAtOnce)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	var errs []error
	for _, d := range some {
		ctx := bot.WithTeam(ctx, bot.TeamID(d.Team))
		for who, id := range map[string]string{"giver_deactivated": d.Giver, "receiver_deactivated": d.Receiver} {
			if p, err := s.Slack.Person(ctx, bot.UserID(id)); err == nil && p.Deleted {
				errs = append(errs, s.end(ctx, d, store.EventDelegationRevoked, who))
				break
			}
		}
		s.after = d.ID
	}
	if len(some) < peopleAtOnce {
		s.after, s.next = "", s.Store.Now().Add(peopleEvery)
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
		return s.Enqueue(ctx, tx, jobs.Job{Step: step.LetNoticeStep, Subject: string(d.ID)})
	})
	switch {
	case step.IsConflict(err):
		return nil
	case err != nil:
		return fmt.Errorf("end delegation %s: %w", d.ID, err)
	}
	step.Observe(s.Observe.Delegation, string(e))
	return nil
}
