package main

import (
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestDayIsWhenItWasTyped: "tomorrow" is the day after it was typed, even if the bot handles
// the command after midnight.
func TestDayIsWhenItWasTyped(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.Book("985000001", world.Ana, func(m *meetingsim.Meeting) { m.Subject, m.Start = "Breakfast", time.Now().Add(time.Hour).UTC() })
	w.Book("985000002", world.Ana, func(m *meetingsim.Meeting) { m.Subject, m.Start = "Next day", time.Now().Add(25*time.Hour).UTC() })
	w.Slack.Fault(slacksim.Fault{Kind: slacksim.FaultLate, Method: "users.info", Delay: 4 * time.Second, Times: 1})
	now := time.Now().UTC()
	midnight := now.Truncate(24 * time.Hour).Add(24 * time.Hour)
	offset := int((midnight.Sub(now) - 3*time.Second) / time.Second) // it is 23:59:57 where Ana is
	if offset > 12*3600 {
		offset -= 24 * 3600
	}
	w.Slack.AddUser(slacksim.User{ID: world.Ana, Name: "ana", RealName: "Ana Lima", Email: "ana@example.com", TZ: "Mars/Base", TZOffset: offset})
	ask(t, w, world.Ana, "tomorrow")
	var card string
	await(t, w, "card", func() bool {
		for _, m := range w.Slack.Messages(world.General, world.Ana) {
			card = m.Plain()
		}
		return card != ""
	})
	if !strings.Contains(card, "Breakfast") || strings.Contains(card, "Next day") {
		t.Errorf("typed three seconds before midnight, tomorrow is\n%s", card)
	}
}
