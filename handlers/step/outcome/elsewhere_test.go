package outcome_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/handlers/step/outcome"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
)

// TestByOthersReadsOnce: what other cards did about a card with many meetings takes one query: the
// transaction that expires the card waits for it.
func TestByOthersReadsOnce(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		card := h.Stored(h.Insert(steptest.Number, func(r *cancellation.Request) {
			b := &cancellation.Batch{}
			for i := range 20 {
				b.Meetings = append(b.Meetings, cancellation.Meeting{ID: fmt.Sprint(i)})
				b.Items = append(b.Items, cancellation.Item{Meeting: i, Ticked: true})
			}
			r.Meeting, r.Batch = cancellation.Meeting{}, b
		}))
		var reads atomic.Int32
		h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
			if strings.Contains(text, "FROM request") {
				reads.Add(1)
			}
			return carryOut()
		}
		for _, last := range []bool{false, true} {
			if last {
				h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.Meeting.ID, r.Channel = "19", "C0OTHER"
					inState(cancellation.Done, cancellation.Cancelled)(r)
					r.ClosedAt = time.Now()
				})
			}
			reads.Store(0)
			by, doubt, err := outcome.ByOthers(h.Context(), h.Store.Requests, card.Request, h.Store.Now())
			if err != nil || by.ID != "" || doubt != last {
				t.Errorf("removed by %q, in doubt: %t, %v; want in doubt: %t", by.ID, doubt, err, last)
			}
			if n := reads.Load(); n != 1 {
				t.Errorf("%d queries, want 1", n)
			}
		}
	})
}
