package main

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// TestManyLeaveRoom cancels twenty meetings, more than their share of the service's rate
// limit: no call is refused, the card says until when the rest waits, and a single
// cancellation is still served at once. Stop keeps the rest.
func TestManyLeaveRoom(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("meetingbot")
	if err != nil {
		t.Fatalf("the program is not on the path: %v", err)
	}
	w := world.New(world.Options{Dir: t.TempDir(), Program: []string{program}, RateLimit: 30})
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	const n, first = 20, 985000001
	var numbers []string
	for i := range n {
		numbers = append(numbers, strconv.Itoa(first+i))
		w.Book(numbers[i], world.Carol, func(m *meetingsim.Meeting) { m.Start = time.Now().Add(48 * time.Hour) })
	}
	ask(t, w, world.Ana, strings.Join(numbers, " "))
	page(t, w, "Cancel the ticked…")
	page(t, w, "Cancel 20 meetings")
	many, stop := button(t, w, "Stop")
	if text := many.Plain(); !strings.Contains(text, "The bot is waiting until") || !strings.Contains(text, "of 20 done") {
		t.Errorf("the card doesn't say until when the rest waits:\n%s", text)
	}

	w.Book("914087436", world.Paulo, func(m *meetingsim.Meeting) { m.Start = time.Now().Add(48 * time.Hour) })
	ask(t, w, world.Ana, "914087436")
	page(t, w, "Cancel meeting")
	await(t, w, "the single cancellation", func() bool { return w.Meeting.Cancelled("914087436") == 1 })
	if m, _ := w.Slack.Message(many.Ref); !strings.Contains(m.Plain(), "The bot is waiting until") {
		t.Errorf("the single cancellation waited for the card with several:\n%s", m.Plain())
	}

	if _, err := w.Slack.Click(world.Ana, many.Ref, stop.ActionID, slacksim.ClickOptions{BlockID: stop.BlockID, Value: stop.Value}); err != nil {
		t.Fatal(err)
	}
	done := 0
	await(t, w, "the end", func() bool {
		done = 0
		for _, id := range numbers {
			done += w.Meeting.Cancelled(id)
		}
		m, _ := w.Slack.Message(many.Ref)
		return strings.Contains(m.Plain(), strconv.Itoa(done)+" of 20 meetings cancelled") && strings.Contains(m.Plain(), "kept")
	})
	if done == 0 || done > 5 {
		t.Errorf("%d of 20 were cancelled before the stop, want between 1 and 5, their share of the rate limit", done)
	}
	for _, e := range w.Meeting.Journal() {
		if e.Status == 429 {
			t.Errorf("%s of %s was refused: %s", e.Operation, e.Meeting, e.Code)
		}
	}
}
