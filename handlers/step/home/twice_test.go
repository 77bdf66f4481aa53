package home_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestShowCardTwice clicks Show the card twice, the second time while the copy is being
// posted. There must be one copy, and the second click must be answered with a link to it.
func TestShowCardTwice(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			_, err := tx.Homes.Open(h.Context(), steptest.Bob, steptest.Team, "D"+steptest.Bob)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Chat.Said = func(how string) {
			if how == "dm" {
				time.Sleep(time.Second)
			}
		}
		for range 2 {
			h.Arrive(step.HomeClickStep, &step.Envelope{Person: steptest.Bob, Home: true, Action: action.HomeCard, Request: id})
			h.Pass(100 * time.Millisecond)
		}
		h.Pass(20 * time.Second)
		said := dms(h, steptest.Bob)
		if n := strings.Count(said, "Cancel this meeting?"); n != 1 || len(h.Stored(id).Copies) != 1 {
			t.Errorf("there are %d copies, %d recorded, want one", n, len(h.Stored(id).Copies))
		}
		if !strings.Contains(said, "already an open card") {
			t.Errorf("after the second click Bob was told %q, want a link to the card", said)
		}
		h.WantIdle()
	})
}

// TestAskedAgainDuringCopy makes a card ask again while its copy is being posted. The copy must
// ask again too, and end with the card.
func TestAskedAgainDuringCopy(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		opens(t, h, steptest.Bob, "D"+steptest.Bob)
		var posted atomic.Bool
		h.Chat.Said = func(how string) {
			if how != "dm" || posted.Swap(true) {
				return
			}
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Subject = "Board" })
			h.Press(steptest.Ana, action.Cancel, id, nil)
			time.Sleep(2 * time.Second)
		}
		clicks(h, steptest.Bob, action.HomeCard, id)
		h.Pass(10 * time.Second)
		open, err := h.Store.Requests.OpenCards(h.Context(), steptest.Number)
		if err != nil || len(open) != 1 || open[0].Supersedes != id {
			t.Fatalf("open are %+v, %v, want the card that asks again", open, err)
		}
		said := func() string {
			all := h.Chat.Texts("update", "D"+steptest.Bob+"/1")
			return strings.Join(all[max(0, len(all)-1):], "")
		}
		if !strings.Contains(said(), "Board") {
			t.Errorf("the copy says %q, want it to ask again", said())
		}
		h.Presses(steptest.Ana, action.Keep, open[0].ID, nil)
		h.Pass(10 * time.Second)
		if !strings.Contains(said(), "Nothing was changed") {
			t.Errorf("the copy says %q, want it to end like the card", said())
		}
		h.WantIdle()
	})
}

// TestCopyClickedAtOnce clicks a copy before its place is recorded, while the card itself can
// be edited only through its response_url. The copy must not be taken for the card: both end.
func TestCopyClickedAtOnce(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.Card = cancellation.Card{Channel: steptest.Channel, Way: cancellation.ByResponse}
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/card", At: r.CreatedAt}
		})
		opens(t, h, steptest.Bob, "")
		var posted atomic.Bool
		h.Chat.Said = func(how string) {
			if how != "dm" || posted.Swap(true) {
				return
			}
			h.Press(steptest.Bob, action.Keep, id, func(in *step.Envelope) {
				in.Channel, in.Message = "D"+steptest.Bob, bot.MessageRef{Channel: "D" + steptest.Bob, TS: "1"}
			})
			time.Sleep(2 * time.Second)
		}
		clicks(h, steptest.Bob, action.HomeCard, id)
		h.Pass(10 * time.Second)
		if r := h.Stored(id); steptest.Outcome(r) != "declined" || len(r.Copies) != 1 || r.Copies[0].Way != cancellation.ByDirect {
			t.Fatalf("the request is %s, its copies are %+v; want declined, one", steptest.Outcome(r), r.Copies)
		}
		for _, where := range []string{"card", "D" + steptest.Bob + "/1"} {
			said := append(h.Chat.Texts("respond", where), h.Chat.Texts("update", where)...)
			if len(said) == 0 || !strings.Contains(said[len(said)-1], "Nothing was changed") {
				t.Errorf("%s says %q, want the outcome", where, said)
			}
		}
		h.WantIdle()
	})
}
