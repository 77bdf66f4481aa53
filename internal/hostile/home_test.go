package hostile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestHomeWithManyMeetings: the Home of a person with 300 meetings is one that Slack accepts,
// with the running meeting first and the number of meetings not shown.
func TestHomeWithManyMeetings(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 300 {
		s.Book(fmt.Sprintf("9140%05d", i), world.Carol, func(m *meetingsim.Meeting) {
			m.Subject = strings.Repeat("*<!channel>* & long ", 20)
			m.Start = time.Now().Add(time.Hour + time.Duration(i)*time.Minute)
		})
	}
	s.Book("914099999", world.Carol, nil)
	s.Meeting.Start("914099999")
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, err := s.Slack.OpenHome(world.Carol)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	var h slacksim.Home
	s.await("Home", func() (drawn bool) { h, drawn = s.Slack.Home(world.Carol); return drawn })
	text := h.Plain()
	if n := len(h.Blocks); n > 100 || len(h.Buttons()) < 40 {
		t.Errorf("Home has %d blocks and %d buttons, want at most 100, and 40", n, len(h.Buttons()))
	}
	if !strings.Contains(text, "261 more meetings") || !strings.Contains(text[:strings.Index(text, "long")], "running now") {
		t.Errorf("Home reads %q, want the running meeting first and how many are left out", text)
	}
}
