package hostile

import (
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// number is the meeting used by most of these tests.
const number = "914087436"

// everybody is everyone who can press a button.
var everybody = []string{world.Ana, world.Bob, world.Carol, world.Dave, world.Gina, stranger}

// TestLateClick presses every button of a card that could not be redrawn. Its question was
// settled long ago, and everyone is told so, whether response URLs work or not.
func TestLateClick(t *testing.T) {
	t.Parallel()
	states := []struct {
		name, variable string
		settle         func(*stage)
		calls          int
	}{
		{"done", "UNDO_WINDOW=0s", func(s *stage) {
			s.click(world.Ana, "Cancel meeting")
			s.shows(world.Bob, world.General, "was cancelled by @ana")
		}, 1},
		{"declined", "UNDO_WINDOW=0s", func(s *stage) {
			s.click(world.Ana, "Keep meeting")
			s.await("decline", s.audited("declined"))
		}, 0},
		{"expired", "CONFIRM_TTL=1s", func(s *stage) { s.await("expiry", s.audited("expired")) }, 0},
		{"counting down", "UNDO_WINDOW=1m", func(s *stage) {
			s.click(world.Ana, "Cancel meeting")
			s.await("confirmation", s.audited("confirmed"))
		}, 0},
		{"gone", "UNDO_WINDOW=0s", func(s *stage) {
			s.Meeting.Forget(number)
			s.click(world.Ana, "Cancel meeting")
			s.shows(world.Bob, world.General, "already gone")
		}, 0},
		{"calling", "UNDO_WINDOW=0s", func(s *stage) {
			s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultHang})
			s.click(world.Ana, "Cancel meeting")
			s.await("call", s.audited("calling"))
		}, 0},
	}
	for _, broken := range []string{"chat.update", "response_url"} {
		for _, c := range states {
			t.Run(broken+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				s := started(t, c.variable)
				s.Book(number, world.Carol, nil)
				s.slash(world.Ana, world.General, "/cancel-meeting "+number)
				card, _ := s.button(world.Ana, world.General, "Cancel meeting")
				s.Slack.Fault(slacksim.Fault{Method: "chat.update", Kind: slacksim.FaultHTTP})
				s.Slack.Fault(slacksim.Fault{Method: broken, Kind: slacksim.FaultHTTP})
				c.settle(s)
				for _, user := range everybody {
					for _, b := range card.Buttons() {
						s.pressForAnswer(user, card, b)
					}
				}
				if got := s.Meeting.Cancelled(number); got != c.calls {
					t.Errorf("Cancelled = %d after all those clicks, want %d", got, c.calls)
				}
			})
		}
	}
}

// pressForAnswer presses a button and waits until the person sees something new.
func (s *stage) pressForAnswer(user string, m slacksim.Message, b slacksim.Button) {
	s.t.Helper()
	before := s.view(user, m.Channel)
	s.press(user, m, b)
	if !s.within("answer", func() bool { return s.view(user, m.Channel) != before }, 5*time.Second) {
		s.t.Errorf("Click(%s, %q): they see nothing new\n%s\n%s", user, b.Text, before, s.Bot.Log())
	}
}

// audited returns a function that reports whether the trail contains an event.
func (s *stage) audited(event string) func() bool {
	return func() bool {
		for _, e := range s.trail() {
			if e == event {
				return true
			}
		}
		return false
	}
}
