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

// soonEnough is how soon after its start, on SQLite, the program continues the work of the dead
// one, even on a machine that other tests keep busy. The promised two seconds are held by the
// test of the same name in sim.
const soonEnough = 6 * time.Second

// TestRestart measures the time from the start of the process to its next outside effect for
// the unfinished request.
func TestRestart(t *testing.T) {
	t.Parallel()
	for _, place := range places() {
		switch place {
		case failpoint.CardRecorded: // nothing continues until a person presses a button
			continue
		case failpoint.ReportUnrecorded, failpoint.ThreadTold: // nothing is left to do: everyone has been told
			continue
		}
		t.Run(strings.ReplaceAll(place, "/", "."), func(t *testing.T) {
			s := begin(t, world.Options{Scopes: historyScopes()}, place)
			s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
			if slices.Index(places(), place) >= slices.Index(places(), failpoint.CardRecorded) {
				s.ask(t, world.Ana)
				s.act(t, func() bool { return s.lifeCount() > 1 })
			} else {
				s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
			}
			s.await(t, "restart", func() bool { return s.lifeCount() > 1 })
			begun := s.startedAt()
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

func (s *story) startedAt() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// nextEffect returns when the program next did something for a request: read a meeting, or
// posted, changed or searched for a message.
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

// TestSweep kills the program at arbitrary moments after a command and after a click, not
// only at named places.
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
		runAll(t, atOnce, delays, func(d time.Duration) string { return fmt.Sprint(d) }, func(t *testing.T, d time.Duration) {
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
			s.checkSettled(t)
		})
	})
}

// killAfter kills the program after a while and waits until it runs again.
func (s *story) killAfter(t *testing.T, d time.Duration) {
	t.Helper()
	<-time.After(d)
	lives := s.lifeCount()
	_ = s.Bot.Signal(syscall.SIGKILL)
	s.await(t, "restart", func() bool { return s.lifeCount() > lives })
}
