package cancel_test

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// delegate has Carol let Dave cancel her meetings for a given time from now.
func delegate(t *testing.T, h *steptest.Fixture, lasts time.Duration) cancellation.Delegation {
	t.Helper()
	d := cancellation.Delegation{
		ID: cancellation.NewID(), Giver: steptest.Carol, Receiver: steptest.Dave,
		GivenAt: time.Now().Add(-time.Hour), Until: time.Now().Add(lasts),
	}
	do(t, h, func(tx *store.Tx) error { _, err := tx.Delegations.Give(h.Context(), d); return err })
	return d
}

// end has a delegation end early.
func end(t *testing.T, h *steptest.Fixture, d cancellation.Delegation) {
	t.Helper()
	do(t, h, func(tx *store.Tx) error { return tx.Delegations.End(h.Context(), d.ID) })
}

func do(t *testing.T, h *steptest.Fixture, f func(*store.Tx) error) {
	t.Helper()
	if err := h.Store.Do(h.Context(), f); err != nil {
		t.Fatal(err)
	}
}

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
				d := delegate(t, h, row.until)
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.State, r.ConfirmedBy, r.ConfirmedAt, r.Delegation = cancellation.Confirmed, steptest.Dave, time.Now(), d.ID
				})
				if row.ended > 0 {
					h.Pass(row.ended)
					end(t, h, d)
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

// TestRevokedWhileUnanswered: a delegation is revoked while its call is unanswered. That call may
// still take effect, so that no other may be made says nothing about the meeting yet.
func TestRevokedWhileUnanswered(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		died   bool // the process that made the call
		effect bool // the call takes effect after 20 s
		want   string
	}{
		{"unanswered, and takes effect", false, true, "cancelled"},
		{"unanswered, without effect", false, false, "refused"},
		{"the process died, and it takes effect", true, true, "cancelled"},
		{"the process died, without effect", true, false, "refused"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				d := delegate(t, h, time.Hour)
				end(t, h, d)
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					r.State, r.ConfirmedBy, r.ConfirmedAt, r.Delegation = cancellation.Calling, steptest.Dave, time.Now(), d.ID
					if r.Begin(cancellation.CallEffect, time.Now()); !row.died {
						r.Unanswered = 1
					}
				})
				h.Enqueue(step.SettleStep, id)
				h.Pass(20 * time.Second)
				if row.effect {
					h.Service.Remove(steptest.Number)
				}
				if got := steptest.Outcome(h.Stored(id)); got == "refused" {
					t.Error("after 20 s the request is refused, but its call may still take effect")
				}
				h.Pass(40 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want || len(h.Service.Sent()) > 0 {
					t.Errorf("the request is %s after %q; want %s, and no further call", got, h.Service.Sent(), row.want)
				}
				h.WantIdle()
			})
		})
	}
}
