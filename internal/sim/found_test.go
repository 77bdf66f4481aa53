package sim

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/sqlitetest"
)

// Each test here replays by hand a fault that the schedules found, because seeds change
// meaning when the schedules do.

// A story is a world without random choices, except for small delays.
type story struct {
	*world
	t *testing.T
}

// tell runs a story: set prepares the world, which then runs like a schedule.
func tell(t *testing.T, set func(*story)) {
	t.Helper()
	empty, err := sqlitetest.Template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := newChance(Schedule{Version: Version, Seed: 1, Only: []string{}})
		w := newWorld(c, dir)
		w.config.UndoWindow, w.config.ConfirmTTL, w.config.SecondPerson = 0, 15*time.Minute, cancellation.SecondNever
		w.book(0)
		set(&story{w, t})
		file := w.newFile()
		if err := os.WriteFile(file, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		w.play("sqlite:" + file)
		if len(w.broken) > 0 {
			slices.SortStableFunc(w.story, func(a, b string) int { return strings.Compare(a[:9], b[:9]) })
			t.Errorf("%v\n%s", w.broken, strings.Join(w.story, "\n"))
		}
	})
}

// fault makes calls or statements fail during an interval.
func (s *story) fault(where, place, how string, from, to time.Duration) *fault {
	l := &fault{name: "luck", where: where, place: place, how: how, from: s.began.Add(from), to: s.began.Add(to), sure: true}
	s.faults = append(s.faults, l)
	s.troubleUntil(l.to)
	return l
}

// types schedules a person typing the command.
func (s *story) types(at time.Duration, person, channel, flags string) {
	s.after(at, func() { s.typeLine(person, channel, strings.TrimSpace("/cancel-meeting "+number(0)+" "+flags)) })
}

// presses schedules a person pressing a button, by its action.
func (s *story) presses(at time.Duration, person, action string) {
	s.after(at, func() {
		for _, b := range s.buttons(person) {
			if b.ActionID == action {
				s.press("press", person, b)
				return
			}
		}
		s.t.Errorf("@%s sees no button %s at %v", person, action, at)
	})
}

// TestUndoDespiteFailingRead: an Undo stored in time counts even if the meeting can't be
// read. The person was told that it was too late.
func TestUndoDespiteFailingRead(t *testing.T) {
	tell(t, func(s *story) {
		s.config.UndoWindow = 4 * time.Second
		s.types(time.Second, ana, general, "")
		s.presses(5*time.Second, carol, "cancel_meeting")
		s.presses(8*time.Second, carol, "undo")
		s.fault("db", "UPDATE envelope", hangs, 8*time.Second, 12*time.Second)
		s.fault("meeting", "", status403, 8*time.Second, 30*time.Second)
	})
}

// TestPendingUndoDrawsNothing: while a call waited for a stored Undo, it drew "Working…" on
// the card four times a second until the response_url was used up, and the card stayed that
// way forever.
func TestPendingUndoDrawsNothing(t *testing.T) {
	tell(t, func(s *story) {
		s.config.UndoWindow = 4 * time.Second
		s.types(time.Second, ana, foreign, "")
		s.presses(5*time.Second, bob, "cancel_meeting")
		s.presses(8*time.Second, dave, "undo")
		s.fault("slack", "users.info", hangs, 7*time.Second, 14*time.Second)
	})
}

// TestLateShortcutCard: a card that could not be posted at first was mistaken for the
// message that the shortcut was used on, so nobody saw a question.
func TestLateShortcutCard(t *testing.T) {
	tell(t, func(s *story) {
		s.after(time.Second, func() { s.shortcut(ana, general, number(0)) })
		s.fault("slack", "chat.postMessage", lost, time.Second, 5*time.Second)
	})
}

// TestDuplicateInOneCommit: the duplicate of an envelope was acked as already known because the
// first delivery was in the same commit, and then that commit failed.
func TestDuplicateInOneCommit(t *testing.T) {
	tell(t, func(s *story) {
		s.slack.SetDuplicate(true)
		s.after(5500*time.Millisecond, func() { // both deliveries wait while the command's commit hangs
			s.do(&act{person: dave, what: "opens Home", home: true}, func() (*slacksim.Action, error) { return s.slack.OpenHome(dave) })
		})
		s.types(time.Second, ana, general, "")
		s.fault("db", "COMMIT", hangs, time.Second, 12*time.Second)
	})
}

