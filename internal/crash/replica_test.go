package crash

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"meetingbot/internal/failpoint"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// takeOver is how soon a live replica continues the work of a dead one. The test of jobs holds it;
// here the machine, which other tests keep busy, may take as long again.
const takeOver = 15 * time.Second

// startSecond starts another replica, without a failpoint, and waits for its sockets.
func (s *story) startSecond(t *testing.T) *world.Process {
	t.Helper()
	p := s.Replica("second", "MEETINGBOT_FAILPOINT=")
	before := s.Slack.Connections()
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	s.await(t, "second replica", func() bool { return s.Slack.Connections() >= before+2 })
	return p
}

// checkSettled waits for the end of the story and reports what is wrong.
func (s *story) checkSettled(t *testing.T) {
	t.Helper()
	s.await(t, "settled story", func() bool { return s.settled(t.Context()) })
	for _, fault := range s.verdict(t.Context()) {
		t.Error(fault)
	}
	if t.Failed() {
		t.Logf("%s\n%s", s.scene(), s.Bot.Log())
	}
}

// TestTakeOver kills one of two replicas at every place of the call and the report, and
// measures how long the other takes to continue.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	for _, place := range []string{
		failpoint.Asked, failpoint.BeforeCall, failpoint.CallBegun, failpoint.CallAnswered, failpoint.Concluded, failpoint.ThreadTold,
	} {
		t.Run(strings.ReplaceAll(place, "/", "."), func(t *testing.T) {
			t.Parallel()
			pgtest.URL(t) // skips if there is no server
			// Slack chooses which replica gets an envelope: try until it was the mortal one.
			for range 12 {
				var took time.Duration
				var died bool
				t.Run("try", func(t *testing.T) { took, died = measureTakeOver(t, place) })
				if !died && !t.Failed() {
					continue
				}
				t.Logf("settled %v after the death", took.Round(time.Millisecond))
				if took > 2*takeOver {
					t.Errorf("the other replica finished %v after the death, want at most %v even on a busy machine", took, 2*takeOver)
				}
				return
			}
			t.Errorf("no replica ever died at %s", place)
		})
	}
}

// measureTakeOver runs one story with two replicas, one of which dies at the place if it gets
// there. It returns how long after that everyone had been told. The redraw of the card over
// whatever the dead one may have drawn comes later.
func measureTakeOver(t *testing.T, place string) (took time.Duration, died bool) {
	t.Helper()
	s := begin(t, world.Options{Database: pgtest.URL(t), Scopes: historyScopes()}, place)
	s.stayDead() // the dead replica stays dead
	s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
	s.Slack.SetDuplicate(true)
	second := s.startSecond(t)
	var death time.Time
	s.act(t, func() bool {
		if death.IsZero() && s.Bot.Pid() == 0 {
			death = time.Now()
		}
		return s.everybodyKnows()
	})
	took = time.Since(death)
	s.checkSettled(t)
	if death.IsZero() && s.Bot.Pid() == 0 {
		took, death = 0, time.Now() // it died after everyone had been told
	}
	if t.Failed() {
		t.Log(second.Log())
	}
	return took, !death.IsZero()
}

// TestFrozenReplica freezes a replica where it hurts most, for example in the middle of a
// transaction, lets the other replica do everything, and wakes the first one up.
func TestFrozenReplica(t *testing.T) {
	t.Parallel()
	for _, place := range []string{failpoint.CallWritten, failpoint.CallBegun, failpoint.CallAnswered, failpoint.BeforeThread, failpoint.CardPosted} {
		t.Run(strings.ReplaceAll(place, "/", "."), func(t *testing.T) {
			t.Parallel()
			s := begin(t, world.Options{Database: pgtest.URL(t), Scopes: historyScopes()}, place+":stop")
			s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
			if place == failpoint.CardPosted {
				s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
			} else {
				s.ask(t, world.Ana)
				s.pressOnce() // it may freeze even before it has acked that
			}
			pid := s.Bot.Pid()
			s.await(t, "frozen replica", func() bool { return state(t, pid) == "T" })
			frozen := time.Now()
			second := s.startSecond(t)
			if place == failpoint.CardPosted {
				// The card is in Slack, but the replica that posted it is frozen.
				s.await(t, "record of the card", func() bool { return s.audited(t, store.EventAsked) })
				s.press(t, world.Ana)
			}
			s.await(t, "messages to everyone", s.everybodyKnows)
			took := time.Since(frozen)
			t.Logf("told %v after the first one froze", took.Round(time.Millisecond))
			if took > 2*takeOver {
				t.Errorf("the other replica finished %v after the first one froze, want at most %v even on a busy machine", took, 2*takeOver)
			}
			s.await(t, "settled story", func() bool { return s.settled(t.Context()) })
			if err := s.Bot.Thaw(); err != nil {
				t.Fatal(err)
			}
			// It is awake once its sockets take part again. Its unfinished work must have no effect.
			s.await(t, "log of the woken replica", func() bool {
				log := s.Bot.Log()
				return strings.Contains(log, "another run took over the job") || strings.Contains(log, "could not postpone a job") ||
					strings.Contains(log, "will be tried again")
			})
			// Half a request may have left before it froze, and the rest goes out now: the card may
			// say "Working…" until it is drawn over.
			s.await(t, "final state on the card", s.everybodyKnows)
			s.checkSettled(t)
			if n := len(s.Slack.Violations()); n > 0 {
				t.Logf("while frozen: %v", s.Slack.Violations())
			}
			if t.Failed() {
				t.Log(second.Log())
			}
		})
	}
}

// TestClickReachesAnotherReplica gives the command to one replica and the click to another.
func TestClickReachesAnotherReplica(t *testing.T) {
	t.Parallel()
	s := begin(t, world.Options{Database: pgtest.URL(t), Scopes: historyScopes()})
	s.stayDead()
	s.ask(t, world.Ana)
	s.await(t, "record of the card", func() bool { return s.idle(t.Context()) })
	second := s.startSecond(t)
	if err := s.Bot.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.press(t, world.Ana)
	s.checkSettled(t)
	if n := deletes(s.Meeting.Journal()); n != 1 {
		t.Errorf("%d DELETE requests, want 1\n%s", n, second.Log())
	}
}

func deletes(journal []meetingsim.Entry) (n int) {
	for _, e := range journal {
		if e.Operation == meetingsim.OpCancel {
			n++
		}
	}
	return n
}
