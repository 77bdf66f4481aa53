package delegate

import (
	"context"
	"fmt"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

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