// TestOvertakenCountdownDraw: a slow draw of the countdown is drawn over by the same step. The
// report took that for a later state and relied on it, so the card was not drawn again when
// the first draw took effect after it had been given up.
func TestOvertakenCountdownDraw(t *testing.T) {
	tell(t, func(s *story) {
		s.config.UndoWindow = 15 * time.Second
		s.types(time.Second, ana, general, "")
		s.presses(5*time.Second, carol, "cancel_meeting")
		s.fault("slack", "chat.update", late, 5*time.Second, 19*time.Second).delay = 3 * time.Second
	})
}

// TestAskAgainOnLastResponseURLUse: the person who clicked was told through the card's
// response_url that the meeting had changed. That was the URL's last use, so the card said
// "Working…" forever.
func TestAskAgainOnLastResponseURLUse(t *testing.T) {
	tell(t, func(s *story) {
		s.config.UndoWindow = 4 * time.Second
		s.types(time.Second, ana, foreign, "")
		s.presses(5*time.Second, bob, "cancel_meeting")
		s.fault("db", "BEGIN", refused, 5*time.Second-time.Millisecond, 8*time.Second)
		for _, at := range []time.Duration{7 * time.Second, 9 * time.Second} { // Slack resends it until it is stored
			s.after(at, func() {
				if err := s.slack.Redeliver(s.acts[1].done.EnvelopeID()); err != nil {
					s.t.Error(err)
				}
			})
		}
		s.after(10*time.Second, func() {
			s.meetings.Start(number(0))
			s.recordChange(number(0), "started")
		})
	})
}

// TestUndoWhileCallWaits: the call waited for the database while the Undo was handled, and then
// drew "Working…" from stale data.
func TestUndoWhileCallWaits(t *testing.T) {
	for _, wait := range []time.Duration{100, 300, 500, 700, 900} {
		tell(t, func(s *story) {
			s.config.UndoWindow = 4 * time.Second
			s.slack.SetDuplicate(true)
			s.types(time.Second, ana, general, "")
			s.presses(5*time.Second, bob, "cancel_meeting")
			s.presses(9*time.Second-20*time.Millisecond, bob, "undo")
			s.fault("db", "INSERT envelope", hangs, 8*time.Second, 9*time.Second+wait*time.Millisecond).times = 1
		})
	}
}

// TestWorkingIsDrawnOnce: the card was drawn as "Working…" again each time the service asked
// to wait before reading the meeting. That used up its response_url, leaving none for the
// outcome.
func TestWorkingIsDrawnOnce(t *testing.T) {
	tell(t, func(s *story) {
		s.config.UndoWindow, s.config.ConfirmTTL = 4*time.Second, 40*time.Second
		s.types(time.Second, ana, foreign, "")
		s.presses(5*time.Second, bob, "cancel_meeting")
		s.fault("meeting", "detail", wait429, 6*time.Second, 45*time.Second).delay = 12 * time.Second
		s.after(46*time.Second, func() {
			s.meetings.Start(number(0))
			s.recordChange(number(0), "started")
		})
	})
}

// TestUndoWhenOwnerLookupFails: if the person pressing Undo could not be looked up, the
// bot gave up after three tries with "nothing was changed", and the meeting was cancelled.
func TestUndoWhenOwnerLookupFails(t *testing.T) {
	tell(t, func(s *story) {
		s.config.UndoWindow = 4 * time.Second
		s.types(time.Second, ana, general, "")
		s.presses(70*time.Second, ana, "cancel_meeting")
		s.presses(72*time.Second, carol, "undo")
		s.fault("meeting", "user", status401, 65*time.Second, 85*time.Second)
	})
}

// TestExpiredBeforePosted: a card requested in Home that could not be posted before its
// question expired was reported to nobody for a day, and the person who had clicked saw
// nothing.
func TestExpiredBeforePosted(t *testing.T) {
	tell(t, func(s *story) {
		s.config.ConfirmTTL = 40 * time.Second
		s.fault("slack", "chat.postMessage", status503p, 4*time.Second, 52*time.Second)
		s.after(time.Second, func() { s.openHome("home", carol) })
		s.after(5*time.Second, func() { s.inHomePress(carol, "home_meeting") })
	})
}

