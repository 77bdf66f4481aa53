package crash

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetingbot/internal/failpoint"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/world"
)

// soonEnough is how long after its start, on SQLite, the program has gone on
// with what the dead one left.
const soonEnough = 2 * time.Second

// TestRestart measures from the start of the process to the next thing that it
// does outside for the request that was under way.
func TestRestart(t *testing.T) {
	t.Parallel()
	for _, place := range failpoint.Names() {
		switch place {
		case failpoint.CardRecorded: // there is nothing to go on with until somebody presses
			continue
		case failpoint.BeforeFinish, failpoint.ThreadTold: // nor here: all has been told
			continue
		}
		t.Run(strings.ReplaceAll(place, "/", "."), func(t *testing.T) {
			s := begin(t, world.Options{Scopes: historyScopes()}, place)
			s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
			if slices.Index(failpoint.Names(), place) >= slices.Index(failpoint.Names(), failpoint.CardRecorded) {
				s.ask(t, world.Ana)
				s.act(t, func() bool { return s.count() > 1 })
			} else {
				s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
			}
			s.await(t, "restart", func() bool { return s.count() > 1 })
			begun := s.begun()
			var took time.Duration
			s.await(t, "next effect", func() bool {
				at := s.nextEffect(begun)
				took = at.Sub(begun)
				return !at.IsZero()
			})
			t.Logf("%v from the start of the process", took.Round(time.Millisecond))
			if took > soonEnough {
				t.Errorf("went on %v after the start, want at most %v", took, soonEnough)
			}
		})
	}
}

func (s *story) begun() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// nextEffect is when the program has next done something for a request: looked
// at a meeting, posted, changed or looked for a message.
func (s *story) nextEffect(after time.Time) (first time.Time) {
	consider := func(at time.Time) {
		if at.After(after) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for _, e := range s.Meeting.Journal() {
		if e.Operation == meetingsim.OpDetail || e.Operation == meetingsim.OpCancel {
			consider(e.At)
		}
	}
	for _, c := range s.Slack.Journal() {
		if strings.HasPrefix(c.Method, "chat.") || strings.HasPrefix(c.Method, "conversations.") || strings.HasPrefix(c.Method, "users.") {
			consider(c.At)
		}
	}
	return first
}

// TestSweep kills the program at any moment after a command and after a click,
// not only where somebody has thought of it.
func TestSweep(t *testing.T) {
	t.Parallel()
	step, most := 17*time.Millisecond, 150*time.Millisecond
	if full() {
		step, most = 3*time.Millisecond, 300*time.Millisecond
	}
	eachDatabase(t, func(t *testing.T, database func(*testing.T) string) {
		var delays []time.Duration
		for d := time.Duration(0); d <= most; d += step {
			delays = append(delays, d)
		}
		together(t, atOnce, delays, func(d time.Duration) string { return fmt.Sprint(d) }, func(t *testing.T, d time.Duration) {
			s := begin(t, world.Options{Database: database(t), Scopes: historyScopes()})
			s.Slack.SetDuplicate(true)
			s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
			s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
			s.killAfter(t, d)
			if !s.within(2*s.patience(), s.hasButton) {
				s.ask(t, world.Ana) // it died before the command was stored, and Ana was told
			}
			s.await(t, "sockets", s.connected)
			s.pressOnce()
			s.killAfter(t, d)
			if !s.within(2*s.patience(), func() bool { return s.Meeting.Cancelled(meeting) > 0 }) {
				s.press(t, world.Ana)
			}
			s.judged(t)
		})
	})
}

// killAfter kills the program after a while and waits until it runs again.
func (s *story) killAfter(t *testing.T, d time.Duration) {
	t.Helper()
	<-time.After(d)
	lives := s.count()
	_ = s.Bot.Signal(syscall.SIGKILL)
	s.await(t, "restart", func() bool { return s.count() > lives })
}
