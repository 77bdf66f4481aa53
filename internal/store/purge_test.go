package store_test

import (
	"errors"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestPurge: what is no longer needed is deleted in batches; its audit rows stay.
func TestPurge(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		old, before := s.Now().Add(-48*time.Hour), s.Now().Add(-24*time.Hour)
		addExpired := func(id cancellation.ID, closed time.Time, hadCard bool) {
			t.Helper()
			r := asking(id, "C1", string(id))
			r.State, r.ClosedAt = cancellation.Expired, closed
			if hadCard {
				r.EndEffect(cancellation.CardEffect, closed, "C1/1.1", "message")
			}
			err := s.Do(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Requests.Insert(t.Context(), r)
				return errors.Join(err, tx.Audit(t.Context(), store.RequestRow(r, store.EventRequested, "U1", nil)))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		addExpired("refused", old, false)
		addExpired("refused lately", s.Now(), false)
		addExpired("had a card", old, true)
		addExpired("has a job", old, false)
		if _, err := s.DB().ExecContext(t.Context(), `INSERT INTO job (id, step, subject, due_at, fence, tries, leased, created_at)
			VALUES (1, 'report', 'has a job', 0, 0, 0, 0, 0)`); err != nil {
			t.Fatal(err)
		}
		if _, err := insert(t, s, asking("is open", "C1", "1")); err != nil {
			t.Fatal(err)
		}
		// More than two batches.
		_, err := s.DB().ExecContext(t.Context(), `INSERT INTO envelope (id, kind, person, received_at, handled_at, body)
			SELECT 'e' || n, 'command', 'U1', CAST($1 AS BIGINT), CAST($1 AS BIGINT), ''
			FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1200) SELECT n FROM c) AS many`, old.UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(
			receive(t, s, store.Envelope{ID: "not handled", At: old}), receive(t, s, store.Envelope{ID: "lately"}),
			s.Do(t.Context(), func(tx *store.Tx) error { return tx.Envelopes.Handled(t.Context(), "lately") }),
		)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Purge(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[cancellation.ID]bool{
			"refused": false, "refused lately": true, "had a card": true, "has a job": true, "is open": true,
		} {
			if _, err := s.Requests.Get(t.Context(), id); (err == nil) != want {
				t.Errorf("Requests.Get(%s) after Purge() = %v, want it kept: %t", id, err, want)
			}
		}
		var n int
		if err := s.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM envelope`).Scan(&n); err != nil || n != 2 {
			t.Errorf("%d envelopes left (%v), want the unhandled one and today's", n, err)
		}
		if got := events(t, s); len(got) != 4 {
			t.Errorf("Trail.Read() after Purge() = %q, want all of it", got)
		}
	})
}
