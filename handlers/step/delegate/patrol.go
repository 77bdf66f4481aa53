package delegate

import (
	"context"
	"fmt"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// The patrol looks up everybody who gives or holds a delegation: the first few one a round,
// which is a second, and the others one every patrolGap, so that it takes a fifth or so of
// what Slack allows, and several replicas, each with its own, leave enough to those who
// click. With more people than fit into patrolEvery it takes longer.
const (
	patrolEvery = 30 * time.Second
	patrolQuick = 10
	patrolGap   = 5 * time.Second
	patrolPage  = 25
	patrolTime  = time.Second // for one person
)

// A patrol looks at everybody who is part of an active delegation. It skips people whom
// something else has looked up since it began.
type patrol struct {
	began time.Time
	last  time.Time // when somebody was looked at
	over  bool
	past  cancellation.ID     // how far it has come
	seen  map[bot.UserID]bool // who was looked at
}

// party is one of the two people of a delegation, and why it ends if they leave.
type party struct {
	id  bot.UserID
	why string
}

func peopleOf(d cancellation.Delegation) [2]party {
	return [2]party{{bot.UserID(d.Giver), "giver_deactivated"}, {bot.UserID(d.Receiver), "receiver_deactivated"}}
}

// lookAnew has the patrol look at the next person.
func (s *Ender) lookAnew(ctx context.Context) error {
	now := time.Now()
	if s.began.IsZero() || s.over && now.Sub(s.began) >= patrolEvery {
		s.patrol = patrol{began: now, seen: map[bot.UserID]bool{}}
	}
	if s.over || len(s.seen) >= patrolQuick && now.Sub(s.last) < patrolGap {
		return nil
	}
	some, err := s.Store.Delegations.Standing(ctx, s.past, patrolPage)
	if err != nil {
		return fmt.Errorf("read delegations: %w", err)
	}
	for _, d := range some {
		for _, one := range peopleOf(d) {
			if !s.seen[one.id] {
				s.seen[one.id], s.last = true, now
				return s.lookAt(ctx, d, one)
			}
		}
		s.past = d.ID
	}
	s.over = len(some) < patrolPage
	return nil
}

// lookAt ends d if this person has left; their other delegations end by what is remembered
// of them from now on. If they can't be looked up, nothing ends.
func (s *Ender) lookAt(ctx context.Context, d cancellation.Delegation, one party) error {
	limited, cancel := context.WithTimeout(bot.FreshSince(bot.WithTeam(ctx, bot.TeamID(d.Team)), s.began), patrolTime)
	defer cancel()
	if p, err := s.Slack.Person(limited, one.id); err == nil && p.Deleted {
		return s.end(ctx, d, store.EventDelegationRevoked, one.why)
	}
	return nil
}
