package many_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

// TestOvertaken: what changes on the card just as the button is clicked → what is ticked. A
// tick is a position in the list that was shown, and in no other.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		during func(*steptest.Fixture, cancellation.ID) // may be nil
		review bool                                     // the second page is shown
		ticked string
		told   bool // the person is told that the card has moved on
	}{
		{name: "nothing", review: true, ticked: "Budget review"},
		{name: "another meeting is gone", during: removes(steptest.Second), ticked: "Budget review", told: true},
		{name: "the ticked meeting is gone", during: removes(steptest.Number), ticked: "Offsite", told: true},
		{name: "Bob turned the page with other ticks", during: func(h *steptest.Fixture, id cancellation.ID) {
			h.Presses(steptest.Bob, action.Review, id, ticks("1"))
		}, review: true, ticked: "Offsite", told: true},
		{name: "Bob turned it with the same ticks", during: func(h *steptest.Fixture, id cancellation.ID) {
			h.Presses(steptest.Bob, action.Review, id, ticks("0"))
		}, review: true, ticked: "Budget review"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, both)
				in := &step.Envelope{
					Person: steptest.Ana, Channel: steptest.Channel, Response: "https://hooks.example.com/click/" + steptest.Ana,
					Action: action.Review, Request: id, Message: bot.MessageRef{Channel: steptest.Channel, TS: "1"},
				}
				ticks("0")(in)
				h.Overtaken(in, func() {
					if row.during != nil {
						row.during(h, id)
					}
				})
				h.Pass(5 * time.Second)
				b := h.Stored(id).Batch
				if got := ticked(b); b.Review != row.review || got != row.ticked {
					t.Errorf("ticked is %q, on the second page: %t; want %q, %t", got, b.Review, row.ticked, row.review)
				}
				if told := h.Chat.WasTold(steptest.Ana, "The card has moved on"); told != row.told {
					t.Errorf("Ana was told %q, want that the card has moved on: %t", h.Chat.Texts("respond", steptest.Ana), row.told)
				}
				h.Presses(steptest.Ana, action.Keep, id, nil)
				h.Pass(2 * time.Minute)
				h.WantIdle()
			})
		})
	}
}

// removes has a meeting removed and taken off the card.
func removes(number string) func(*steptest.Fixture, cancellation.ID) {
	return func(h *steptest.Fixture, id cancellation.ID) {
		h.Service.Remove(number)
		h.Pass(70 * time.Second)
		if b := h.Stored(id).Batch; len(b.Items) != 1 {
			panic("the meeting is still on the card")
		}
	}
}

// ticked returns the subjects of the ticked meetings.
func ticked(b *cancellation.Batch) string {
	var all []string
	for _, i := range b.Ticked() {
		all = append(all, b.Meetings[b.Items[i].Meeting].Subject)
	}
	return strings.Join(all, ", ")
}
