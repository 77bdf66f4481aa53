package hostile

import (
	"fmt"
	"strings"
	"testing"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// askers is the number of people who ask, because each may ask only five times a minute.
const askers = 80

// TestWalk presses every button of every kind of open card as each person. All of them see an
// answer, but only those who are allowed to change the meeting do.
func TestWalk(t *testing.T) {
	t.Parallel()
	cards := []struct {
		name, variable string
		buttons        []string
	}{
		{"planned", "UNDO_WINDOW=0s", []string{"Cancel meeting", "Keep meeting"}},
		{"running", "UNDO_WINDOW=0s", []string{"End for everyone", "Keep it running"}},
		{"series", "UNDO_WINDOW=0s", []string{"Cancel whole series", "Cancel chosen dates", "Keep meeting"}},
		{"counting down", "UNDO_WINDOW=1m", []string{"Undo"}},
	}
	for _, c := range cards {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := crowd(t, c.variable)
			for i, button := range c.buttons {
				for j, user := range everybody {
					n := i*len(everybody) + j
					id, asker := fmt.Sprintf("9140%05d", n), fmt.Sprintf("U0ASK%02d", n)
					if user == world.Ana {
						user = asker // the asker's own card
					}
					s.Book(id, world.Carol, func(m *meetingsim.Meeting) {
						if c.name == "series" {
							m.Series = &meetingsim.Series{}
						}
					})
					if c.name == "running" {
						s.Meeting.Start(id)
					}
					s.slash(asker, world.General, "/cancel-meeting "+id)
					if c.name == "counting down" {
						m, b := s.buttonOf(asker, id, "Cancel meeting")
						s.press(asker, m, b)
					}
					m, b := s.buttonOf(user, id, button)
					s.pressForAnswer(user, m, b)
					may := user == asker || user == world.Bob || user == world.Carol
					s.checkMeeting(t, user, button, id, may)
				}
			}
		})
	}
}

// checkMeeting checks what a click did to a meeting.
func (s *stage) checkMeeting(t *testing.T, user, button, id string, may bool) {
	t.Helper()
	destroys := strings.HasPrefix(button, "End") || button == "Cancel meeting" || button == "Cancel whole series"
	switch {
	case may && destroys:
		s.await("cancellation of "+id, func() bool { return s.Meeting.Cancelled(id) == 1 })
	case s.Meeting.Cancelled(id) != 0:
		t.Errorf("Click(%s, %q) cancelled %s", user, button, id)
	case !may:
		if _, _, found := s.find(world.Bob, world.General, button); !found {
			t.Errorf("Click(%s, %q) removed the button", user, button)
		}
	}
}

// buttonOf waits for a button on a meeting's card.
func (s *stage) buttonOf(user, id, text string) (m slacksim.Message, b slacksim.Button) {
	s.t.Helper()
	shown := id[:3] + " " + id[3:6] + " " + id[6:]
	s.await("button "+text+" of "+id, func() (found bool) {
		m, b, found = s.find(user, world.General, text)
		return found && strings.Contains(m.Plain(), shown)
	})
	return m, b
}

// crowd is a stage with enough people to ask for one card each.
func crowd(t *testing.T, variables ...string) *stage {
	t.Helper()
	s := newStage(t, variables...)
	allowed, members := []string{world.Ana, world.Bob}, append([]string{world.Paulo}, everybody...)
	for i := range askers {
		id := fmt.Sprintf("U0ASK%02d", i)
		s.Slack.AddUser(slacksim.User{ID: id, Name: strings.ToLower(id[2:]), Email: strings.ToLower(id) + "@example.com"})
		allowed, members = append(allowed, id), append(members, id)
	}
	s.Slack.AddChannel(slacksim.Channel{ID: world.General, Name: "general", BotMember: true, Members: members})
	s.Set("ALLOW_USERS", strings.Join(allowed, ","))
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReasonByEveryone submits a reason from everyone, through the modal that the card opens.
// Only those who may answer the card can write on it.
func TestReasonByEveryone(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.Book(number, world.Carol, nil)
	s.slash(world.Ana, world.General, "/cancel-meeting "+number)
	for _, user := range everybody {
		text := "Add a reason…"
		if user != world.Ana { // who has already given one
			text = "Change the reason…"
		}
		m, b := s.button(user, world.General, text)
		reason := "typed by " + user
		before := s.view(user, world.General)
		s.press(user, m, b)
		s.await("answer", func() bool { return s.view(user, world.General) != before })
		if _, open := s.Slack.Modal(user); open {
			a, err := s.Slack.SubmitModal(user, map[string]string{"reason": reason})
			if err != nil {
				t.Fatalf("SubmitModal(%s): %v", user, err)
			}
			if err := a.Wait(t.Context()); err != nil {
				t.Fatalf("SubmitModal(%s): %v", user, err)
			}
			if user == world.Ana || user == world.Bob || user == world.Carol {
				s.shows(world.Bob, world.General, reason)
				continue
			}
			s.await("refusal of "+user, func() bool {
				for _, m := range s.Slack.Messages(world.General, user) {
					if m.Ephemeral {
						return true
					}
				}
				_, open := s.Slack.Modal(user)
				return open
			})
		}
		if may := user == world.Ana || user == world.Bob || user == world.Carol; !may && s.sees(world.Bob, world.General, reason) {
			t.Errorf("%s changed the reason on another person's card", user)
		}
	}
}