// TestOwnerBehindAGateway: a gateway's refusal was taken for the directory's answer, so a card
// said that the owner could not be found in Slack.
func TestOwnerBehindAGateway(t *testing.T) {
	tell(t, func(s *story) {
		s.book(1)
		s.fault("meeting", "user", status403, 0, 20*time.Second)
		s.after(time.Second, func() { s.typeLine(bob, general, "/cancel-meeting "+number(0)+" "+number(1)) })
		s.presses(5*time.Second, ana, "review_ticked")
		s.presses(8*time.Second, ana, "cancel_ticked")
	})
}

// TestSecondPageWarnsOfEnding: if the service doesn't give the state, the card must say on both
// pages that a started meeting would be ended. Only the first did, and the second is the one
// that is confirmed.
func TestSecondPageWarnsOfEnding(t *testing.T) {
	tell(t, func(s *story) {
		s.book(1)
		s.omits = "conferenceState"
		s.meetings.Start(number(0))
		s.after(time.Second, func() { s.typeLine(ana, general, "/cancel-meeting "+number(0)+" "+number(1)+" --end") })
		s.presses(5*time.Second, ana, "review_ticked")
		s.presses(8*time.Second, ana, "cancel_ticked")
	})
}

// TestTwoCallsOneRemoval: the first card's call was lost, and the second card's call succeeded
// but could not be recorded yet. The first card found the meeting gone, and both claimed to
// have cancelled it.
func TestTwoCallsOneRemoval(t *testing.T) {
	for nth := range 6 { // UPDATE job, counted from the second click
		tell(t, func(s *story) {
			s.types(time.Second, ana, foreign, "")
			s.types(2*time.Second, ana, general, "")
			s.presses(5*time.Second, ana, "cancel_meeting")
			s.fault("meeting", "cancel", hangs, 5*time.Second, 6*time.Second).times = 1
			s.presses(13*time.Second, bob, "cancel_meeting")
			s.fault("db", "UPDATE job", hangs, 13*time.Second+time.Duration(nth)*40*time.Millisecond, 15*time.Second).times = 1
		})
	}
}

// TestLateDrawOfStoppedProcess: a process was stopped while it drew "Working…". The next one waited
// until that draw could no longer take effect, by a clock that was then set forward, so the draw
// stayed above the outcome.
func TestLateDrawOfStoppedProcess(t *testing.T) {
	tell(t, func(s *story) {
		s.types(time.Second, ana, general, "")
		s.presses(5*time.Second, bob, "cancel_meeting")
		working := s.fault("slack", "chat.update", late, 5*time.Second, 6*time.Second)
		working.times, working.delay = 1, 5700*time.Millisecond
		s.after(5040*time.Millisecond, func() { s.stop("stop", s.slots[0], 2800*time.Millisecond) })
		s.after(11*time.Second, func() { s.setClock("clock", s.slots[0], 25*time.Second) })
	})
}

// TestTakenBackBeforeItWasGiven: the clock was set back between the two, so the receiver was told
// nothing: the delegation seemed to have ended before it began, and the message that it began was
// taken for the one to send.
func TestTakenBackBeforeItWasGiven(t *testing.T) {
	tell(t, func(s *story) {
		at := func(at time.Duration, action string) {
			s.after(at, func() { s.open(carol) })
			s.after(at+time.Second, func() { s.inHomePress(carol, action) })
		}
		at(time.Second, "delegate_add")
		s.after(4*time.Second, func() { s.send("window", carol, slacksim.Ref{}) })
		s.after(8*time.Second, func() { s.setClock("clock", s.slots[0], -20*time.Second) })
		s.fault("slack", "chat.postMessage", status503p, 9*time.Second, 12*time.Second)
		at(9*time.Second, "delegate_remove")
	})
}

// inHomePress has a person press a button of the Home in front of them, by its action.
func (s *story) inHomePress(person, action string) {
	h, _ := s.slack.Home(person)
	for _, b := range h.Buttons() {
		if b.ActionID == action {
			s.pressInHome("home", person, h, b)
			return
		}
	}
	s.t.Errorf("@%s sees no button %s in Home", person, action)
}
