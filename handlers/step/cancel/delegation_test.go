package cancel_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestDelegationStillHolds: a delegate's confirmation isn't carried out once the delegation
// is revoked. If it has merely expired it counts, because the click was in time.
func TestDelegationStillHolds(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		until time.Duration // from the confirmation
		ended time.Duration // since the confirmation; zero: it doesn't end
		want  string
		sent  int
	}{
		{"in force", time.Hour, 0, "cancelled", 1},
		{"revoked", time.Hour, 2 * time.Second, "refused", 0},
		{"expired", 2 * time.Second, 0, "cancelled", 1},
		{"expired, and recorded as ended", 2 * time.Second, 3 * time.Second, "cancelled", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
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
