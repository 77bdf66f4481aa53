package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// TestHome: one job covers all requests to draw until it is done, and a person who has never
// opened their Home needs none.
func TestHome(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		do := func(f func(*store.Tx) error) error { return s.Do(t.Context(), f) }
		want := func(due bool) {
			t.Helper()
			err := do(func(tx *store.Tx) error {
				got, err := tx.Homes.Want(t.Context(), "U1")
				if got != due {
					t.Errorf("Homes.Want(U1) = %t, want %t", got, due)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		open := func(channel string) (due bool) {
			t.Helper()
			if err := do(func(tx *store.Tx) (err error) { due, err = tx.Homes.Open(t.Context(), "U1", "T1", channel); return err }); err != nil {
				t.Fatal(err)
			}
			return due
		}
		want(false) // never opened
		if _, err := s.Homes.Get(t.Context(), "U1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Homes.Get(U1) = %v, want %v", err, store.ErrNotFound)
		}
		if !open("D1") || open("") {
			t.Error("Homes.Open() twice: want a job only for the first")
		}
		h, err := s.Homes.Get(t.Context(), "U1")
		if diff := cmp.Diff(store.Home{Person: "U1", Team: "T1", Channel: "D1", Wanted: 2, Listed: []store.Listed{}}, h); err != nil || diff != "" {
			t.Fatalf("Homes.Get(U1) = %v (-want +got)\n%s", err, diff)
		}
		want(false)
		drawn := func(n int64) error {
			return do(func(tx *store.Tx) error { return tx.Homes.Drawn(t.Context(), "U1", n) })
		}
		if err := drawn(2); !errors.Is(err, store.ErrConflict) {
			t.Errorf("Homes.Drawn(2) after a third request = %v, want %v", err, store.ErrConflict)
		}
		if err := drawn(3); err != nil {
			t.Errorf("Homes.Drawn(3) = %v", err)
		}
		want(true)
		listed := []store.Listed{{ID: "a", Meeting: "914087436"}}
		if err := do(func(tx *store.Tx) error { return tx.Homes.List(t.Context(), "U1", listed) }); err != nil {
			t.Fatal(err)
		}
		if h, err = s.Homes.Get(t.Context(), "U1"); err != nil || !cmp.Equal(h.Listed, listed) {
			t.Errorf("Homes.Get(U1) = %+v, %v, want %v listed", h, err, listed)
		}
	})
}

// TestWaitingAndCancelledOf: they return what a person's Home shows.
func TestWaitingAndCancelledOf(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		now := time.Now()
		for i, row := range []struct {
			id  cancellation.ID
			set func(*cancellation.Request)
		}{
			{"open", nil},
			{"later", func(r *cancellation.Request) { r.ExpiresAt = now.Add(2 * time.Hour) }},
			{"put to U1", func(r *cancellation.Request) { r.For, r.ExpiresAt = "U1", now.Add(20*time.Minute) }},
			{"put to U2", func(r *cancellation.Request) { r.For, r.ExpiresAt = "U2", now.Add(20*time.Hour) }},
			{"being shown", func(r *cancellation.Request) { r.ExpiresAt, r.Effects = now.Add(30*time.Minute), nil }},
			{"expired", func(r *cancellation.Request) { r.ExpiresAt = now.Add(-time.Second) }},
			{"cancelled", func(r *cancellation.Request) { _ = r.Finish(cancellation.Cancelled, "", now.Add(-time.Hour)) }},
			{"ended", func(r *cancellation.Request) { _ = r.Finish(cancellation.Ended, "", now) }},
			{"gone", func(r *cancellation.Request) { _ = r.Finish(cancellation.Gone, "", now) }},
			{"long ago", func(r *cancellation.Request) { _ = r.Finish(cancellation.Cancelled, "", now.AddDate(0, -2, 0)) }},
			{"another's", func(r *cancellation.Request) {
				r.Owner.User = "U2"
				_ = r.Finish(cancellation.Cancelled, "", now)
			}},
		} {
			r := asking(row.id, "C1", string(rune('a'+i)))
			r.Owner.User = "U1"
			r.EndEffect(cancellation.CardEffect, now, "C1/1.1", "message")
			if row.set != nil {
				row.set(&r)
			}
			if _, err := insert(t, s, r); err != nil {
				t.Fatal(err)
			}
		}
		ids := func(all []cancellation.Request, err error) (ids []cancellation.ID) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range all {
				ids = append(ids, r.ID)
			}
			return ids
		}
		if diff := cmp.Diff([]cancellation.ID{"put to U1", "later", "open", "being shown"}, ids(s.Requests.Waiting(t.Context(), "U1", 10))); diff != "" {
			t.Errorf("Requests.Waiting() (-want +got)\n%s", diff)
		}
		got := ids(s.Requests.CancelledOf(t.Context(), "U1", now.AddDate(0, -1, 0), 10))
		if diff := cmp.Diff([]cancellation.ID{"ended", "cancelled"}, got); diff != "" {
			t.Errorf("Requests.CancelledOf(U1) (-want +got)\n%s", diff)
		}
	})
}
