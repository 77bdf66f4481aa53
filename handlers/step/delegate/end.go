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

// end ends a delegation, unless another replica has, or it was found expired and its giver has
// renewed it since.
func (s *Ender) end(ctx context.Context, d cancellation.Delegation, e store.Event, why string) error {
	detail := map[string]string{}
	if why != "" {
		detail["why"] = why
	}
	err := s.Store.Do(ctx, func(tx *store.Tx) error {
		current, err := tx.Delegations.Get(ctx, d.ID)
		if err == nil && e == store.EventDelegationExpired && current.HoldsAt(tx.Now(), s.Rules.DelegationMax) {
			err = store.ErrConflict
		}
		if err != nil {
			return err
		}
		if err := tx.Delegations.End(ctx, d.ID); err != nil {
			return err
		}
		if err := tx.Audit(ctx, store.DelegationRow(d, e, "", detail)); err != nil {
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

// The patrol looks up everyone who gives or has received a delegation: the first patrolQuick
// one per round, which is a second, and the others one every patrolGap. That uses about a
// fifth of Slack's rate limit, so that several replicas, each with its own patrol, leave
// enough for people's clicks. With more people than fit into patrolEvery it takes longer.
const (
	patrolEvery = 30 * time.Second
	patrolQuick = 10
	patrolGap   = 5 * time.Second
	patrolPage  = 25
	patrolTime  = time.Second // for one person
)

// A patrol looks up everyone who is party to an active delegation. People who have been looked
// up since it began are taken from the cache.
type patrol struct {
	began time.Time
	last  time.Time // of the latest look-up
	done  bool
	past  cancellation.ID     // the delegation up to which it has come
	seen  map[bot.UserID]bool // the people looked up
}

// party is one of the two people of a delegation, and why it ends if they leave.
type party struct {
	id  bot.UserID
	why string
}

func partiesOf(d cancellation.Delegation) [2]party {
	return [2]party{{bot.UserID(d.Giver), "giver_deactivated"}, {bot.UserID(d.Receiver), "receiver_deactivated"}}
}

// patrolNext moves the patrol on by one person, if it is time.
func (s *Ender) patrolNext(ctx context.Context) error {
	now := time.Now()
	if s.began.IsZero() || s.done && now.Sub(s.began) >= patrolEvery {
		s.patrol = patrol{began: now, seen: map[bot.UserID]bool{}}
	}
	if s.done || len(s.seen) >= patrolQuick && now.Sub(s.last) < patrolGap {
		return nil
	}
	some, err := s.Store.Delegations.Active(ctx, s.past, patrolPage)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	for _, d := range some {
		for _, p := range partiesOf(d) {
			if !s.seen[p.id] {
				s.seen[p.id], s.last = true, now
				return s.check(ctx, d, p)
			}
		}
		s.past = d.ID
	}
	s.done = len(some) < patrolPage
	return nil
}

// check looks up one party of d and ends d if they have left. checkCached then ends their
// other delegations. If they can't be looked up, nothing ends.
func (s *Ender) check(ctx context.Context, d cancellation.Delegation, one party) error {
	limited, cancel := context.WithTimeout(bot.FreshSince(bot.WithTeam(ctx, bot.TeamID(d.Team)), s.began), patrolTime)
	defer cancel()
	if p, err := s.Slack.Person(limited, one.id); err == nil && p.Deleted {
		return s.end(ctx, d, store.EventDelegationRevoked, one.why)
	}
	return nil
}
