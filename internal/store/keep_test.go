package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestBlank: what is over for long enough says nothing of people any more, in
// portions, and the chain is whole.
func TestBlank(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
		s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		write := func(id cancellation.ID, closed bool) {
			t.Helper()
			r := asking(id, "C1", string(id))
			r.Asker, r.Reason, r.CreatedAt, r.Meeting.Subject = "U0SECRET", "SECRET", now, "SECRET"
			if closed {
				r.State, r.ClosedAt = cancellation.Declined, now
				r.EndEffect(cancellation.CardEffect, now, "C1/1.1", "message")
			}
			err := s.Do(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Requests.Insert(t.Context(), r)
				return errors.Join(err, tx.Audit(t.Context(), store.Line(r, store.EventRequested, r.Asker, map[string]string{"reason": r.Reason, "channel": "C1"})))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 7 {
			write(cancellation.ID(fmt.Sprint("over", i)), true)
		}
		write("open", false)
		err = s.Do(t.Context(), func(tx *store.Tx) error { // of a request that was purged
			return tx.Audit(t.Context(), store.AuditRow{Request: "gone", Event: store.EventRefused, Actor: "U0SECRET"})
		})
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(48 * time.Hour)
		write("lately", true)
		for _, want := range []int{6, 6, 3, 0} { // 3 requests and 3 rows, twice; the last one, its row and that of the purged one
			n, err := s.Blank(t.Context(), now.Add(-24*time.Hour), 3)
			if err != nil || n != want {
				t.Errorf("Blank() = %d, %v, want %d", n, err, want)
			}
		}
		blanked, events := 0, 0
		for _, r := range chain(t, s) {
			switch {
			case r.Event == store.EventBlanked:
				events++
			case r.Request == "open" || r.Request == "lately":
				if r.Blanked() || r.Actor != "U0SECRET" || r.Detail["reason"] != "SECRET" {
					t.Errorf("row of %s = %+v, want it untouched", r.Request, r)
				}
			default:
				blanked++
				if !r.Blanked() || r.Actor != "" || r.Detail["reason"] != "" || r.Request != "gone" && r.Detail["channel"] != "C1" {
					t.Errorf("row of %s = %+v, want nothing of people in it, and the channel", r.Request, r)
				}
			}
		}
		if blanked != 8 || events != 3 {
			t.Errorf("%d rows blanked, told by %d rows, want 8 and 3", blanked, events)
		}
		r, err := s.Requests.Get(t.Context(), "over0")
		if err != nil || r.Asker != "" || r.Reason != "" || r.Meeting.Subject != "" || r.Meeting.ID != "over0" {
			t.Errorf("Requests.Get() = %+v, %v, want nothing of people in it", r.Request, err)
		}
		history, err := s.Requests.History(t.Context(), store.HistoryFilter{}, 20)
		if err != nil || len(history) != 8 {
			t.Errorf("Requests.History() has %d, %v, want what was blanked, too", len(history), err)
		}
		if r, err := s.Requests.Get(t.Context(), "open"); err != nil || r.Asker != "U0SECRET" {
			t.Errorf("Requests.Get(open) = %+v, %v, want it untouched, however old", r.Request, err)
		}
		var left int
		secrets := `SELECT count(*) FROM request WHERE (body LIKE '%SECRET%' OR asker LIKE '%SECRET%') AND id LIKE 'over%'`
		if err := s.DB().QueryRowContext(t.Context(), secrets).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d requests still say it (%v)", left, err)
		}
	})
}
