package access

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// mute is a Slack that never answers before its caller gives up. It counts the calls in
// progress.
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

// TestCloseStopsLookups: Close cancels the look-ups in progress and waits for them, and none
// starts afterwards.
func TestCloseStopsLookups(t *testing.T) {
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
			t.Fatalf("%d look-ups are in progress, want those of the group and the owner", n)
		}
		begun := time.Now()
		w.Owners.Close()
		if n := len(slack.waiting); n > 0 || time.Since(begun) > 0 {
			t.Errorf("after Close, which took %s, %d look-ups are in progress", time.Since(begun), n)
		}
		w.Prepare(t.Context(), dave, r)
		w.Owners.Prepare(t.Context(), r.Meeting)
		synctest.Wait()
		if n := len(slack.waiting); n > 0 {
			t.Errorf("%d look-ups began after Close", n)
		}
	})
}
