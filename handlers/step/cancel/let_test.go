package cancel_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestStillLet: what a delegate has confirmed is not carried out once the delegation was
// taken back. One that ran out since counts: the click was in time.
func TestStillLet(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		until time.Duration // from the confirmation
		ended time.Duration // the same; zero is not
		want  string
		sent  int
	}{
		{"in force", time.Hour, 0, "cancelled", 1},
		{"taken back", time.Hour, 2 * time.Second, "refused", 0},
		{"ran out", 2 * time.Second, 0, "cancelled", 1},
		{"ran out, and that was noticed", 2 * time.Second, 3 * time.Second, "cancelled", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.In(t, nil, func(h *steptest.House) {
				d := cancellation.Delegation{
					ID: cancellation.NewID(), Giver: steptest.Carol, Receiver: steptest.Dave,
					GivenAt: time.Now().Add(-time.Hour), Until: time.Now().Add(row.until),
				}
				do := func(f func(*store.Tx) error) {
					if err := h.Store.Do(h.Context(), f); err != nil {
						t.Fatal(err)
					}
				}
				do(func(tx *store.Tx) error { _, err := tx.Delegations.Give(h.Context(), d); return err })
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.State, r.ConfirmedBy, r.ConfirmedAt, r.Delegation = cancellation.Confirmed, steptest.Dave, time.Now(), d.ID
				})
				if row.ended > 0 {
					h.Pass(row.ended)
					do(func(tx *store.Tx) error { return tx.Delegations.End(h.Context(), d.ID) })
				}
				h.Enqueue(step.CancelStep, id)
				h.Pass(50 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) != row.sent {
					t.Errorf("the request is %s after %q; want %s, %d calls", got, h.Service.Sent(), row.want, row.sent)
				}
			})
		})
	}
}
