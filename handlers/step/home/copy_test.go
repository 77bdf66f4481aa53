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
)

// TestAnsweredDuringCopy answers a card while its copy is being posted. The copy must end too,
// although Slack is down then and only this run knows of the copy.
func TestAnsweredDuringCopy(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		opens(t, h, steptest.Bob, "")
		var said atomic.Bool
		h.Chat.Said = func(how string) {
			if how != "dm" || said.Swap(true) {
				return
			}
			h.Chat.Fail("update", bot.ErrUnavailable)
			err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
				r, err := tx.Requests.Get(h.Context(), id)
				if err != nil {
					return err
				}
				return step.Change(h.Context(), tx, &r, func(r *store.Request) error {
					r.ClosedBy, r.ClosedAt = steptest.Ana, tx.Now()
					return r.Become(cancellation.Declined)
				})
			})
			if err != nil {
				t.Error(err)
			}
		}
		clicks(h, steptest.Bob, action.HomeCard, id)
		h.Pass(5 * time.Second)
		h.Chat.Recover()
		h.Pass(time.Minute)
		if r := h.Stored(id); r.State != cancellation.Declined || len(r.Copies) != 1 {
			t.Fatalf("the request is %s and has the copies %+v, want it declined, one copy", r.State, r.Copies)
		}
		if shown := h.Chat.Shown("update", "D"+steptest.Bob+"/1"); len(shown) == 0 || strings.Contains(shown[len(shown)-1], steptest.Button(action.Cancel)) {
			t.Errorf("the copy was drawn %q, want it without its buttons", shown)
		}
		h.WantIdle()
	})
}
