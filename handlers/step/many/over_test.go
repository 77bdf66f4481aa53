package many_test

import (
	"errors"
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestCheckAgainOnceOver: once the meetings would be over, checking again can't tell what
// happened to them, and people aren't told to try again.
func TestCheckAgainOnceOver(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		told  string
	}{
		{"gone", steptest.Gone, "no way left to tell which of them"},
		{"unreadable", steptest.Unreadable, "again in a few minutes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
				for _, id := range []string{steptest.Number, steptest.Second} {
					h.Service.Change(id, func(m *meetingapi.Meeting) {
						m.Start, m.End = time.Now().Add(10*time.Minute), time.Now().Add(40*time.Minute)
					})
				}
				id := h.Types(steptest.Ana, both)
				stages()["unknown"](h, id)
				h.Pass(time.Hour)
				row.given(h)
				h.Presses(steptest.Ana, action.CheckAgain, id, onPage(0))
				h.Pass(10 * time.Second)
				h.WantSaid(steptest.Ana, row.told, "")
				if got := h.Stored(id); got.Outcome != cancellation.Unknown {
					t.Errorf("the request is %s, want unknown", steptest.Outcome(got))
				}
			})
		})
	}
}

// TestCheckAgainSecond: another check has just settled both meetings, but the card doesn't
// know yet. The second person to check is told how it ended once it does.
func TestCheckAgainSecond(t *testing.T) {
	t.Parallel()
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		stages()["unknown"](h, id)
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			parts, err := tx.Requests.Parts(h.Context(), id)
			for _, p := range parts {
				err = errors.Join(err, p.Finish(cancellation.Cancelled, "", tx.Now()), tx.Requests.Save(h.Context(), &p))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Presses(steptest.Dave, action.CheckAgain, id, onPage(0))
		h.Enqueue(step.PartStep, id)
		h.Pass(10 * time.Second)
		h.WantSaid(steptest.Dave, "known now. 2 meetings were cancelled", "2 meetings were cancelled")
	})
}

// TestStopByResponse: a card that only a click's response_url can change waits until the
// last one has expired. The click that stops it brings a new one, and the card shows that it
// was stopped.
func TestStopByResponse(t *testing.T) {
	t.Parallel()
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		stages()["waiting"](h, id)
		err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
			r, err := tx.Requests.Get(h.Context(), id)
			r.Card.Way = cancellation.ByResponse
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/old", At: tx.Now().Add(-time.Hour)}
			return errors.Join(err, tx.Requests.Save(h.Context(), &r))
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Presses(steptest.Ana, action.Stop, id, onPage(0))
		h.Pass(10 * time.Second)
		if got := h.Stored(id); got.State != cancellation.Declined {
			t.Fatalf("the request is %s, want declined", steptest.Outcome(got))
		}
		h.WantSaid(steptest.Ana, "stopped", "")
	})
}

// TestFewerAllowed: after MANY_MAX was lowered, an open card cancels no more than that.
func TestFewerAllowed(t *testing.T) {
	t.Parallel()
	const told = "One card may cancel only 1 meeting here now. Nothing was done. Tick fewer"
	steptest.Run(t, steptest.TwoMeetings, func(h *steptest.Fixture) {
		id := h.Types(steptest.Ana, both)
		h.Presses(steptest.Ana, action.Review, id, ticks("0", "1"))
		h.Rules.ManyMax = 1
		h.Presses(steptest.Ana, action.CancelMany, id, onPage(1))
		h.WantSaid(steptest.Ana, told, "")
		h.Presses(steptest.Bob, action.Back, id, onPage(1))
		again := func(values ...string) func(*step.Envelope) {
			return func(in *step.Envelope) { ticks(values...)(in); onPage(2)(in) }
		}
		h.Presses(steptest.Bob, action.Review, id, again("0", "1"))
		h.WantSaid(steptest.Bob, told, "")
		h.WantCalls()
		h.Presses(steptest.Bob, action.Review, id, again("1"))
		h.Presses(steptest.Bob, action.CancelMany, id, onPage(3))
		h.Pass(30 * time.Second)
		h.WantCalls("cancel")
		h.WantIdle()
	})
}
