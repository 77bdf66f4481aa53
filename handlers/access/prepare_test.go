package access

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// mute is a Slack that answers nothing before its caller has given up. It counts who
// still waits.
type mute struct {
	slackStub
	waiting chan struct{}
}

func (s *mute) GroupMembers(ctx context.Context, _ bot.GroupID) ([]bot.UserID, error) {
	s.waiting <- struct{}{}
	<-ctx.Done()
	<-s.waiting
	return nil, ctx.Err()
}

func (s *mute) PersonByEmail(ctx context.Context, _ string) (bot.Person, error) {
	_, err := s.GroupMembers(ctx, "")
	return bot.Person{}, err
}

// TestPreparedEndsWithOwners: what is looked up in advance has ended when Close returns, at
// once, and nothing begins afterwards.
func TestPreparedEndsWithOwners(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		slack := &mute{waiting: make(chan struct{}, 10)}
		w.Slack, w.Owners = slack, NewOwners(w.directory, slack, nil)
		r := carols(func(r *cancellation.Request) { r.Meeting.OwnerUUID = "uuid-carol" })
		w.Prepare(t.Context(), dave, r)
		w.Owners.Prepare(t.Context(), r.Meeting)
		synctest.Wait()
		if n := len(slack.waiting); n < 2 {
			t.Fatalf("%d lookups are under way, want that of the group and that of the owner", n)
		}
		begun := time.Now()
		w.Owners.Close()
		if n := len(slack.waiting); n > 0 || time.Since(begun) > 0 {
			t.Errorf("after Close, which took %s, %d lookups are under way", time.Since(begun), n)
		}
		w.Prepare(t.Context(), dave, r)
		w.Owners.Prepare(t.Context(), r.Meeting)
		synctest.Wait()
		if n := len(slack.waiting); n > 0 {
			t.Errorf("%d lookups began after Close", n)
		}
	})
}
