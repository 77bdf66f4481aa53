package crash

import (
	"fmt"
	"strings"
	"testing"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/failpoint"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
	"meetingbot/internal/world"
)

// TestInvited kills the program while it tells the invited people, at the worst moment: a
// message is sent and not recorded. With the history scopes each person gets one message, and
// the thread gives the number.
func TestInvited(t *testing.T) {
	t.Parallel()
	people := 8
	if full() {
		people = 50
	}
	eachDatabase(t, func(t *testing.T, database func(*testing.T) string) {
		s := begin(t, world.Options{Database: database(t), Scopes: historyScopes()},
			fmt.Sprintf("%s@%d", failpoint.InvitedTold, people/2), failpoint.InvitedTold)
		ids := s.invite(people)
		s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
		s.ask(t, world.Ana)
		s.tick(t)
		s.press(t, world.Ana)
		s.await(t, "number in the thread", func() bool { return s.replied(fmt.Sprintf("%d of %d invited people were told here.", people, people)) })
		s.checkSettled(t)
		if s.lifeCount() != 3 {
			t.Errorf("the program was started %d times, want it to die twice on the way", s.lifeCount())
		}
		for _, id := range ids {
			if n := len(s.invitation(id)); n != 1 {
				t.Errorf("%s has %d messages, want 1", id, n)
			}
		}
		var left int
		if err := s.db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM invited`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d invited people are still in the database (%v), want none", left, err)
		}
		if n := s.countEvents(t, store.EventInvited); n != 1 {
			t.Errorf("the trail has %d lines on how many were told, want 1", n)
		}
	})
}

// invite adds people to the workspace and invites them.
func (s *story) invite(people int) (ids []string) {
	s.Meeting.Change(meeting, func(m *meetingsim.Meeting) {
		for i := range people {
			u := slacksim.User{ID: fmt.Sprintf("U0P%03d", i), Name: fmt.Sprintf("p%d", i), Email: fmt.Sprintf("p%d@example.com", i)}
			s.Slack.AddUser(u)
			m.Invitees = append(m.Invitees, meetingsim.Invitee{Name: u.Name, Email: u.Email})
			ids = append(ids, u.ID)
		}
	})
	return ids
}

// tick ticks the box for telling the invited people.
func (s *story) tick(t *testing.T) {
	t.Helper()
	m, _, _ := s.button()
	a, err := s.Slack.Tick(world.Ana, m.Ref, "Tell the invited people", true)
	if err == nil {
		err = a.Wait(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// invitation returns the messages that an invited person has.
func (s *story) invitation(id string) (all []slacksim.Message) {
	for _, m := range s.Slack.DMs(id) {
		if _, kind := effectOf(m); kind == cancellation.InvitedEffect {
			all = append(all, m)
		}
	}
	return all
}

// replied reports whether a reply in a card's thread contains the text.
func (s *story) replied(text string) bool {
	for _, m := range s.effects()[cancellation.ThreadEffect] {
		if strings.Contains(m.Plain(), text) {
			return true
		}
	}
	return false
}
